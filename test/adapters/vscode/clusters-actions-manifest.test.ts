import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goToManifest } from '../../../src/vscode/clusters/go-to-manifest.ts';
import { findManifests } from '../../../src/vscode/clusters/manifest-search.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { ActingSession, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import {
  answers,
  fakeDocument,
  messages,
  questions,
  registered,
  shownEditors,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';
import { Workspace } from '../../support/workspace.ts';

const apps = kustomization('apps');
let folder: Workspace;
let row: Row;
const services = { clustersView: { rowOf: (given: unknown) => given as Row | undefined } };

beforeEach(() => {
  registered.clear();
  for (const list of [answers, messages, questions, shownEditors]) list.length = 0;
  folder = new Workspace();
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  row = { row: 'flux', cluster: new ListedClusters().set('prod', new ActingSession()), object: apps };
});
afterEach(() => {
  workspace.textDocuments = [];
  workspace.workspaceFolders = [];
  folder.remove();
});

function manifest(namespace: string | undefined, name = 'apps'): string {
  const stated = namespace === undefined ? '' : `  namespace: ${namespace}\n`;
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: ${name}\n${stated}`;
}

const search = () => findManifests(apps.ref, new AbortController().signal);
const found = async () => (await search()).map(({ uri, line }) => `${workspace.asRelativePath(uri)}:${line}`);
const selected = () => {
  const [editor] = shownEditors;
  const { selection } = editor ?? {};
  return `${workspace.asRelativePath(editor?.document.uri as Uri)}:${(selection?.start.line ?? -2) + 1}`;
};

it('opens the one file that states the object, with its name selected', async () => {
  folder.write('clusters/prod/apps.yaml', `# first\n---\n${manifest('flux-system')}`);
  folder.write('clusters/prod/infra.yaml', manifest('flux-system', 'infra'));
  folder.write('tenants/apps.yaml', manifest('tenants'));
  folder.write('README.md', manifest('flux-system'));
  await goToManifest(row, services);
  expect(selected()).toBe('clusters/prod/apps.yaml:6');
  expect(questions).toEqual([]);
});

it('asks which one where there are several', async () => {
  folder.write('a/apps.yaml', manifest('flux-system'));
  folder.write('b/apps.yml', manifest('flux-system'));
  answers.push('b/apps.yml');
  await goToManifest(row, services);
  expect(questions[0]?.message).toBe('a/apps.yaml\nb/apps.yml');
  expect(selected()).toBe('b/apps.yml:4');
});

it('takes one that leaves the namespace open only where none states it', async () => {
  folder.write('base/apps.yaml', manifest(undefined));
  expect(await found()).toEqual(['base/apps.yaml:4']);
  folder.write(
    'prod/apps.json',
    JSON.stringify({ ...apps.ref, metadata: { name: 'apps', namespace: 'flux-system' } }),
  );
  expect(await found()).toEqual(['prod/apps.json:1']);
});

it('reads what is typed and not saved instead of the file', async () => {
  const path = folder.write('apps.yaml', manifest('flux-system'));
  workspace.textDocuments = [fakeDocument(manifest('flux-system', 'renamed'), path)];
  expect(await found()).toEqual([]);
  workspace.textDocuments = [fakeDocument(`\n\n${manifest('flux-system')}`, path)];
  expect(await found()).toEqual(['apps.yaml:6']);
  await goToManifest(row, services);
  expect(selected()).toBe('apps.yaml:6');
});

it('says so where no file states it', async () => {
  folder.write('infra.yaml', manifest('flux-system', 'infra'));
  await goToManifest(row, services);
  expect(messages).toEqual([
    'Kustomization flux-system/apps is written in no file of this workspace under this name: a chart, a generator or a name prefix may have made it.',
  ]);
  expect(shownEditors).toEqual([]);
});

it('does nothing for rows that stand for no object', async () => {
  await goToManifest(undefined, services);
  await goToManifest({ row: 'message', text: 'apps', severity: 'error' }, services);
  expect([...messages, ...shownEditors]).toEqual([]);
});

it('is not stopped by files that are broken, binary, too large, dangling or pipes, and does not read them for ever', async () => {
  folder.write('ok.yaml', manifest('flux-system'));
  folder.write('utf16.yaml', Buffer.from(`\ufeff${manifest('flux-system')}`, 'utf16le'));
  folder.write('broken.yaml', `{{ if }}\n  - [apps: "\n${manifest('flux-system')}`);
  folder.write('binary.yaml', Buffer.from(`apps\0${manifest('flux-system')}`));
  folder.write('large.yaml', `${manifest('flux-system')}${'# apps\n'.repeat(200_000)}`);
  symlinkSync('nowhere', folder.path('dangling.yaml'));
  execFileSync('mkfifo', [folder.path('pipe.yaml')]);
  expect(await found()).toEqual(['broken.yaml:6', 'ok.yaml:4', 'utf16.yaml:4']);
});

it('ends when it is cancelled', async () => {
  folder.write('apps.yaml', manifest('flux-system'));
  const controller = new AbortController();
  const searching = findManifests(apps.ref, controller.signal);
  controller.abort();
  await expect(searching).rejects.toMatchObject({ name: 'AbortError' });
});

it('looks through 10,000 files within seconds', async () => {
  for (let i = 0; i < 10_000; i++)
    folder.write(
      `d${i % 100}/f${i}.yaml`,
      `${manifest('flux-system', i === 5000 ? 'apps' : `app-${i}`)}---\n`.repeat(8),
    );
  const before = process.cpuUsage();
  expect(await found()).toHaveLength(8);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
});
