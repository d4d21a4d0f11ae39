import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const value = 'hunter2-canary-7';
const clear = secretYaml('main', { password: value, user: 'ann', other: 'never-there-canary-9' });
const fernet = ['--scheme', 'fernet', '--key', 'local:dev'];

/** A repository that once had the value in clear, in a file that is gone. */
function repository(): { readonly repo: Sandbox; readonly git: GitRepository; readonly first: string } {
  const repo = sandbox();
  const git = GitRepository.init(repo);
  repo.localKey('dev.fernet', symmetricKey());
  repo.write('.purser.yaml', 'version: 1\nrules: [{path: "*", scheme: fernet, keys: [local:dev]}]\n');
  repo.write('old.yaml', `password: ${value}\n`);
  git.commit();
  const first = git.git('rev-parse', '--short', 'HEAD').trim();
  repo.write('old.yaml', `data: {a: ${btoa(value)}}\n`);
  git.commit();
  git.git('rm', '-q', 'old.yaml');
  git.commit();
  return { repo, git, first };
}

const stands = (what: string, first: string) =>
  `${what} stands in plaintext in 2 commits since ${first}: change the value,`;

describe('a value that stands in the history', () => {
  it('is told of after it was encrypted, and never quoted', async () => {
    const { repo, first } = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...fernet]);
    expect(ran.code).toBe(0);
    const lines = ran.stderr.trimEnd().split('\n');
    expect(lines).toEqual([
      'purser: a.yaml: 2 encrypted',
      expect.stringContaining(`purser: a.yaml: ${stands('stringData.password', first)}`),
    ]);
    expect(ran.stderr).not.toContain('canary');
    const again = await repo.run(['encrypt', 'a.yaml', '-i', ...fernet]);
    expect(again.stderr).toBe('purser: a.yaml: nothing to encrypt (3 values looked at)\n');
  });

  it('is told of where it is set, or the whole file', async () => {
    const { repo, git, first } = repository();
    repo.write('a.yaml', secretYaml('main', { password: 'x' }));
    await repo.run(['encrypt', 'a.yaml', '-i', ...fernet]);
    const set = await repo.run(['set', 'a.yaml', 'stringData.password'], {
      input: value,
    });
    expect(set.stderr).toContain(stands('stringData.password', first));
    repo.write('b.enc', 'token: hunter2-canary-4711\n');
    git.commit();
    const whole = await repo.run(['encrypt', 'b.enc', '-i', '--whole', ...fernet]);
    expect(whole.stderr).toMatch(/b\.enc: the file stands in plaintext in commit \w+: change the value/);
  });

  it('is not told of where history has only its ciphertext', async () => {
    const { repo, git } = repository();
    repo.write('a.yaml', clear.replace(value, 'fresh-canary-value-1'));
    await repo.run(['encrypt', 'a.yaml', '-i', ...fernet]);
    git.commit();
    const token = /password: "?([\w=-]+)/.exec(repo.text('a.yaml'))?.[1] ?? '';
    const set = await repo.run(['set', 'a.yaml', 'stringData.password'], {
      input: 'fresh-canary-value-1',
    });
    expect(set.stderr).toBe('purser: a.yaml: stringData.password set\n');
    const sealedTwice = await repo.run(['set', 'a.yaml', 'stringData.user'], {
      input: token,
    });
    expect(sealedTwice.stderr).toBe('purser: a.yaml: stringData.user set\n');
  });

  it('may be where a clone does not reach', async () => {
    const { repo, git } = repository();
    const clone = sandbox();
    git.git('clone', '-q', '--depth=1', `file://${repo.root}`, clone.path('c'));
    clone.localKey('dev.fernet', symmetricKey());
    clone.write('c/a.yaml', clear);
    const ran = await clone.run(['encrypt', 'a.yaml', '-i', ...fernet], { cwd: clone.path('c') });
    expect(ran.stderr).toBe(
      'purser: a.yaml: 2 encrypted\npurser: a.yaml: This clone has only a part of the history.\n',
    );
  });

  it('keeps nothing from being encrypted where git refuses', async () => {
    const { repo, git } = repository();
    git.git('config', 'core.repositoryformatversion', '99');
    repo.write('a.yaml', clear);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...fernet]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(
      /^purser: a\.yaml: 2 encrypted\npurser: a\.yaml: the history was not looked through: git says /,
    );
  });
});

/** The commands that git was asked for, of which real git writes a log. */
function gitLog(repo: Sandbox): { readonly env: NodeJS.ProcessEnv; readonly asked: () => readonly string[] } {
  const folder = repo.path('trace');
  return {
    env: { GIT_TRACE: folder },
    asked: () =>
      [...repo.text('trace').matchAll(/built-in: git ([\w-]+(?: --batch-check)?)/g)].map(
        ([, one = '']) => one,
      ),
  };
}

const searches = (asked: readonly string[]) => asked.filter((one) => one === 'cat-file --batch-check').length;

