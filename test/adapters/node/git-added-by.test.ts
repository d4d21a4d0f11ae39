import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addedBy } from '../../../src/node/git-added-by.ts';
import { Workspace } from '../../support/workspace.ts';

let folder: Workspace;
beforeEach(() => {
  folder = new Workspace();
});
afterEach(() => {
  folder.remove();
});

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.email=a@example.org', '-c', 'user.name=Ann', ...args], {
    cwd: folder.root,
    encoding: 'utf8',
  });

it('names who added a key, also after it was renamed and changed by others', async () => {
  git('init', '-q');
  const first = folder.write('.purser/keys/old.pub.pem', 'a public key\n'.repeat(20));
  expect(await addedBy(first, process.env)).toBeUndefined();
  git('add', '-A');
  git('commit', '-qm', 'one', '--date', '2026-01-02T03:04:05Z');
  git('mv', '.purser/keys/old.pub.pem', '.purser/keys/prod.pub.pem');
  git('-c', 'user.name=Bob', 'commit', '-qm', 'two', '--author', 'Bob <b@example.org>');
  const added = await addedBy(folder.path('.purser/keys/prod.pub.pem'), process.env);
  expect(added).toMatchObject({ name: 'Ann', at: new Date('2026-01-02T03:04:05Z') });
  expect(added).toHaveProperty('commit', expect.stringMatching(/^[0-9a-f]{7,}$/));
  expect(await addedBy(folder.write('.purser/keys/new.pem', 'x'), process.env)).toBe('nobody');
});

it('knows nothing outside of a repository', async () => {
  expect(await addedBy(folder.write('a.pem', 'x'), process.env)).toBeUndefined();
});
