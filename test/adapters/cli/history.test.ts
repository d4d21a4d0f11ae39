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