describe('values of many files that stand in the history', () => {
  it('are told of after all files are written, each with its file, from one search', async () => {
    const { repo, git } = repository();
    repo.write('other.yaml', 'token: another-canary-4711\n');
    git.commit();
    repo.write('a.yaml', clear);
    repo.write('b.yaml', secretYaml('main', { password: 'nowhere-canary-12' }));
    repo.write(
      'c.yaml',
      secretYaml('main', { again: value, token: 'another-canary-4711', fresh: 'new-canary-99' }),
    );
    const log = gitLog(repo);
    const ran = await repo.run(['encrypt', 'a.yaml', 'b.yaml', 'c.yaml', '-i', ...fernet], { env: log.env });
    expect(ran.code).toBe(0);
    const since = git.git('rev-parse', '--short', 'HEAD~3').trim();
    expect(ran.stderr.trimEnd().split('\n')).toEqual([
      'purser: a.yaml: 2 encrypted',
      'purser: b.yaml: 1 encrypted',
      'purser: c.yaml: 3 encrypted',
      'purser: a.yaml: stringData.password stands in plaintext in the history',
      'purser: c.yaml: stringData.again and stringData.token stand in plaintext in the history',
      `purser: these values stand in plaintext in 3 commits since ${since}: change them, because encrypting them does not take them out of the history.`,
    ]);
    expect(searches(log.asked())).toBe(1);
  });

  it('are told of as ever where they all stand in one file, also where another one is refused', async () => {
    const { repo, first } = repository();
    repo.write('a.yaml', secretYaml('main', { password: 'nowhere-canary-12' }));
    repo.write('b.yaml', clear);
    const ran = await repo.run(['encrypt', 'a.yaml', 'gone.yaml', 'b.yaml', '-i', ...fernet], {
      mayWrite: true,
    });
    expect(ran.code).toBe(2);
    const lines = ran.stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toContain(`purser: b.yaml: ${stands('stringData.password', first)}`);
    expect(lines).toHaveLength(4);
  });

  it('are looked for in each repository by itself, in all of them at once', async () => {
    const { repo, first } = repository();
    const inner = repo.path('inner');
    repo.write('.gitignore', 'inner\ntrace\n');
    repo.write('inner/old.yaml', 'token: inner-canary-4711\n');
    const git = new GitRepository(repo, inner);
    git.git('init', '-q', '-b', 'main');
    git.commit();
    const secret = secretYaml('main', { password: value, token: 'inner-canary-4711' });
    for (const path of ['a.yaml', 'inner/a.yaml', 'b.yaml']) repo.write(path, secret);
    repo.write('b.yaml', secretYaml('main', { password: 'nowhere-canary-12' }));
    const log = gitLog(repo);
    const ran = await repo.run(['encrypt', 'a.yaml', 'inner/a.yaml', 'b.yaml', '-i', ...fernet], {
      env: log.env,
    });
    expect(ran.stderr.trimEnd().split('\n').slice(3)).toEqual([
      expect.stringContaining(`purser: a.yaml: ${stands('stringData.password', first)}`),
      expect.stringMatching(/^purser: inner\/a\.yaml: stringData\.token stands in plaintext in commit \w+: /),
    ]);
    const asked = log.asked();
    expect(searches(asked)).toBe(2);
    // The second search has begun before the first one comes to the commits: the limit of time is one for both.
    expect(asked.lastIndexOf('cat-file --batch-check')).toBeLessThan(asked.indexOf('log'));
  });

  it('are said once to be unknown where a clone does not reach, and where git refuses', async () => {
    const { repo, git } = repository();
    const clone = sandbox();
    git.git('clone', '-q', '--depth=1', `file://${repo.root}`, clone.path('c'));
    clone.localKey('dev.fernet', symmetricKey());
    for (const path of ['c/a.yaml', 'c/b.yaml', 'c/c.yaml']) clone.write(path, clear);
    const cwd = clone.path('c');
    const ran = await clone.run(['encrypt', 'a.yaml', 'b.yaml', '-i', ...fernet], { cwd });
    expect(ran.stderr.trimEnd().split('\n').slice(2)).toEqual([
      'purser: a.yaml and 1 more file: This clone has only a part of the history.',
    ]);
    git.git('config', 'core.repositoryformatversion', '99');
    for (const path of ['a.yaml', 'b.yaml', 'c.yaml']) repo.write(path, clear);
    const refused = await repo.run(['encrypt', 'a.yaml', 'b.yaml', 'c.yaml', '-i', ...fernet]);
    expect(refused.code).toBe(0);
    expect(refused.stderr.trimEnd().split('\n').slice(3)).toEqual([
      expect.stringMatching(
        /^purser: a\.yaml and 2 more files: the history was not looked through: git says /,
      ),
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'need not be waited for: every file was written and told of',
    async () => {
      const { repo } = repository();
      const paths = ['a.yaml', 'b.yaml', 'c.yaml'];
      for (const path of paths) repo.write(path, clear);
      const slow = sandbox();
      // Real git but for the search, which does not come to an end.
      slow.write(
        'git',
        `#!/bin/sh\ncase "$*" in *batch-all-objects*) touch '${slow.path('begun')}'; exec sleep 20;; esac\nPATH="\${PATH#*:}" exec git "$@"\n`,
        0o755,
      );
      const path = [slow.root, process.env['PATH']].join(delimiter);
      const child = spawn(process.execPath, [repo.program, 'encrypt', ...paths, '-i', ...fernet], {
        cwd: repo.root,
        env: { ...repo.env, PATH: path },
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let told = '';
      child.stderr.on('data', (chunk: Buffer) => {
        told += chunk.toString();
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      try {
        await expect.poll(() => existsSync(slow.path('begun'))).toBe(true);
      } finally {
        // To the whole group, as a terminal does for Ctrl+C.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
        await ended;
      }
      expect(told).toBe(paths.map((one) => `purser: ${one}: 2 encrypted\n`).join(''));
      for (const one of paths) expect(repo.text(one)).not.toContain('canary');
    },
  );
});
