import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { relative, sep } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { walk } from '../../../src/node/walk.ts';
import { GitWorkTree, noGit } from '../../support/git-work-tree.ts';
import { Workspace } from '../../support/workspace.ts';

const windows = process.platform === 'win32';
const mac = process.platform === 'darwin';
const root = process.getuid?.() === 0;
const hundredMegabytes = 100 * 1024 * 1024;

const made: Workspace[] = [];
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

function folder(...paths: readonly string[]): Workspace {
  const workspace = new Workspace();
  made.push(workspace);
  for (const path of paths) workspace.write(path, '');
  return workspace;
}

function repository(...init: readonly string[]): GitWorkTree {
  const repo = new GitWorkTree(...init);
  made.push(repo);
  return repo;
}

/** What is found below a path: paths from the workspace's root, with a colon and the problem where there is one. */
function found(workspace: Workspace, start = '.', isLeftOut?: (path: string) => boolean): string[] {
  const all = [...walk(workspace.path(start), undefined, isLeftOut)];
  return all.map(({ path, problem }) => {
    const below = relative(workspace.root, path).split(sep).join('/');
    return problem === undefined ? below : `${below}: ${problem}`;
  });
}

describe('what git ignores is passed over', () => {
  it('outside of a repository too', () => {
    const tree = folder('a.yaml', 'b.yaml', 'c/b.yaml', 'c/d.yaml', 'c/e/b.yaml');
    tree.write('.gitignore', 'b.yaml\n');
    tree.write('c/.gitignore', '!/b.yaml\nd.yaml\n');
    expect(found(tree)).toEqual(['a.yaml', 'c/b.yaml']);
  });

  describe.skipIf(noGit)('in a repository', () => {
    it('from its root on, wherever the walk begins', () => {
      const repo = repository();
      repo.write('.gitignore', 'b.yaml\n/x/y/c.yaml\n');
      repo.write('x/.gitignore', 'd.yaml\n');
      repo.write('.git/info/exclude', 'e.yaml\n');
      for (const name of 'abcde') repo.write(`x/y/${name}.yaml`, '');
      expect(found(repo, 'x/y')).toEqual(['x/y/a.yaml']);
      expect(found(repo)).toEqual(['x/y/a.yaml']);
    });

    it('but not what was named, nor what is in it', () => {
      const repo = repository();
      repo.write('.gitignore', 'dist/\nb.yaml\n');
      repo.write('dist/a.yaml', '');
      repo.write('dist/b.yaml', '');
      expect(found(repo)).toEqual([]);
      expect(found(repo, 'dist')).toEqual(['dist/a.yaml']);
      expect(found(repo, 'dist/b.yaml')).toEqual(['dist/b.yaml']);
    });

    it('but nothing that it tracks', () => {
      const repo = repository();
      repo.write('.gitignore', '*.yaml\ndist/\n');
      for (const path of ['a.yaml', 'b.yaml', 'dist/c/d.json', 'dist/c/e.json', 'dist/f/g.json', 'ä/é.yaml'])
        repo.write(path, '');
      repo.git('add', '-f', 'b.yaml', 'dist/c/e.json', 'ä/é.yaml');
      expect(found(repo)).toEqual(['b.yaml', 'dist/c/e.json', 'ä/é.yaml']);
      expect(found(repo, 'dist')).toEqual(['dist/c/d.json', 'dist/c/e.json', 'dist/f/g.json']);
      rmSync(repo.path('b.yaml'));
      expect(found(repo)).not.toContain('b.yaml');
    });

    it('nothing changes where a folder below is no repository but looks like one', () => {
      const repo = repository();
      repo.write('.gitignore', 'a.yaml\n');
      repo.write('x/a.yaml', '');
      repo.folder('x/.git');
      repo.write('y/a.yaml', '');
      repo.write('y/.git', 'gitdir: elsewhere\n');
      expect(found(repo)).toEqual([]);
    });

    it('with its own rules in a repository within it, ignored or not', () => {
      const inner = repository();
      inner.write('.gitignore', 'b.yaml\n');
      for (const path of ['a.yaml', 'b.yaml', 'c.yaml']) inner.write(path, '');
      inner.git('add', '-f', 'b.yaml', '.gitignore');
      inner.git('commit', '-qm', 'a');
      const outer = repository();
      outer.write('.gitignore', 'a.yaml\nignored\n');
      renameSync(inner.root, outer.path('clone'));
      expect(found(outer)).toEqual(['clone/a.yaml', 'clone/b.yaml', 'clone/c.yaml']);
      outer.git('submodule', '--quiet', 'add', '-f', outer.path('clone'), 'ignored');
      expect(outer.text('ignored/.git')).toMatch(/^gitdir: /);
      rmSync(outer.path('clone'), { recursive: true });
      outer.write('ignored/b.yaml', '');
      outer.write('ignored/d.yaml', '');
      expect(found(outer)).toEqual(['ignored/b.yaml', 'ignored/d.yaml']);
    });

    it('in a linked work tree, by what that tracks and the shared exclude file', () => {
      const repo = repository();
      repo.write('.gitignore', 'b.yaml\n');
      repo.write('.git/info/exclude', 'c.yaml\n');
      repo.git('add', '.');
      repo.git('commit', '-qm', 'a');
      repo.git('worktree', 'add', '--quiet', repo.path('.git/linked'));
      for (const path of ['a.yaml', 'b.yaml', 'c.yaml', 'd/b.yaml']) repo.write(`.git/linked/${path}`, '');
      repo.gitIn('.git/linked', 'add', '-f', 'd/b.yaml');
      expect(found(repo, '.git/linked')).toEqual(['.git/linked/a.yaml', '.git/linked/d/b.yaml']);
    });
  });
});

