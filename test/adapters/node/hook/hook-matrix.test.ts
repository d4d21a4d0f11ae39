import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installHook, removeHook } from '../../../../src/node/hook/install-hook.ts';
import { useCli } from '../../../support/cli.ts';
import { type GitOptions, type GitRan, GitRepository } from '../../../support/git.ts';
import { secretYaml } from '../../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';
const clear = secretYaml('main', { password: 'hunter2-canary' });
const harmless = 'kind: ConfigMap\ndata: {}\n';
const refusal =
  /^purser: 1 plaintext secret is staged: .*:7 stringData\.password of Secret db\/main; encrypt it .* or commit with --no-verify$/;
const nothingChecked = /^purser: nothing was checked, so nothing is committed: /;

/** A repository with one commit and the hook installed. */
async function guarded(): Promise<GitRepository> {
  const repo = GitRepository.init(sandbox());
  repo.sandbox.write('first.yaml', harmless);
  repo.commit();
  await install(repo);
  return repo;
}

function install(repo: GitRepository, runtime = process.execPath) {
  const { folder, env, sandbox: box } = repo;
  return installHook({ repository: folder, env, commandLine: box.program, runtime });
}

function remove(repo: GitRepository) {
  return removeHook({ repository: repo.folder, env: repo.env });
}

function commit(repo: GitRepository, args: readonly string[] = [], options?: GitOptions): GitRan {
  return repo.try(['commit', '-q', '-m', 'a commit', ...args], options);
}

function expectRefused(ran: GitRan, why = refusal): void {
  expect(ran.stderr.split('\n')[0]).toMatch(why);
  expect(ran.code).toBe(1);
  expect(`${ran.stdout}${ran.stderr}`).not.toContain('hunter2');
}

function expectCommitted(ran: GitRan): void {
  expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /);
}

