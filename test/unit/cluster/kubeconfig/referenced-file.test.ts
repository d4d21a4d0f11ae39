import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReferenced } from '../../../../src/cluster/kubeconfig/referenced-file.ts';
import { canary, type Files, failureOf, folderWith, writeIn } from '../../../support/kubeconfigs.ts';

const read = async (files: Files, path: string) =>
  Buffer.from(await readReferenced({ title: 't', files }, 'client-key', path)).toString();

async function refusal(files: Files, path: string): Promise<string> {
  const failure = await failureOf(read(files, path));
  expect(failure).toMatchObject({ code: 'kubeconfig.file-refused', details: { field: 'client-key' } });
  expect(JSON.stringify(failure.details)).not.toContain(canary);
  return 'reason' in failure.details ? failure.details.reason : '';
}

const outside = 'it is outside of the folder that the kubeconfig belongs to';

describe('a file that a kubeconfig of the workspace names', () => {
  it('is read below its folder, relative to where it stands or absolute', async () => {
    const folder = folderWith({ 'keys/ci.key': 'key', 'access/near.key': 'near' });
    const files = { folder, anywhere: false, base: join(folder, 'access') };
    expect(await read(files, '../keys/ci.key')).toBe('key');
    expect(await read(files, 'near.key')).toBe('near');
    expect(await read({ folder, anywhere: false }, join(folder, 'keys', 'ci.key'))).toBe('key');
  });

  it.each(['../outside.key', '/etc/hostname', 'inside/../../outside.key'])(
    'is refused outside of it: %s',
    async (path) => {
      const root = folderWith({ 'outside.key': canary, 'repo/a': '' });
      expect(await refusal({ folder: join(root, 'repo'), anywhere: false }, path)).toBe(outside);
    },
  );

  it('is refused where a symlink leads out, and read where one leads in', async () => {
    const root = folderWith({ 'outside.key': canary, 'repo/a.key': 'a' });
    const folder = join(root, 'repo');
    symlinkSync(join(root, 'outside.key'), join(folder, 'link.key'));
    symlinkSync(root, join(folder, 'up'));
    symlinkSync(folder, join(root, 'alias'));
    expect(await refusal({ folder, anywhere: false }, 'link.key')).toBe(outside);
    expect(await refusal({ folder, anywhere: false }, 'up/outside.key')).toBe(outside);
    expect(await read({ folder: join(root, 'alias'), anywhere: false }, 'a.key')).toBe('a');
  });

  it('is refused where no files may be named at all', async () => {
    expect(await refusal(undefined, '/etc/hostname')).toBe('a kubeconfig from there may name no files');
  });
});

describe('a file that the own kubeconfig names', () => {
  it('is read wherever it is', async () => {
    const root = folderWith({ 'elsewhere/ci.key': 'key', 'kube/config': '' });
    const files = { folder: join(root, 'kube'), anywhere: true };
    expect(await read(files, '../elsewhere/ci.key')).toBe('key');
    expect(await read(files, join(root, 'elsewhere', 'ci.key'))).toBe('key');
  });

  it('is refused with its reason where it cannot be read', async () => {
    const folder = folderWith({ 'a.key': canary, 'large.key': canary.repeat(70_000) });
    const files = { folder, anywhere: true };
    expect(await refusal(files, 'missing.key')).toBe('there is no such file');
    expect(await refusal(files, 'a.key/b')).toBe('there is no such file');
    expect(await refusal(files, '.')).toBe('it is no regular file');
    expect(await refusal(files, 'large.key')).toBe('it is larger than 1 MB');
  });

  it.skipIf(process.platform === 'win32')('is refused at once where reading it would not end', async () => {
    const folder = folderWith();
    expect(spawnSync('mkfifo', [join(folder, 'pipe')]).status).toBe(0);
    const files = { folder, anywhere: true };
    expect(await refusal(files, 'pipe')).toBe('it is no regular file');
    expect(await refusal(files, '/dev/zero')).toBe('it is no regular file');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is refused where it is locked',
    async () => {
      const folder = folderWith();
      chmodSync(writeIn(folder, 'a.key', canary), 0);
      expect(await refusal({ folder, anywhere: true }, 'a.key')).toBe('you may not read it');
    },
  );
});