describe.skipIf(noGit)('the index is read', () => {
  const long = `${'very-long-name-'.repeat(14)}.yaml`;
  const tracked = ['a.yaml', 'b/c.yaml', `b/${long}`, 'b/d/e.json', 'b/ä.yaml'];

  function withIndex(repo: GitWorkTree): GitWorkTree {
    repo.write('.gitignore', '*\n');
    for (const path of [...tracked, 'b/untracked.yaml', 'f/untracked.yaml']) repo.write(path, '');
    repo.git('add', '-f', ...tracked);
    return repo;
  }

  it.each(['2', '4'])('in version %s', (version) => {
    const repo = withIndex(repository());
    repo.git('update-index', `--index-version=${version}`);
    expect(repo.bytes('.git/index')[7]).toBe(Number(version));
    expect(found(repo)).toEqual(tracked.toSorted());
  });

  it('in version 3', () => {
    const repo = withIndex(repository());
    repo.git('rm', '--quiet', '--cached', 'b/c.yaml');
    repo.git('add', '-f', '--intent-to-add', 'b/c.yaml');
    expect(repo.bytes('.git/index')[7]).toBe(3);
    expect(found(repo)).toEqual(tracked.toSorted());
  });

  it('with SHA-256', () => {
    expect(found(withIndex(repository('--object-format=sha256')))).toEqual(tracked.toSorted());
  });

  it('when it is split', () => {
    const repo = withIndex(repository());
    repo.git('update-index', '--split-index');
    repo.write('b/later.yaml', '');
    repo.write('a.yaml', 'changed');
    repo.git('add', '-f', 'b/later.yaml', 'a.yaml');
    expect(found(repo)).toEqual([...tracked, 'b/later.yaml'].sort());
  });

  it('in a conflict', () => {
    const repo = withIndex(repository());
    const object = repo.git('hash-object', '-w', 'a.yaml').trim();
    repo.git('update-index', '--force-remove', 'a.yaml');
    const stages = [1, 2, 3].map((stage) => `100644 ${object} ${stage}\ta.yaml\n`).join('');
    execFileSync('git', ['update-index', '--index-info'], { cwd: repo.root, input: stages });
    expect(found(repo)).toEqual(tracked.toSorted());
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, 100)],
    ['of another version', (bytes: Uint8Array) => bytes.with(7, 9)],
    ['of zeros', (bytes: Uint8Array) => bytes.fill(0)],
    ['of too many entries', (bytes: Uint8Array) => bytes.fill(0xff, 8, 12)],
    ['whose paths are longer than they should be', (bytes: Uint8Array) => bytes.with(73, 99)],
  ])('and one %s is a problem; the rest is walked', (_, damage) => {
    const repo = withIndex(repository());
    repo.write('.gitignore', 'b\n');
    repo.write('.git/index', damage(repo.bytes('.git/index')));
    expect(found(repo)).toEqual([
      'a.yaml',
      expect.stringMatching(
        /^\.git\/index: this is no index that Purser can read, so what \.gitignore names/,
      ),
      'f/untracked.yaml',
    ]);
  });

  it('and one whose every byte may be wrong is read to an end', () => {
    const repo = withIndex(repository());
    repo.git('update-index', '--index-version=4');
    const bytes = repo.bytes('.git/index');
    for (let at = 0; at < bytes.length; at += 3) {
      repo.write('.git/index', bytes.with(at, (bytes[at] ?? 0) ^ 0xff));
      expect(() => found(repo)).not.toThrow();
    }
  });
});

