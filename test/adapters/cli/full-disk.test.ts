import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const clear = secretYaml('main', { password: 'hunter2-canary'.repeat(200) });

/** A run that may write no more than 1 KiB into a file: what a disk that fills up does half way. */
function runWithLittleRoom(repo: Sandbox, args: readonly string[]) {
  const script = 'ulimit -f 1; exec "$@"';
  const options = { cwd: repo.root, env: repo.env, encoding: 'utf8' } as const;
  return spawnSync('bash', ['-c', script, 'bash', process.execPath, repo.program, ...args], options);
}

describe.skipIf(process.platform === 'win32')('a new file that cannot be written to its end', () => {
  it('is not left half written by decrypt, and the next try writes it', async () => {
    const repo = sandbox();
    await repo.run(['keygen', 'fernet', '-o', 'dev.key']);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'fernet', '--key', 'dev.key']);
    const decrypt = ['decrypt', 'a.yaml', '--key', 'dev.key', '-o', 'clear.yaml'];
    const before = repo.snapshot();
    const ran = runWithLittleRoom(repo, decrypt);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('it cannot be written') });
    expect(repo.snapshot()).toEqual(before);
    expect((await repo.run(decrypt)).code).toBe(0);
    expect(repo.text('clear.yaml')).toBe(clear);
  });

  it('is not left as a cut key by keygen, and the next try makes it', async () => {
    const repo = sandbox();
    const keygen = ['keygen', 'jwe', '-o', 'prod.pem', '--public-out', 'prod.pub.pem'];
    const before = repo.snapshot();
    expect(runWithLittleRoom(repo, keygen).status).toBe(2);
    expect(repo.snapshot()).toEqual(before);
    expect((await repo.run(keygen)).code).toBe(0);
    expect(repo.text('prod.pem')).toMatch(/-----END PRIVATE KEY-----\n$/);
  });
});