/** A PATH with git and a shell, and no node. */
function bare(repo: GitRepository): NodeJS.ProcessEnv {
  const folder = repo.sandbox.folder('.git/bare-path');
  for (const tool of ['git', 'sh', 'bash', 'cksum', 'touch', 'cat']) {
    const found = (process.env['PATH'] ?? '').split(':').find((entry) => readNames(entry).includes(tool));
    if (found !== undefined && !readNames(folder).includes(tool))
      symlinkSync(join(found, tool), join(folder, tool));
  }
  return { PATH: folder };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The copied command line. */
function copy(repo: GitRepository): string {
  const folder = join(repo.env['HOME'] ?? '', '.local/share/purser/hook');
  const [name = ''] = readNames(folder);
  return join(folder, name);
}

describe.skipIf(windows)('the pre-commit hook', () => {
  describe('looks at what is committed', () => {
    it('refuses plaintext that is staged, and takes it encrypted or with --no-verify', async () => {
      const repo = await guarded();
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      repo.sandbox.write('a.yaml', clear.replace('hunter2-canary', 'CHANGEME'));
      repo.git('add', '.');
      expectCommitted(commit(repo));
      repo.sandbox.write('b.yaml', clear);
      repo.git('add', '.');
      expectCommitted(commit(repo, ['--no-verify']));
    });

    it('when only a part is staged: the index counts, whatever the work tree holds', async () => {
      const repo = await guarded();
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      repo.sandbox.write('a.yaml', harmless);
      expectRefused(commit(repo));
      repo.git('add', '.');
      repo.sandbox.write('a.yaml', clear);
      expectCommitted(commit(repo));
    });

    it('when a file is renamed, also without any other change', async () => {
      const repo = await guarded();
      repo.sandbox.write('a.yaml', clear);
      repo.commit();
      repo.git('mv', 'a.yaml', 'b.yaml');
      expectRefused(commit(repo));
    });

    it.each([
      ['commit -a', ['-a']],
      ['commit PATH', ['first.yaml']],
      ['commit --only PATH', ['--only', 'first.yaml']],
      ['commit --include PATH', ['--include', 'first.yaml']],
    ])('of %s, which has an index of its own', async (_, args) => {
      const repo = await guarded();
      repo.sandbox.write('first.yaml', clear);
      expectRefused(commit(repo, args));
      repo.sandbox.write('first.yaml', `${harmless}# changed\n`);
      repo.sandbox.write('other.yaml', clear);
      expectCommitted(commit(repo, args));
    });

    it('of commit PATH, not what else is staged', async () => {
      const repo = await guarded();
      repo.sandbox.write('staged.yaml', clear);
      repo.git('add', '.');
      repo.sandbox.write('first.yaml', `${harmless}# changed\n`);
      expectCommitted(commit(repo, ['first.yaml']));
      expectRefused(commit(repo));
    });

    it('of an amended commit', async () => {
      const repo = await guarded();
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo, ['--amend']));
    });

    it('of a merge with a conflict', async () => {
      const repo = await guarded();
      for (const branch of ['one', 'two']) {
        repo.git('checkout', '-q', '-b', branch, 'main');
        repo.sandbox.write('first.yaml', `${harmless}# ${branch}\n`);
        repo.commit();
      }
      expect(repo.try(['merge', 'one']).code).toBe(1);
      repo.sandbox.write('first.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      repo.sandbox.write('first.yaml', harmless);
      repo.git('add', '.');
      expectCommitted(commit(repo));
    });

    it('of the first commit of all, and on a detached HEAD', async () => {
      const repo = GitRepository.init(sandbox());
      await install(repo);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      repo.git('rm', '-q', '-f', 'a.yaml');
      expectCommitted(commit(repo, ['--allow-empty']));
      repo.git('checkout', '-q', '--detach');
      repo.sandbox.write('b.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
    });

    it.each([
      ' a b.yaml',
      `"it's".yaml`,
      'new\nline.yaml',
      '-n.yaml',
      '$(touch marker).yaml',
      'caf\xe9.yaml',
    ])('whatever a file is called: %j', async (name) => {
      const repo = await guarded();
      const path = Buffer.concat([Buffer.from(`${repo.folder}/`), Buffer.from(name, 'latin1')]);
      writeFileSync(path, clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      expect(repo.sandbox.exists('marker')).toBe(false);
    });

    it('in a linked work tree, installed from either side', async () => {
      const repo = await guarded();
      repo.git('worktree', 'add', '-q', '-b', 'other', 'tree');
      const tree = repo.at(repo.sandbox.path('tree'));
      repo.sandbox.write('tree/a.yaml', clear);
      tree.git('add', '.');
      expectRefused(commit(tree));
      await remove(tree);
      expectCommitted(commit(tree));
      await install(tree);
      repo.sandbox.write('b.yaml', clear);
      repo.git('add', 'b.yaml');
      expectRefused(commit(repo));
    });

    it('in a submodule, and not in what is around it', async () => {
      const repo = GitRepository.init(sandbox());
      repo.commit();
      const inner = GitRepository.init(sandbox());
      inner.commit();
      repo.git('submodule', '--quiet', 'add', inner.folder, 'sub');
      const sub = repo.at(repo.sandbox.path('sub'));
      await install(sub);
      repo.sandbox.write('sub/a.yaml', clear);
      sub.git('add', '.');
      expectRefused(commit(sub));
      repo.sandbox.write('b.yaml', clear);
      repo.git('add', '.');
      expectCommitted(commit(repo));
    });

    it('installed and committing from a folder below, in a repository whose path is odd', async () => {
      const repo = GitRepository.init(sandbox());
      const odd = repo.at(repo.sandbox.folder(`it's "a" $(touch marker) folder`));
      odd.git('init', '-q');
      mkdirSync(join(odd.folder, 'below'));
      const below = repo.at(join(odd.folder, 'below'));
      await install(below);
      writeFileSync(join(below.folder, 'a.yaml'), clear);
      below.git('add', '.');
      expectRefused(commit(below));
      expect(readNames(odd.folder).sort()).toEqual(['.git', 'below']);
    });
  });

  describe('with a hook that was there', () => {
    function withHook(text: string, mode = 0o755): GitRepository {
      const repo = GitRepository.init(sandbox());
      repo.commit();
      repo.sandbox.write('.git/hooks/pre-commit', text, mode);
      repo.sandbox.write('a.yaml', harmless);
      repo.git('add', '.');
      return repo;
    }

    it('runs both, and obeys both', async () => {
      const repo = withHook('#!/bin/sh\necho the other hook\n[ ! -f .git/refuse ] || exit 3\n');
      expect(await install(repo)).toMatchObject({ chained: true, shared: false });
      const passed = commit(repo);
      expectCommitted(passed);
      expect(passed.stderr).toContain('the other hook');
      repo.sandbox.write('.git/refuse', '');
      const refused = commit(repo, ['--allow-empty']);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('the other hook');
      repo.sandbox.write('b.yaml', clear);
      repo.git('add', '.');
      const ours = commit(repo);
      expectRefused(ours);
      expect(ours.stderr).not.toContain('the other hook');
    });

    it.each([
      ['a shell script', '#!/bin/sh\necho "I am $0 with $#" >&2\n'],
      ['a bash script', '#!/usr/bin/env bash\nwords=(I am "$0" with $#)\necho "${words[@]}" >&2\n'],
    ])('which is %s and goes by its name', async (_, text) => {
      const repo = withHook(text);
      await install(repo);
      expect(commit(repo).stderr).toContain('I am .git/hooks/pre-commit with 0');
    });

    it('which is no shell script', async () => {
      const repo = withHook(`#!${process.execPath}\nconsole.error("node runs me"); process.exitCode = 5;\n`);
      await install(repo);
      const ran = commit(repo);
      expect(ran.stderr).toContain('node runs me');
      expect(ran.code).toBe(1);
    });

    it('which git would not run, neither does it', async () => {
      const repo = withHook('#!/bin/sh\nexit 1\n', 0o644);
      await install(repo);
      expectCommitted(commit(repo));
    });

    it('looks again where that one stages something', async () => {
      const repo = withHook('#!/bin/sh\ncp .git/secret late.yaml && git add late.yaml\n');
      repo.sandbox.write('.git/secret', clear);
      await install(repo);
      expectRefused(commit(repo));
      expect(repo.try(['log', '--oneline', '--', 'late.yaml']).stdout).toBe('');
    });

    it.each([
      ['a script', '#!/bin/sh\r\nexit 0 # \xff'],
      ['an empty file', ''],
    ])('gives it back byte for byte: %s', async (_, text) => {
      const repo = GitRepository.init(sandbox());
      repo.sandbox.write('.git/hooks/pre-commit', Buffer.from(text, 'latin1'), 0o711);
      const before = repo.sandbox.snapshot();
      await install(repo);
      await install(repo);
      expect(await remove(repo)).toBe(repo.sandbox.path('.git/hooks/pre-commit'));
      expect(repo.sandbox.snapshot()).toEqual(before);
      expect(await remove(repo)).toBeUndefined();
    });

    it('which is a link to a script of the repository', async () => {
      const repo = GitRepository.init(sandbox());
      repo.sandbox.write('tools/hook.sh', '#!/bin/sh\necho linked\n', 0o755);
      repo.sandbox.folder('.git/hooks');
      repo.sandbox.link('../../tools/hook.sh', '.git/hooks/pre-commit');
      const before = repo.sandbox.snapshot();
      await install(repo);
      repo.git('add', '.');
      expect(commit(repo).stderr).toContain('linked');
      await remove(repo);
      expect(repo.sandbox.snapshot().get(repo.sandbox.path('.git/hooks/pre-commit'))).toBe(
        before.get(repo.sandbox.path('.git/hooks/pre-commit')),
      );
    });

    it('loses none where another tool has put a new one over ours', async () => {
      const repo = withHook('#!/bin/sh\n# one\n');
      await install(repo);
      repo.sandbox.write('.git/hooks/pre-commit', '#!/bin/sh\n# two\n');
      const before = repo.sandbox.snapshot();
      await expect(install(repo)).rejects.toMatchObject({ code: 'file.exists' });
      expect(repo.sandbox.snapshot()).toEqual(before);
    });
  });

  describe('with husky', () => {
    /** What husky 9.1 writes (MIT), less its messages. */
    const helper = `#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
export PATH="node_modules/.bin:$PATH"
sh -e "$s" "$@"
c=$?
[ $c != 0 ] && echo "husky - $n script failed (code $c)"
exit $c
`;

    function husky9(): GitRepository {
      const repo = GitRepository.init(sandbox());
      repo.git('config', 'core.hooksPath', '.husky/_');
      repo.sandbox.write('.husky/_/h', helper);
      repo.sandbox.write('.husky/_/.gitignore', '*');
      repo.sandbox.write('.husky/_/pre-commit', '#!/usr/bin/env sh\n. "$(dirname "$0")/h"', 0o755);
      return repo;
    }

    it('9: adds a block to .husky/pre-commit and takes it out again', async () => {
      const repo = husky9();
      repo.sandbox.write('.husky/pre-commit', 'echo lint\n', 0o644);
      const before = repo.sandbox.snapshot();
      expect(await install(repo)).toMatchObject({ shared: true, chained: true });
      await install(repo);
      expect(repo.sandbox.text('.husky/pre-commit').match(/>>> purser/g)).toHaveLength(1);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      repo.sandbox.write('a.yaml', harmless);
      repo.git('add', '.');
      expect(commit(repo).stderr).toContain('lint');
      await remove(repo);
      const after = repo.sandbox.snapshot();
      for (const path of ['.husky/pre-commit', '.husky/_/pre-commit'])
        expect(after.get(repo.sandbox.path(path))).toBe(before.get(repo.sandbox.path(path)));
    });

    it('9: without a pre-commit of its own', async () => {
      const repo = husky9();
      await install(repo);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      await remove(repo);
      expect(repo.sandbox.exists('.husky/pre-commit')).toBe(false);
    });

    it('9: tells other clones what they need, and keeps the node of the workspace out of it', async () => {
      const repo = husky9();
      await install(repo);
      repo.sandbox.write('node_modules/.bin/node', '#!/bin/sh\ntouch marker\n', 0o755);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', 'a.yaml');
      const path = `${repo.sandbox.path('node_modules/.bin')}:${process.env['PATH']}`;
      expectRefused(commit(repo, [], { env: { PATH: path } }));
      expect(repo.sandbox.exists('marker')).toBe(false);
      rmSync(repo.sandbox.path('.git/purser'), { recursive: true });
      expectRefused(commit(repo), /^purser: nothing was checked, .* run purser hook install .*--no-verify$/);
    });

    it('8: after what starts it', async () => {
      const repo = GitRepository.init(sandbox());
      repo.git('config', 'core.hooksPath', '.husky');
      repo.sandbox.write(
        '.husky/_/husky.sh',
        'if [ -z "$husky_skip_init" ]; then\n  readonly husky_skip_init=1\n  export husky_skip_init\n  sh -e "$0" "$@"\n  exit $?\nfi\n',
      );
      const text = '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\necho lint\n';
      repo.sandbox.write('.husky/pre-commit', text, 0o755);
      await install(repo);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      const ran = commit(repo);
      expectRefused(ran);
      expect(ran.stderr.match(/is staged/g)).toHaveLength(1);
      await remove(repo);
      expect(repo.sandbox.text('.husky/pre-commit')).toBe(text);
    });

    it('4: its hook still knows its name', async () => {
      const repo = GitRepository.init(sandbox());
      repo.sandbox.write('.git/hooks/husky.sh', 'echo "husky runs $(basename "$0")"\n');
      repo.sandbox.write(
        '.git/hooks/pre-commit',
        '#!/bin/sh\n# husky\n\n. "$(dirname "$0")/husky.sh"\n',
        0o755,
      );
      await install(repo);
      expect(commit(repo, ['--allow-empty']).stderr).toContain('husky runs pre-commit');
    });
  });

  describe('with the pre-commit framework', () => {
    const generated =
      '#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n# ID: 138fd403232d2ddd5efb44317e38bf03\n\nHERE="$(cd "$(dirname "$0")" && pwd)"\nexec pre-commit hook-impl --hook-dir "$HERE" -- "$@"\n';

    /** Stands for the framework: as `hook-impl` does, it runs the hook called legacy first, then its own. */
    function framework(repo: GitRepository): NodeJS.ProcessEnv {
      const impl =
        '#!/bin/sh\nstatus=0\n"$3/pre-commit.legacy" || status=$?\necho "framework after $status"\nexit $status\n';
      repo.sandbox.write('.git/tools/pre-commit', impl, 0o755);
      return { PATH: `${repo.sandbox.path('.git/tools')}:${process.env['PATH']}` };
    }

    it('is run by it, and stays when it is installed again', async () => {
      const repo = GitRepository.init(sandbox());
      const env = framework(repo);
      repo.sandbox.write('.git/hooks/pre-commit', generated, 0o755);
      const before = repo.sandbox.snapshot();
      await install(repo);
      repo.sandbox.write('.git/hooks/pre-commit', generated, 0o755);
      await install(repo);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo, [], { env }));
      repo.git('rm', '-q', '-f', 'a.yaml');
      expect(commit(repo, ['--allow-empty'], { env }).stderr).toContain('framework after 0');
      await remove(repo);
      for (const [path, content] of before) expect(repo.sandbox.snapshot().get(path)).toBe(content);
      expect(readNames(repo.sandbox.path('.git/hooks'))).not.toContain('pre-commit.legacy');
    });

    it('is run by it when the framework comes later', async () => {
      const repo = await guarded();
      const env = framework(repo);
      const hooks = repo.sandbox.path('.git/hooks');
      renameSync(join(hooks, 'pre-commit'), join(hooks, 'pre-commit.legacy'));
      repo.sandbox.write('.git/hooks/pre-commit', generated, 0o755);
      await install(repo);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo, [], { env }));
      expect(repo.sandbox.text('.git/hooks/pre-commit')).toBe(generated);
    });
  });

  describe('with core.hooksPath', () => {
    it('inside of the repository: a block that every clone understands', async () => {
      const repo = GitRepository.init(sandbox());
      repo.git('config', 'core.hooksPath', '.githooks');
      await install(repo);
      expect(repo.sandbox.text('.githooks/pre-commit')).not.toContain(dirname(repo.sandbox.root));
      repo.sandbox.write('below/a.yaml', clear);
      repo.git('add', 'below');
      expectRefused(commit(repo.at(repo.sandbox.path('below'))));
      await remove(repo);
      expect(repo.sandbox.exists('.githooks/pre-commit')).toBe(false);
    });

    it('outside of it, for this repository alone', async () => {
      const repo = GitRepository.init(sandbox());
      const outside = sandbox();
      repo.git('config', 'core.hooksPath', outside.path('hooks'));
      await install(repo);
      expect(outside.exists('hooks/pre-commit')).toBe(true);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
    });

    it('outside of it and for all repositories: refused, and nothing is written', async () => {
      const repo = GitRepository.init(sandbox());
      const outside = sandbox();
      repo.git('config', '--global', 'core.hooksPath', outside.folder('hooks'));
      const before = repo.sandbox.snapshot();
      await expect(install(repo)).rejects.toMatchObject({ code: 'hook.shared-folder' });
      expect(repo.sandbox.snapshot()).toEqual(before);
      expect(readNames(outside.path('hooks'))).toEqual([]);
    });

    it('set to nothing, so that git runs no hook: refused, and nothing is written', async () => {
      const repo = GitRepository.init(sandbox());
      repo.git('config', 'core.hooksPath', '');
      repo.sandbox.write('pre-commit', '#!/bin/sh\nexit 1\n', 0o755);
      repo.sandbox.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n', 0o755);
      expectCommitted(commit(repo, ['--allow-empty']));
      const before = repo.sandbox.snapshot();
      await expect(install(repo)).rejects.toMatchObject({ code: 'hook.no-folder' });
      expect(repo.sandbox.snapshot()).toEqual(before);
    });

    it('inside of it with a hook that is no shell script: refused, and nothing is written', async () => {
      const repo = GitRepository.init(sandbox());
      repo.git('config', 'core.hooksPath', '.githooks');
      repo.sandbox.write('.githooks/pre-commit', '#!/usr/bin/env python3\n', 0o755);
      const before = repo.sandbox.snapshot();
      await expect(install(repo)).rejects.toMatchObject({ code: 'hook.not-shell' });
      expect(repo.sandbox.snapshot()).toEqual(before);
    });
  });

  describe('runs a copy of the command line', () => {
    it('with the editor that installed it, where there is no node on the PATH', async () => {
      const repo = await guarded();
      // An editor runs as Node only when it is told to.
      const editor = repo.sandbox.write(
        '.git/editor app/code',
        `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] || exit 9\necho used > .git/editor-was-used\nexec ${process.execPath} "$@"\n`,
        0o755,
      );
      await install(repo, editor);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
      expect(repo.sandbox.exists('.git/editor-was-used')).toBe(false);
      expectRefused(commit(repo, [], { env: bare(repo) }));
      expect(repo.sandbox.exists('.git/editor-was-used')).toBe(true);
    });

    it('and refuses every commit where there is neither', async () => {
      const repo = await guarded();
      await install(repo, '/nonexistent/editor');
      const ran = commit(repo, ['--allow-empty'], { env: bare(repo) });
      expectRefused(ran, nothingChecked);
      expectRefused(ran, /no Node 20\.16 or newer on the PATH.*--no-verify$/);
      expectCommitted(commit(repo, ['--allow-empty', '--no-verify'], { env: bare(repo) }));
    });

    it('and passes over a node that is too old', async () => {
      const repo = await guarded();
      const elsewhere = sandbox();
      const old = `const { versions } = process; Object.defineProperty(process, 'versions', { value: { ...versions, node: '18.20.0' } });`;
      elsewhere.write('old.cjs', old);
      elsewhere.write(
        'old/node',
        `#!/bin/sh\nexec ${process.execPath} --require ${elsewhere.path('old.cjs')} "$@"\n`,
        0o755,
      );
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      const PATH = `${elsewhere.path('old')}:${bare(repo)['PATH']}`;
      expectRefused(commit(repo, [], { env: { PATH } }));
      await install(repo, '/nonexistent/editor');
      expectRefused(commit(repo, [], { env: { PATH } }), nothingChecked);
    });

    it('and passes over what only stands for a node', async () => {
      const repo = await guarded();
      const elsewhere = sandbox();
      elsewhere.write('shims/node', '#!/bin/sh\necho no version is set >&2\nexit 126\n', 0o755);
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      const PATH = `${elsewhere.path('shims')}:${process.env['PATH']}`;
      expect(commit(repo, [], { env: { PATH } }).stderr).toMatch(
        /^no version is set\npurser: 1 plaintext secret is staged/,
      );
    });

    it('and nothing that NODE_OPTIONS would load first', async () => {
      const repo = await guarded();
      repo.sandbox.write('evil.cjs', 'process.exit(0);');
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', 'a.yaml');
      expectRefused(commit(repo, [], { env: { NODE_OPTIONS: '--require ./evil.cjs' } }));
    });

    it('which outlives the extension, and a later version replaces', async () => {
      const repo = GitRepository.init(sandbox());
      const extension = sandbox();
      const program = join(extension.root, 'cli.js');
      copyFolder(dirname(repo.sandbox.program), extension.root);
      const options = {
        repository: repo.folder,
        env: repo.env,
        commandLine: program,
        runtime: process.execPath,
      };
      await installHook(options);
      const [first] = readNames(dirname(copy(repo)));
      extension.write('cli.js', `${extension.text('cli.js')}\n// a later version\n`);
      await installHook(options);
      const copies = readNames(dirname(copy(repo)));
      expect(copies).toHaveLength(2);
      rmSync(extension.root, { recursive: true });
      rmSync(join(dirname(copy(repo)), first ?? ''), { recursive: true });
      repo.sandbox.write('a.yaml', clear);
      repo.git('add', '.');
      expectRefused(commit(repo));
    });

    it('and refuses every commit where a file of it was changed or is gone', async () => {
      const repo = await guarded();
      const program = join(copy(repo), 'cli.js');
      writeFileSync(program, 'process.exit(0);\n');
      const changed = commit(repo, ['--allow-empty']);
      expectRefused(changed, nothingChecked);
      expectRefused(changed, /cli\.js is not what was installed; .*purser hook install again$/);
      rmSync(program);
      expectRefused(commit(repo, ['--allow-empty']), /cli\.js is missing; run purser hook install again$/);
      await install(repo);
      expectCommitted(commit(repo, ['--allow-empty']));
    });

    it('and refuses every commit where one of its parts was changed', async () => {
      const repo = await guarded();
      const chunks = join(copy(repo), 'chunks');
      const [chunk = ''] = readNames(chunks);
      writeFileSync(join(chunks, chunk), '');
      expectRefused(commit(repo, ['--allow-empty']), nothingChecked);
    });
  });
});