describe('a .gitignore that cannot be followed', () => {
  const cases: readonly (readonly [string, boolean, (tree: Workspace) => void, string | undefined])[] = [
    ['is a folder', false, (tree) => tree.folder('.gitignore'), undefined],
    [
      'is a named pipe',
      windows,
      (tree) => execFileSync('mkfifo', [tree.path('.gitignore')]),
      'not a regular file',
    ],
    [
      'has 100 MB',
      false,
      (tree) => truncateSync(tree.write('.gitignore', ''), hundredMegabytes),
      'it is too large (100.0 MB; the limit is 1.0 MB)',
    ],
    [
      'may not be read',
      windows || root,
      (tree) => chmodSync(tree.write('.gitignore', 'a.yaml'), 0),
      'permission denied',
    ],
    [
      'is a link',
      windows,
      (tree) => symlinkSync(tree.write('x', 'a.yaml\n'), tree.path('.gitignore')),
      'it is a symbolic link, which git does not follow',
    ],
  ];
  for (const [title, skip, prepare, problem] of cases) {
    it.skipIf(skip)(`because it ${title} hides nothing`, () => {
      const tree = folder('a.yaml');
      prepare(tree);
      const problems = problem === undefined ? [] : [expect.stringContaining(problem)];
      expect(found(tree)).toEqual([...problems, 'a.yaml']);
    });
  }

  it.each([
    ['*a*a*a*a*a*b', 'a'.repeat(200)],
    ['*[a]*[a]*[a]*[a]*[a]*[a]*b', 'a'.repeat(200)],
    ['*a?*a?*a?*a?*a?*a?*a?b', 'a'.repeat(200)],
    ['x/**/a/**/a/**/a/**/a/**/a/**/a/**/b', `x/${'a/'.repeat(400)}c`],
    ['**/*a*/**/*a*/**/*a*/**/*a*/**/b', `${'aaaa/'.repeat(200)}c`],
    [`${'**/'.repeat(20_000)}b`, `${'a/'.repeat(400)}c`],
    [`${'*'.repeat(50_000)}b`, 'a'.repeat(200)],
    [`[${'a-'.repeat(50_000)}`, 'a'],
    ['*\n'.repeat(100_000).concat('!*\n'.repeat(100_000)), 'a'],
  ])('because it is hostile ends all the same: %.40j', (pattern, path) => {
    const tree = folder(`${path}.yaml`);
    tree.write('.gitignore', pattern);
    expect(found(tree)).toEqual([`${path}.yaml`]);
  });
});

