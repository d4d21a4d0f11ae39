import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ageRepository } from '../../support/age-repository.ts';
import { describeTls } from '../../support/certificates.ts';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const page = readFileSync(fileURLToPath(new URL('../../../docs/git-diff.md', import.meta.url)), 'utf8');
const commands = [...page.matchAll(/```sh\n([^`]+)```/g)].map(([, block = '']) => block).join('');
const clear = secretYaml('main', { password: 'hunter2-canary', user: 'ann' });

/** A repository set up by the commands of the page, with `purser` on the PATH. */
function setUp(repo: Sandbox) {
  const git = GitRepository.init(repo);
  repo.write('.git/bin/purser', `#!/bin/sh\nexec "${process.execPath}" "${repo.program}" "$@"\n`, 0o755);
  const env = { ...git.env, PATH: `${repo.path('.git', 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const run = (script: string) => {
    const ran = spawnSync('sh', ['-ec', script], { cwd: repo.root, env, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    return ran.stdout.split('\n').filter((line) => /^[-+ ]\S/.test(line) && !/^(?:---|\+\+\+)/.test(line));
  };
  run(commands);
  return { git, run };
}

describe.skipIf(process.platform === 'win32')('git diff, as the page says to set it up', () => {
  it('tells what was encrypted, and shows no value', async () => {
    const repo = sandbox();
    repo.localKey('dev.fernet', symmetricKey());
    const { git, run } = setUp(repo);
    repo.write('secret.yaml', clear);
    repo.write('whole.enc', 'hunter2-canary-4711');
    git.commit();
    const options = ['-i', '--scheme', 'fernet', '--key', 'local:dev'];
    await repo.run(['encrypt', 'secret.yaml', ...options]);
    await repo.run(['encrypt', 'whole.enc', '--whole', ...options]);
    const lines = run('git diff; git commit -qam changed; git show HEAD');
    expect(lines.slice(0, lines.length / 2)).toEqual(lines.slice(lines.length / 2));
    expect(lines.slice(0, lines.length / 2)).toEqual([
      '-stringData.password: plaintext 14 B',
      expect.stringMatching(
        /^\+stringData\.password: fernet \d{4}-\d\d-\d\dT[\d:]+Z 16 B sha256:[\da-f]{8}$/,
      ),
      ' stringData.user: plaintext 3 B',
      expect.stringMatching(/^\+the file: fernet .* 32 B sha256:[\da-f]{8}$/),
    ]);
  });

  it('shows that one value of a SOPS file was set', async () => {
    const { repo, env } = await ageRepository(sandbox());
    const { git, run } = setUp(repo);
    repo.write('secret.yaml', clear);
    await repo.run(['encrypt', 'secret.yaml', '-i'], { env });
    git.commit();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await repo.run(['set', 'secret.yaml', 'stringData.password'], { input: 'another-canary', env });
    const changed = run('git diff').filter((line) => /^[-+]/.test(line));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.join('\n')).toMatch(/\d{4}-\d\d-\d\dT/);
    expect(changed.join('\n')).not.toContain('ENC[');
  });

  it('shows every other file beside one that is too large to read', () => {
    const repo = sandbox();
    const { git, run } = setUp(repo);
    repo.write('huge-secret.yaml', '');
    repo.write('secret.yaml', clear);
    git.commit();
    repo.write('huge-secret.yaml', new Uint8Array(16 * 1024 * 1024 + 1).fill(0x20));
    repo.write('secret.yaml', clear.replace('canary', 'canary-4711'));
    expect(run('git diff')).toEqual([
      '+the file: too large, 16777217 B',
      '-stringData.password: plaintext 14 B',
      '+stringData.password: plaintext 19 B',
      ' stringData.user: plaintext 3 B',
    ]);
  });

  describeTls('with SealedSecrets', (make) => {
    it('shows which value was set to one that is as long', async () => {
      const repo = sandbox();
      const { git, run } = setUp(repo);
      repo.write('cert.pem', make({ name: 'sealing.example', rsaBits: 2048 }).cert);
      repo.write(
        '.purser.yaml',
        'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [cert.pem]}\n',
      );
      repo.write('secret.yaml', clear);
      const refused = await repo.run(['encrypt', 'secret.yaml', '-i']);
      const accepted = ['--accept-key', /SHA256:[\w+/]{43}=?/.exec(refused.stderr)?.[0] ?? ''];
      await repo.run(['encrypt', 'secret.yaml', '-i', ...accepted]);
      git.commit();
      const input = 'hunter3-canary';
      const ran = await repo.run(['set', 'secret.yaml', 'stringData.password', ...accepted], { input });
      expect(ran.code, ran.stderr).toBe(0);
      expect(run('git diff').filter((line) => /^[-+]/.test(line))).toEqual([
        expect.stringMatching(/^-encryptedData\.password: sealed-secrets 14 B sha256:[\da-f]{8}$/),
        expect.stringMatching(/^\+encryptedData\.password: sealed-secrets 14 B sha256:[\da-f]{8}$/),
      ]);
    });
  });
});
