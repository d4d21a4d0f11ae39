import { symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { gitHolds } from '../../../src/node/git-holds.ts';
import { GitWorkTree, noGit } from '../../support/git-work-tree.ts';
import { Workspace } from '../../support/workspace.ts';

const made: Workspace[] = [];
afterEach(() => {
  for (const workspace of made.splice(0)) workspace.remove();
});

function repository(ignore = ''): GitWorkTree {
  const repo = new GitWorkTree();
  made.push(repo);
  if (ignore !== '') repo.write('.gitignore', ignore);
  return repo;
}

/** What git itself says: a file that it lists, as tracked or as one to be added. */
function listed(repo: GitWorkTree, path: string): boolean {
  return repo.git('ls-files', '--cached', '--others', '--exclude-standard', '--', path) !== '';
}

describe.skipIf(noGit)('a key in a repository', () => {
  it.each([
    ['nothing ignored', '', 'a.key'],
    ['a pattern for it', '*.key\n', 'a.key'],
    ['its folder ignored', 'keys/\n', 'keys/deep/a.key'],
    ['a folder above it taken out again, in vain', 'keys/\n!keys/a.key\n', 'keys/a.key'],
    ['a pattern taken back', '*.key\n!a.key\n', 'a.key'],
    ['a pattern from the root', '/keys/*.key\n', 'keys/a.key'],
    ['a pattern for another folder', '/other/*.key\n', 'keys/a.key'],
    ['an odd name', 'k\u00e4y*\n', 'k\u00e4y 1'],
  ])('is held as git says, with %s', (_, ignore, path) => {
    const repo = repository(ignore);
    const file = repo.write(path, 'x');
    expect(gitHolds(file, repo.root)).toBe(listed(repo, path));
    repo.git('add', '--force', '--', path);
    expect(gitHolds(file, repo.root)).toBe(true);
  });

  it('is held or not by the patterns of every folder on the way', () => {
    const repo = repository();
    repo.write('a/.gitignore', '*.key\n');
    repo.write('a/b/.gitignore', '!own.key\n');
    for (const path of ['a/b/own.key', 'a/b/other.key', 'a/own.key', 'own.key'])
      expect(gitHolds(repo.write(path, 'x'), repo.root), path).toBe(listed(repo, path));
  });

  it('is not held in .git, in a nested repository that ignores it, and where there is no repository', () => {
    const repo = repository();
    expect(gitHolds(repo.write('.git/a.key', 'x'), repo.root)).toBe(false);
    repo.git('init', '--quiet', 'inner');
    repo.write('inner/.gitignore', '*.key\n');
    expect(gitHolds(repo.write('inner/a.key', 'x'), repo.root)).toBe(false);
    const none = new Workspace();
    made.push(none);
    expect(gitHolds(none.write('a.key', 'x'), none.root)).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('is found where the root is reached through a link', () => {
    const [repo, other] = [repository(), new Workspace()];
    made.push(other);
    symlinkSync(repo.root, other.path('link'));
    expect(gitHolds(repo.write('a.key', 'x'), other.path('link'))).toBe(true);
  });
});
