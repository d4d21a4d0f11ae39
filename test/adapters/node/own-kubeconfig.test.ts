import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import { Failure } from '../../../src/core/errors.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { NodeOwnKubeconfig } from '../../../src/node/own-kubeconfig.ts';
import { Workspace } from '../../support/workspace.ts';

let home: Workspace;
let env: NodeJS.ProcessEnv;
const own = () =>
  new NodeOwnKubeconfig(
    new NodeFiles(),
    () => env,
    () => home.root,
  );

beforeEach(() => {
  home = new Workspace();
  env = {};
});
afterEach(() => home.remove());

async function sentence(): Promise<string> {
  try {
    await own().read();
  } catch (error) {
    if (error instanceof Failure) return sentenceOf(error);
  }
  throw new Error('it did not fail');
}

it('is ~/.kube/config where nothing else is said', async () => {
  expect([await own().exists(), await own().read()]).toEqual([false, undefined]);
  home.write('.kube/config', 'kind: Config\n');
  expect(await own().exists()).toBe(true);
  const read = await own().read();
  expect(read?.text.exposeText()).toBe('kind: Config\n');
  expect(read).toMatchObject({
    title: '~/.kube/config',
    files: { folder: home.path('.kube'), anywhere: true },
  });
  expect(read?.more).toBeUndefined();
});

it('is every file of KUBECONFIG in order, without those that are missing', async () => {
  home.write('.kube/config', 'not this\n');
  const paths = [
    home.write('b', 'b\n'),
    home.path('missing'),
    '',
    home.write('dir/a', 'a\n'),
    home.path('b'),
  ];
  env = { KUBECONFIG: paths.join(delimiter) };
  const read = await own().read();
  expect([read, ...(read?.more ?? [])].map((one) => one?.text.exposeText())).toEqual(['b\n', 'a\n']);
  expect(read?.more?.map(({ files }) => files?.folder)).toEqual([home.path('dir')]);
  env = { KUBECONFIG: home.path('missing') };
  expect([await own().exists(), await own().read()]).toEqual([false, undefined]);
});

it('says which file cannot be read, and never waits for one that is none', async () => {
  env = { KUBECONFIG: [home.write('a', 'a\n'), home.folder('folder')].join(delimiter) };
  expect(await sentence()).toMatch(/the kubeconfig ~\/folder cannot be read: it is not a regular file/);
  if (process.platform === 'win32') return;
  execFileSync('mkfifo', [home.path('pipe')]);
  env = { KUBECONFIG: home.path('pipe') };
  expect(await sentence()).toContain('~/pipe');
  env = { KUBECONFIG: '/dev/zero' };
  expect(await sentence()).toContain('/dev/zero');
});

it('is not read where it is far too large', async () => {
  env = { KUBECONFIG: home.write('big', Buffer.alloc(17 * 1024 * 1024, 'a')) };
  expect(await sentence()).toContain('far too large');
});

it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'says where permission is missing',
  async () => {
    env = { KUBECONFIG: home.write('mine', 'a\n') };
    chmodSync(home.path('mine'), 0);
    expect(await sentence()).toContain('permission denied');
  },
);

it('is none where KUBECONFIG names the null device, as people do to have none', async () => {
  home.write('.kube/config', 'kind: Config\n');
  env = { KUBECONFIG: devNull };
  expect([await own().exists(), await own().read()]).toEqual([false, undefined]);
});
