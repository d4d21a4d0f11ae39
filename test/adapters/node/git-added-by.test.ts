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

it('names who put another key in its place, and nobody before that is committed', async () => {
  git('init', '-q');
  const jwk = (n: string) =>
    JSON.stringify({ kty: 'RSA', use: 'enc', alg: 'RSA-OAEP-256', e: 'AQAB', n }, null, 1);
  const name = '.purser/keys/prod.jwk';
  const path = folder.write(name, jwk('one'));
  git('add', '-A');
  git('commit', '-qm', 'one');
  folder.write(name, jwk('two'));
  expect(await addedBy(path, process.env)).toBe('nobody');
  git('-c', 'user.name=Mallory', 'commit', '-qam', 'two');
  expect(await addedBy(path, process.env)).toMatchObject({ name: 'Mallory' });
  folder.write(name, jwk('one').replaceAll('\n', '\r\n'));
  git('-c', 'user.name=Bob', 'commit', '-qam', 'three');
  expect(await addedBy(path, process.env)).toMatchObject({ name: 'Bob' });
});

it('names who renamed a key and changed it at once', async () => {
  git('init', '-q');
  const old = folder.write('.purser/keys/old.pem', 'a public key\n'.repeat(20));
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('mv', '.purser/keys/old.pem', '.purser/keys/[prod].pem');
  expect(await addedBy(old, process.env)).toBe('nobody');
  const path = folder.write('.purser/keys/[prod].pem', `${'a public key\n'.repeat(19)}another\n`);
  git('-c', 'user.name=Mallory', 'commit', '-qam', 'two');
  expect(await addedBy(path, process.env)).toMatchObject({ name: 'Mallory' });
});

it('names who added a key, also after it was renamed by others', async () => {
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
