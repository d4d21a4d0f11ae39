import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { noGit } from '../../support/git-work-tree.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();

function repository(scheme: string, keys: string, more = ''): Sandbox {
  const repo = sandbox();
  repo.write(
    '.purser.yaml',
    `version: 1\nrules:\n  - path: "**"\n    scheme: ${scheme}\n    keys: [${keys}]\n${more}`,
  );
  repo.write('a.yaml', secretYaml('main', { password: repo.secret('hunter2-canary') }));
  return repo;
}

describe.skipIf(noGit)('a symmetric key that policy names by path', () => {
  it('is refused where git would commit it, and the file stays as it was', async () => {
    const repo = repository('fernet', 'dev.key');
    repo.write('dev.key', repo.secret(symmetricKey()));
    const git = GitRepository.init(repo);
    for (const prepare of [() => undefined, () => git.git('add', '-A')]) {
      prepare();
      for (const args of [
        ['encrypt', 'a.yaml', '-i'],
        ['set', 'a.yaml', 'stringData.password'],
      ]) {
        const ran = await repo.run(args, { input: 'new' });
        expect(ran.code).toBe(2);
        expect(ran.stderr).toMatch(
          /^purser: a\.yaml: the key dev\.key opens what it seals, and git tracks it/,
        );
      }
    }
  });

  it('seals where git ignores it, or where the person names it', async () => {
    for (const named of [false, true]) {
      const repo = repository('fernet', 'dev.key');
      repo.write('dev.key', symmetricKey());
      if (!named) repo.write('.gitignore', '*.key\n');
      GitRepository.init(repo);
      const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...(named ? ['--key', 'dev.key'] : [])]);
      expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('1 encrypted')]);
    }
  });
});

describe('a file that a rule makes one ciphertext', () => {
  const whole = () => {
    const repo = repository('fernet', 'local:dev', '    whole: true\n');
    repo.localKey('dev.fernet', symmetricKey());
    return repo;
  };

  it('is left alone where it is empty', async () => {
    const repo = whole();
    repo.write('b.enc', '\n');
    const ran = await repo.run(['encrypt', 'b.enc', '-i']);
    expect([ran.code, ran.stderr]).toEqual([0, 'purser: b.enc: nothing to encrypt (the file is empty)\n']);
    expect(repo.text('b.enc')).toBe('\n');
  });

  it('is not sealed once more where its ciphertext is damaged', async () => {
    const repo = whole();
    expect((await repo.run(['encrypt', 'a.yaml', '-i'])).code).toBe(0);
    repo.write('a.yaml', repo.text('a.yaml').slice(0, -5));
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('this fernet ciphertext is damaged')]);
  });
});

describe('what scan finds by policy', () => {
  it('is what encrypt then seals', async () => {
    const repo = repository('fernet', 'local:dev', '    opened-by: pipeline\n');
    repo.localKey('dev.fernet', symmetricKey());
    const scanned = await repo.run(['scan'], { mayWrite: true });
    expect([scanned.code, scanned.stdout]).toEqual([1, expect.stringContaining('unencrypted-by-policy')]);
    expect((await repo.run(['encrypt', 'a.yaml', '-i'])).code).toBe(0);
    const again = await repo.run(['scan']);
    expect([again.code, again.stdout]).toEqual([0, '']);
  });
});
