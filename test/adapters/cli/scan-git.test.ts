import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Ran, type RunOptions, useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';
const clear = secretYaml('main', { password: 'hunter2-canary' });
const harmless = 'kind: ConfigMap\ndata: {}\n';

function repository(): GitRepository {
  const repo = sandbox();
  repo.secret('hunter2-canary');
  return GitRepository.init(repo);
}

async function scan(repo: GitRepository, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return repo.sandbox.run(['scan', ...args], { cwd: repo.folder, ...options });
}

/** The files in which something is found. */
async function found(repo: GitRepository, args: readonly string[], options?: RunOptions): Promise<string[]> {
  const { stdout, stderr } = await scan(repo, [...args, '--format', 'json'], options);
  expect(stderr).toBe('');
  return JSON.parse(stdout).findings.map(({ path }: { path: string }) => path);
}

describe('purser scan --staged', () => {
  it('looks at what is staged, not at the work tree', async () => {
    const repo = repository();
    repo.sandbox.write('staged.yaml', clear);
    repo.sandbox.write('later.yaml', harmless);
    repo.git('add', '.');
    repo.sandbox.write('staged.yaml', harmless);
    repo.sandbox.write('later.yaml', clear);
    repo.sandbox.write('untracked.yaml', clear);
    expect(await found(repo, ['--staged'])).toEqual(['staged.yaml']);
  });

  it('looks at what a commit would add or change, and at nothing else', async () => {
    const repo = repository();
    for (const path of ['old.yaml', 'gone.yaml', 'from.yaml', 'changed.yaml', 'typed.yaml'])
      repo.sandbox.write(path, path === 'changed.yaml' ? harmless : clear);
    repo.sandbox.write('linked.yaml', harmless);
    repo.commit();
    repo.git('rm', '-q', 'gone.yaml');
    repo.git('mv', 'from.yaml', 'to.yaml');
    repo.sandbox.write('changed.yaml', clear);
    repo.git('add', '.');
    expect((await found(repo, ['--staged'])).sort()).toEqual(['changed.yaml', 'to.yaml']);
  });

  it('prints one sentence first that says everything, then the findings', async () => {
    const repo = repository();
    repo.sandbox.write(
      'apps/db.yaml',
      secretYaml('main', { password: 'hunter2-canary', token: 'hunter2-canary' }),
    );
    repo.git('add', '.');
    const ran = await scan(repo, ['--staged']);
    expect(ran.code).toBe(1);
    expect(ran.stderr.split('\n')[0]).toBe(
      'purser: 2 plaintext secrets are staged: apps/db.yaml:7 stringData.password of Secret db/main, apps/db.yaml:8 stringData.token of Secret db/main; encrypt them (Purser: Encrypt Secret, or purser encrypt -i FILE) and stage them again, or commit with --no-verify',
    );
    expect(ran.stdout.trim().split('\n')).toHaveLength(2);
  });

  it('says nothing of the kind where nothing is at error level', async () => {
    const repo = repository();
    repo.sandbox.write('a.yaml', 'kind: Secret\nstringData:\n  source-key: my-secret\n');
    repo.git('add', '.');
    const ran = await scan(repo, ['--staged']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^a\.yaml:3:15: warning [^\n]+\n$/);
  });

  it('names three places and counts the rest', async () => {
    const repo = repository();
    for (const name of ['a', 'b', 'c', 'd', 'e']) repo.sandbox.write(`${name}.yaml`, clear);
    repo.git('add', '.');
    const [first = ''] = (await scan(repo, ['--staged'])).stderr.split('\n');
    expect(first).toMatch(
      /^purser: 5 plaintext secrets are staged: a\.yaml:7 .*, b\.yaml:7 .*, c\.yaml:7 .* and 2 more; encrypt them/,
    );
  });

  it('works from a subfolder, with paths from there', async () => {
    const repo = repository();
    repo.sandbox.write('a.yaml', clear);
    repo.sandbox.write('below/b.yaml', clear);
    repo.git('add', '.');
    const options = { cwd: repo.sandbox.path('below') };
    expect(await found(repo, ['--staged'], options)).toEqual(['../a.yaml', 'b.yaml']);
    expect(await found(repo, ['--staged', '.'], options)).toEqual(['b.yaml']);
  });

  it('takes the paths it is given, and fails for one that is nowhere', async () => {
    const repo = repository();
    for (const path of ['a/x.yaml', 'ab/x.yaml', 'note.txt']) repo.sandbox.write(path, clear);
    repo.git('add', '.');
    expect(await found(repo, ['--staged', 'a'])).toEqual(['a/x.yaml']);
    expect(await found(repo, ['--staged', 'note.txt'])).toEqual(['note.txt']);
    const ran = await scan(repo, ['--staged', 'nope', 'a']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('purser: nope: there is no such file');
  });

  it.skipIf(windows)(
    'reads names with spaces, quotes, newlines, a leading dash and bytes that are no text',
    async () => {
      const repo = repository();
      for (const path of [
        'a b.yaml',
        '"q\'.yaml',
        'new\nline.yaml',
        '-n.yaml',
        ':(top)x.yaml',
        '*.yaml',
        'é.yaml',
      ])
        repo.sandbox.write(path, clear);
      writeFileSync(
        Buffer.concat([Buffer.from(`${repo.folder}/`), Buffer.from('caf\xe9.yaml', 'latin1')]),
        clear,
      );
      repo.git('add', '.');
      expect((await found(repo, ['--staged'])).sort()).toEqual(
        [
          'a b.yaml',
          '"q\'.yaml',
          'new\nline.yaml',
          '-n.yaml',
          ':(top)x.yaml',
          '*.yaml',
          'é.yaml',
          'caf\ufffd.yaml',
        ].sort(),
      );
      const { stdout } = await scan(repo, ['--staged']);
      expect(stdout.trim().split('\n')).toHaveLength(8);
    },
  );

  it.skipIf(windows).each([['--staged'], ['--since', 'HEAD']])(
    'loses nothing where two names look the same: %s',
    async (...args) => {
      const repo = repository();
      repo.commit();
      for (const byte of [0xe8, 0xe9]) {
        const name = Buffer.from([0x63, byte, ...Buffer.from('.yaml')]);
        writeFileSync(Buffer.concat([Buffer.from(`${repo.folder}/`), name]), clear);
      }
      repo.git('add', '.');
      expect(await found(repo, args)).toHaveLength(2);
    },
  );

  it.skipIf(windows)('leaves out symbolic links and submodules', async () => {
    const repo = repository();
    const inner = repo.at(repo.sandbox.folder('inner.yaml'));
    inner.git('init', '-q');
    inner.git('commit', '-q', '--allow-empty', '-m', 'one');
    repo.sandbox.write('real.txt', clear);
    repo.sandbox.link('real.txt', 'link.yaml');
    repo.git('add', '.');
    expect(repo.git('ls-files', '--stage')).toMatch(/^160000.*inner\.yaml$/m);
    expect(await found(repo, ['--staged'])).toEqual([]);
  });

  it('works on a detached HEAD, in a linked work tree and with a sha256 repository', async () => {
    const repo = repository();
    repo.commit();
    repo.git('checkout', '-q', '--detach');
    repo.sandbox.write('a.yaml', clear);
    repo.git('add', 'a.yaml');
    expect(await found(repo, ['--staged'])).toEqual(['a.yaml']);
    repo.git('worktree', 'add', '-q', 'tree', 'main');
    const tree = repo.at(repo.sandbox.path('tree'));
    repo.sandbox.write('tree/b.yaml', clear);
    tree.git('add', '.');
    expect(await found(tree, ['--staged'])).toEqual(['b.yaml']);
    const modern = repo.at(repo.sandbox.folder('modern'));
    modern.git('init', '-q', '--object-format=sha256');
    repo.sandbox.write('modern/c.yaml', clear);
    modern.git('add', '.');
    expect(await found(modern, ['--staged'])).toEqual(['c.yaml']);
  });

  it('obeys the policy that is staged, not the one in the work tree', async () => {
    const repo = repository();
    repo.sandbox.write('.purser.yaml', 'version: 1\nrules: []\nignore: [docs/**]\n');
    repo.sandbox.write('docs/a.yaml', clear);
    repo.sandbox.write('b.yaml', clear);
    repo.git('add', '.');
    repo.sandbox.write('.purser.yaml', 'version: 1\nrules: []\nignore: ["**"]\n');
    repo.sandbox.write('docs/.purser.yaml', 'version: 1\nrules: []\n');
    expect(await found(repo, ['--staged'])).toEqual(['b.yaml']);
    repo.git('add', '.');
    expect(await found(repo, ['--staged'])).toEqual(['docs/a.yaml']);
    repo.git('rm', '-q', '--cached', '.purser.yaml', 'docs/.purser.yaml');
    expect(await found(repo, ['--staged'])).toEqual(['b.yaml', 'docs/a.yaml']);
  });

  it('refuses what a policy with a mistake is about, in its first line', async () => {
    const repo = repository();
    repo.sandbox.write('.purser.yaml', 'version: 1\nrule: []\n');
    repo.sandbox.write('a.yaml', harmless);
    repo.git('add', '.');
    const ran = await scan(repo, ['--staged']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr.split('\n')[0]).toMatch(
      /^purser: \.purser\.yaml:2 cannot be followed \(unknown key "rule".*\), so .*; correct it and stage it again, or commit with --no-verify$/,
    );
    repo.sandbox.write('a.yaml', clear);
    repo.git('add', '.');
    const both = await scan(repo, ['--staged']);
    expect(both.code).toBe(2);
    expect(both.stderr.split('\n')[0]).toMatch(/^purser: 1 plaintext secret is staged: /);
    expect(both.stderr.split('\n')[1]).toMatch(/^purser: \.purser\.yaml:2 cannot be followed /);
    repo.sandbox.write('.purser.yaml', 'version: 1\nrules: []\n');
    expect((await scan(repo, ['--staged'])).code).toBe(2);
    repo.git('add', '.');
    expect((await scan(repo, ['--staged'])).code).toBe(1);
  });

  it('follows a generator to the files that are staged', async () => {
    const repo = repository();
    repo.sandbox.write('kustomization.yaml', 'secretGenerator:\n  - name: a\n    envs: [a.env, b.env]\n');
    repo.sandbox.write('a.env', 'PASSWORD=hunter2-canary\n');
    repo.git('add', '.');
    repo.sandbox.write('a.env', '');
    repo.sandbox.write('b.env', 'PASSWORD=hunter2-canary\n');
    const { findings } = JSON.parse((await scan(repo, ['--staged', '--format', 'json'])).stdout);
    const errors = findings.filter(({ level }: { level: string }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ rule: 'secret-generator-literal', path: 'a.env' });
  });

  it.each([['--staged'], ['--since', 'HEAD']])(
    'looks at a file of values that changed, where the generator that takes it did not: %s',
    async (...args) => {
      const repo = repository();
      repo.sandbox.write(
        'apps/kustomization.yaml',
        'secretGenerator:\n  - name: a\n    envs: [conf/a.env, conf/b.env]\n    literals: [password=hunter2-canary]\n',
      );
      repo.sandbox.write('apps/conf/a.env', 'USER=app\n');
      repo.sandbox.write('apps/conf/b.env', 'PASSWORD=hunter2-canary\n');
      repo.git('add', '.');
      repo.commit();
      repo.sandbox.write('apps/conf/a.env', 'USER=app\nPASSWORD=hunter2-canary\n');
      repo.git('add', '.');
      const { findings } = JSON.parse((await scan(repo, [...args, '--format', 'json'])).stdout);
      expect(findings).toMatchObject([{ path: 'apps/conf/a.env', range: { start: { line: 2 } } }]);
      expect(findings).toHaveLength(1);
    },
  );

  it.each([['--staged'], ['--since', 'HEAD']])(
    'tells of a tracked file that a new generator makes a Secret of: %s',
    async (...args) => {
      const repo = repository();
      repo.sandbox.write('password.txt', 'hunter2-canary');
      repo.git('add', '.');
      repo.commit();
      repo.sandbox.write('kustomization.yaml', 'secretGenerator:\n  - name: a\n    files: [password.txt]\n');
      repo.git('add', '.');
      const { findings } = JSON.parse((await scan(repo, [...args, '--format', 'json'])).stdout);
      expect(findings).toMatchObject([
        { path: 'password.txt', rule: 'secret-generator-literal', level: 'error' },
      ]);
    },
  );

  it('tells of a file that is named alone, where a generator above takes it', async () => {
    const repo = repository();
    repo.sandbox.write(
      'kustomization.yaml',
      'secretGenerator:\n  - name: a\n    envs: [conf/a.env]\n    literals: [password=hunter2-canary]\n',
    );
    repo.sandbox.write('conf/a.env', 'PASSWORD=hunter2-canary\n');
    for (const path of ['conf/a.env', 'conf']) {
      const { findings, scanned } = JSON.parse((await scan(repo, [path, '--format', 'json'])).stdout);
      expect(findings).toMatchObject([{ path: 'conf/a.env', rule: 'secret-generator-literal' }]);
      expect(findings).toHaveLength(1);
      expect(scanned.files).toBeLessThanOrEqual(1);
    }
  });

  it('tells of what it cannot read and goes on', async () => {
    const repo = repository();
    repo.sandbox.write('binary.yaml', new Uint8Array([0, 1, 2]));
    repo.sandbox.write('huge.yaml', new Uint8Array(17 * 1024 * 1024).fill(0x20));
    repo.sandbox.write('z.yaml', clear);
    repo.git('add', '.');
    const { stdout } = await scan(repo, ['--staged', '--format', 'json']);
    const { findings, problems } = JSON.parse(stdout);
    expect(findings.map(({ path }: { path: string }) => path)).toEqual(['z.yaml']);
    expect(problems.map(({ path }: { path: string }) => path)).toEqual(['binary.yaml', 'huge.yaml']);
  });

  it('finds nothing where nothing is staged', async () => {
    const repo = repository();
    expect((await scan(repo, ['--staged'])).code).toBe(0);
    repo.sandbox.write('a.yaml', clear);
    repo.commit();
    expect((await scan(repo, ['--staged'])).code).toBe(0);
  });

  it('goes through thousands of staged files', async () => {
    const repo = repository();
    for (let i = 0; i < 3000; i++)
      repo.sandbox.write(`d${i % 50}/f${i}.yaml`, i % 100 === 0 ? clear : `${harmless}# ${i}\n`);
    repo.git('add', '.');
    expect(await found(repo, ['--staged'])).toHaveLength(30);
  });
});

describe('purser scan --since', () => {
  /** main has an old secret; the branch goes off there, and main moves on. */
  function branched(): GitRepository {
    const repo = repository();
    repo.sandbox.write('old.yaml', clear);
    repo.sandbox.write('touched.yaml', harmless);
    repo.commit();
    repo.git('checkout', '-q', '-b', 'feature');
    repo.git('checkout', '-q', 'main');
    repo.sandbox.write('others.yaml', clear);
    repo.commit();
    repo.git('checkout', '-q', 'feature');
    return repo;
  }

  it('looks at what changed since the branch left the revision, up to the work tree', async () => {
    const repo = branched();
    repo.sandbox.write('committed.yaml', clear);
    repo.commit();
    repo.sandbox.write('staged.yaml', clear);
    repo.git('add', '.');
    repo.sandbox.write('touched.yaml', clear);
    repo.sandbox.write('new.yaml', clear);
    repo.sandbox.write('.gitignore', 'build/\n');
    repo.sandbox.write('build/ignored.yaml', clear);
    expect((await found(repo, ['--since', 'main'])).sort()).toEqual([
      'committed.yaml',
      'new.yaml',
      'staged.yaml',
      'touched.yaml',
    ]);
    expect(await found(repo, ['--since', 'main', 'new.yaml'])).toEqual(['new.yaml']);
  });

  it('reads the work tree', async () => {
    const repo = branched();
    repo.sandbox.write('a.yaml', clear);
    repo.sandbox.write('gone.yaml', clear);
    repo.commit();
    repo.sandbox.write('a.yaml', harmless);
    execFileSync('rm', [repo.sandbox.path('gone.yaml')]);
    expect(await found(repo, ['--since', 'main'])).toEqual([]);
  });

  it.skipIf(windows)('reads odd names, and follows no link', async () => {
    const repo = branched();
    repo.sandbox.write('new\nline.yaml', clear);
    writeFileSync(
      Buffer.concat([Buffer.from(`${repo.folder}/`), Buffer.from('caf\xe9.yaml', 'latin1')]),
      clear,
    );
    repo.sandbox.write('folder/a.yaml', clear);
    repo.commit();
    repo.sandbox.link('old.yaml', 'link.yaml');
    execFileSync('mv', [repo.sandbox.path('folder'), repo.sandbox.path('.git/moved')]);
    repo.sandbox.link('.git/moved', 'folder');
    expect((await found(repo, ['--since', 'main'])).sort()).toEqual(['caf\ufffd.yaml', 'new\nline.yaml']);
  });

  it.each(['nope', '--output=x', '', 'a b', 'HEAD~9'])(
    'refuses the revision %j in one sentence',
    async (revision) => {
      const ran = await scan(branched(), [`--since=${revision}`]);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^purser: there is no commit .* in this clone; [^\n]+\n$/);
    },
  );

  it('refuses a revision without a common ancestor, as in a shallow clone', async () => {
    const repo = branched();
    repo.git('checkout', '-q', '--orphan', 'other');
    repo.commit('unrelated');
    const ran = await scan(repo, ['--since', 'main']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^purser: this clone has no common ancestor of main and HEAD; fetch the whole history[^\n]+\n$/,
    );
  });
});