function copyFolder(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    mkdirSync(to, { recursive: true });
    if (entry.isDirectory()) copyFolder(join(from, entry.name), join(to, entry.name));
    else writeFileSync(join(to, entry.name), readFileSync(join(from, entry.name)));
  }
}

describe('purser hook', () => {
  it('installs and removes from the command line', async () => {
    const repo = GitRepository.init(sandbox());
    const run = (...args: string[]) => repo.sandbox.run(['hook', ...args], { mayWrite: true });
    expect(await run('install')).toMatchObject({ code: 0, stdout: '' });
    repo.sandbox.write('a.yaml', clear);
    repo.git('add', '.');
    expectRefused(commit(repo));
    const removed = await run('remove');
    expect(removed).toMatchObject({ code: 0, stdout: '' });
    expect(removed.stderr).toMatch(/^purser: the hook is gone from .*pre-commit\n$/);
    expect((await run('remove')).stderr).toBe('purser: there was no hook of Purser here\n');
    expectCommitted(commit(repo));
  });

  it.each([[[]], [['update']], [['install', 'x']]])('takes install or remove: %j', async (args) => {
    const ran = await sandbox().run(['hook', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('hook takes install or remove');
  });

  it('needs a repository', async () => {
    const ran = await sandbox().run(['hook', 'install'], { env: { GIT_CEILING_DIRECTORIES: '/' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: this folder is in no work tree of git; /);
  });
});