describe('whatever is in the tree', () => {
  it('names with line breaks, dashes and odd characters are found as they are', () => {
    const names = [
      '-rf.yaml',
      'ä😀.yaml',
      ' .yaml',
      '.yaml',
      '$(x).yaml',
      ...(windows ? [] : ['a\nb.yaml', '"*\\.yaml']),
    ];
    expect(found(folder(...names))).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it.skipIf(windows || mac)('names that are no UTF-8 are problems', () => {
    const tree = folder('b.yaml', 'really-\ufffd.yaml');
    for (const name of ['a\xff.yaml', 'a\xff.txt']) writeFileSync(bytePath(tree, name), '');
    mkdirSync(bytePath(tree, 'c\xff'));
    expect(found(tree)).toEqual([
      'a\ufffd.yaml: its name is not valid UTF-8, so it is not looked into; rename it',
      'b.yaml',
      'c\ufffd: its name is not valid UTF-8, so it is not looked into; rename it',
      'really-\ufffd.yaml',
    ]);
  });

  it.skipIf(windows)('links are not followed: no circle, nothing outside', () => {
    const outside = folder('secret.yaml');
    const tree = folder('a/b.yaml');
    symlinkSync('.', tree.path('here.yaml'));
    symlinkSync('..', tree.path('a/up'));
    symlinkSync('circle', tree.path('circle'));
    symlinkSync(outside.root, tree.path('out'));
    symlinkSync('a/b.yaml', tree.path('inside.yaml'));
    symlinkSync('ann@host.4711:1', tree.path('.#lock.yaml'));
    expect(found(tree)).toEqual(['a/b.yaml']);
    expect(found(tree, 'out')).toEqual(['out/secret.yaml']);
    expect(found(tree, 'circle')).toEqual(['circle: there is no such file']);
  });

  const leadsOut =
    'this symbolic link leads out of the repository, so it is not looked into; scan what it leads to where that stands';

  it.skipIf(windows)(
    'links out of the tree and in a circle are problems where a file would be looked into',
    () => {
      const outside = folder('secret.yaml');
      const tree = folder('a.yaml');
      tree.write('.gitignore', 'ignored.yaml\n');
      for (const name of ['out.yaml', 'out.txt', 'ignored.yaml', 'left-out.yaml'])
        symlinkSync(outside.path('secret.yaml'), tree.path(name));
      symlinkSync(outside.root, tree.path('out.kubeconfig'));
      symlinkSync('circle.yaml', tree.path('circle.yaml'));
      expect(found(tree, '.', (path) => path.endsWith('left-out.yaml'))).toEqual([
        'a.yaml',
        'circle.yaml: it cannot be read: its symbolic links go in a circle; check the path and its permissions',
        `out.kubeconfig: ${leadsOut}`,
        `out.yaml: ${leadsOut}`,
      ]);
    },
  );

  it.skipIf(windows)('a link to another folder of the repository is none, wherever the walk begins', () => {
    const tree = folder('.git/HEAD', 'a/b.yaml', 'c/d.yaml');
    symlinkSync('../a/b.yaml', tree.path('c/e.yaml'));
    expect(found(tree, 'c')).toEqual(['c/d.yaml']);
    symlinkSync(folder('x.yaml').path('x.yaml'), tree.path('c/f.yaml'));
    expect(found(tree, 'c')).toEqual(['c/d.yaml', `c/f.yaml: ${leadsOut}`]);
  });

  it.skipIf(windows)(
    'named pipes and sockets are problems, and folders called .yaml are no files',
    async () => {
      const tree = folder('a.yaml', 'folder.yaml/b.yaml');
      execFileSync('mkfifo', [tree.path('pipe.yaml')]);
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(tree.path('socket.yaml'), resolve);
      });
      const problem = 'it is not a regular file, so it is not looked into; take it out of the repository';
      expect(found(tree)).toEqual([
        'a.yaml',
        'folder.yaml/b.yaml',
        `pipe.yaml: ${problem}`,
        `socket.yaml: ${problem}`,
      ]);
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  );

  it.skipIf(windows || root)('folders without permission are problems', () => {
    const tree = folder('a/b.yaml', 'c.yaml');
    chmodSync(tree.path('a'), 0);
    expect(found(tree)).toEqual([
      'a: it cannot be read: permission denied; check the path and its permissions',
      'c.yaml',
    ]);
    chmodSync(tree.path('a'), 0o700);
  });

  it('a folder that goes away meanwhile is a problem', () => {
    const tree = folder('a.yaml', 'b/c.yaml', 'd.yaml');
    const seen: string[] = [];
    for (const { path, problem } of walk(tree.root)) {
      seen.push(`${relative(tree.root, path)}: ${problem ?? 'found'}`);
      rmSync(tree.path('b'), { recursive: true, force: true });
    }
    expect(seen).toEqual([
      'a.yaml: found',
      'b: it cannot be read: there is no such file; check the path and its permissions',
      'd.yaml: found',
    ]);
  });

  it('50,000 files in one folder are found', () => {
    const tree = folder();
    for (let i = 0; i < 50_000; i++) writeFileSync(tree.path(`${i}.yaml`), '');
    expect(found(tree)).toHaveLength(50_000);
  });

  it.skipIf(windows)('folders nested beyond the longest path are problems', () => {
    const tree = folder('z.yaml');
    const name = 'x'.repeat(200);
    // Only step by step, in a process of its own, can they be made.
    const nest = `for (let i = 0; i < 30; i++) {
      fs.mkdirSync('${name}'); process.chdir('${name}'); fs.writeFileSync('y.yaml', '');
    }`;
    execFileSync(process.execPath, ['-e', nest], { cwd: tree.root });
    const all = found(tree);
    execFileSync('rm', ['-rf', name], { cwd: tree.root });
    expect(all.at(-1)).toBe('z.yaml');
    expect(all.filter((one) => one.includes(': '))).toEqual([expect.stringContaining('it cannot be read')]);
    expect(all.length).toBeGreaterThan(3);
  });

  it('what is left out is not entered, tracked or not', () => {
    const tree = folder('a.yaml', 'b/c.yaml', 'b/d/e.yaml', 'f/a.yaml');
    const asked: string[] = [];
    const isLeftOut = (path: string) => {
      asked.push(relative(tree.root, path));
      return path.endsWith('a.yaml') || path.endsWith('b');
    };
    expect(found(tree, '.', isLeftOut)).toEqual([]);
    expect(asked.map((path) => path.split(sep).join('/'))).toEqual(['a.yaml', 'b', 'f', 'f/a.yaml']);
  });
});

/** A path whose name has bytes that are no UTF-8. */
function bytePath(tree: Workspace, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${tree.root}/`), Buffer.from(name, 'latin1')]);
}