describe('scanning with git', () => {
  const sources = [['--staged'], ['--since', 'HEAD']];

  it.each(sources)('needs a work tree: %s', async (...args) => {
    const repo = sandbox();
    const ran = await repo.run(['scan', ...args], { env: { GIT_CEILING_DIRECTORIES: '/' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: this folder is in no work tree of git; [^\n]+\n$/);
    const bare = GitRepository.init(repo);
    expect((await scan(bare, args, { cwd: repo.path('.git') })).code).toBe(2);
  });

  it.each(sources)('needs git: %s', async (...args) => {
    const ran = await scan(repository(), args, { env: { PATH: '/nonexistent' } });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^purser: git is not found on the PATH; [^\n]+\n$/);
  });

  it.skipIf(windows).each(sources)('runs nothing that the repository brings: %s', async (...args) => {
    const repo = repository();
    const marker = repo.sandbox.path('.git', 'marker');
    const program = repo.sandbox.write('bin/git', `#!/bin/sh\ntouch ${marker}\n`, 0o755);
    repo.sandbox.write('a.yaml', harmless);
    repo.sandbox.write('.gitattributes', '* filter=evil diff=evil\n');
    repo.commit();
    for (const key of [
      'filter.evil.clean',
      'filter.evil.process',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'core.fsmonitor',
      'core.pager',
    ])
      repo.git('config', key, program);
    repo.git('config', 'filter.evil.required', 'true');
    repo.sandbox.write('a.yaml', clear);
    const path = [repo.sandbox.path('bin'), 'bin', '', '.', process.env['PATH']].join(':');
    const ran = await scan(repo, args, { env: { PATH: path } });
    expect(ran.stderr).toMatch(args[0] === '--since' ? /^purser: \d files?,/ : /^$/);
    expect(repo.sandbox.exists('.git/marker')).toBe(false);
    expect(ran.code).toBe(args[0] === '--since' ? 1 : 0);
  });

  it('refuses both at once', async () => {
    const ran = await scan(repository(), ['--staged', '--since', 'HEAD']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('--staged and --since exclude each other');
  });
});
