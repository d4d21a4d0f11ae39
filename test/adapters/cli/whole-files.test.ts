import { describe, expect, it } from 'vitest';
import { installHook } from '../../../src/node/hook/install-hook.ts';
import { useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';

const { sandbox } = useCli();
const policy = (glob: string) =>
  `version: 1\nrules:\n  - path: "${glob}"\n    scheme: fernet\n    keys: [local:dev]\n    whole: true\n`;

interface Report {
  readonly scanned: { readonly files: number };
  readonly findings: readonly { readonly path: string; readonly rule: string }[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

async function scan(repo: GitRepository, args: readonly string[] = []): Promise<Report> {
  const { stdout, stderr } = await repo.sandbox.run(['scan', ...args, '--format', 'json'], {
    cwd: repo.folder,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

async function found(repo: GitRepository, args?: readonly string[]): Promise<string[]> {
  return (await scan(repo, args)).findings.map(({ path, rule }) => `${path}: ${rule}`);
}

/** A rule for `*.enc` below `sealed`, and files that it is and is not about. */
function repository(): GitRepository {
  const repo = GitRepository.init(sandbox());
  repo.sandbox.secret('hunter2-canary');
  repo.sandbox.write('sealed/.purser.yaml', policy('**/*.enc'));
  for (const path of ['sealed/a.enc', 'sealed/deep/er/b.enc', 'sealed/note.txt', 'elsewhere/c.enc'])
    repo.sandbox.write(path, 'password: hunter2-canary\n');
  return repo;
}

const clear = ['sealed/a.enc: unencrypted-by-policy', 'sealed/deep/er/b.enc: unencrypted-by-policy'];

describe('a file that policy wants sealed as a whole is looked at whatever its name', () => {
  it('in a walk, and nothing beside it', async () => {
    const repo = repository();
    expect(await found(repo)).toEqual(clear);
    // Itself, the policy and two of the others would be five.
    expect((await scan(repo)).scanned.files).toBe(3);
  });

  it('in a walk that begins below the policy', async () => {
    const repo = repository();
    expect(await found(repo, ['sealed/deep'])).toEqual(clear.slice(1));
    expect(await found(repo.at(repo.sandbox.path('sealed/deep/er')))).toEqual([
      'b.enc: unencrypted-by-policy',
    ]);
  });

  it('unless a nearer policy, an earlier rule or git says otherwise', async () => {
    const repo = repository();
    repo.sandbox.write('sealed/deep/.purser.yaml', 'version: 1\n');
    repo.sandbox.write('sealed/.gitignore', 'ignored.enc\n');
    repo.sandbox.write('sealed/ignored.enc', 'password: hunter2-canary\n');
    expect(await found(repo)).toEqual(clear.slice(0, 1));
    repo.sandbox.write('sealed/.purser.yaml', `${policy('**/*.enc')}ignore: [a.enc]\n`);
    expect(await found(repo)).toEqual([]);
  });

  it('when it is staged, by the policy that is staged', async () => {
    const repo = repository();
    repo.git('add', '.');
    expect(await found(repo, ['--staged'])).toEqual(clear);
    expect(await found(repo, ['--staged', 'sealed/deep'])).toEqual(clear.slice(1));
    repo.sandbox.write('sealed/.purser.yaml', policy('**/*.txt'));
    expect(await found(repo, ['--staged'])).toEqual(clear);
    repo.git('add', '.');
    expect(await found(repo, ['--staged'])).toEqual(['sealed/note.txt: unencrypted-by-policy']);
  });

  it('when it changed since a revision', async () => {
    const repo = repository();
    repo.commit();
    expect(await found(repo, ['--since', 'HEAD'])).toEqual([]);
    repo.sandbox.write('sealed/a.enc', 'password: hunter2-canary-2\n');
    repo.sandbox.write('sealed/note.txt', 'changed too\n');
    expect(await found(repo, ['--since', 'HEAD'])).toEqual(clear.slice(0, 1));
  });

  it('and not committed', async () => {
    const repo = repository();
    const { folder, env, sandbox: box } = repo;
    await installHook({ repository: folder, env, commandLine: box.program, runtime: process.execPath });
    repo.git('add', '.');
    const ran = repo.try(['commit', '-q', '-m', 'a']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^purser: 2 .*sealed\/a\.enc:1.*sealed\/deep\/er\/b\.enc:1/);
  });

  it('and its policy is told to be broken where it is', async () => {
    const repo = repository();
    repo.sandbox.write('sealed/.purser.yaml', 'version: 1\nrulez: []\n');
    const { findings, problems } = await scan(repo, ['sealed/deep']);
    expect(findings).toEqual([]);
    expect(problems).toEqual([
      expect.objectContaining({ path: 'sealed/.purser.yaml', message: expect.stringContaining('rulez') }),
    ]);
  });
});
