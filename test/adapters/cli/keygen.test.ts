import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';

describe('purser keygen', () => {
  it.each(['fernet', 'secretbox'])('prints a new %s key to stdout', async (kind) => {
    const repo = sandbox();
    const first = await repo.run(['keygen', kind]);
    const second = await repo.run(['keygen', kind]);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^[\w-]{43}=\n$/);
    expect(second.stdout).not.toBe(first.stdout);
  });

  it('makes an RSA-4096 pair that seals and opens', async () => {
    const repo = sandbox();
    const ran = await repo.run(['keygen', 'jwe', '-o', 'prod.pem', '--public-out', 'prod.pub.pem']);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toMatch(/^purser: SHA256:[\w+/]{43}=\n$/);
    expect(repo.text('prod.pem')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(repo.text('prod.pub.pem')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    if (!windows) expect([repo.mode('prod.pem'), repo.mode('prod.pub.pem')]).toEqual([0o600, 0o644]);
    const clear = secretYaml('main', { password: 'hunter2-canary' });
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    expect(repo.text('a.yaml')).not.toContain('canary');
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'prod.pem'])).stdout).toBe(clear);
  });

  it('makes an age key as age-keygen does, and tells its recipient', async () => {
    const repo = sandbox();
    const ran = await repo.run(['keygen', 'age', '--name', 'me', '-o', 'me.age', '--public-out', 'me.pub']);
    const recipient = repo.text('me.pub').trim();
    expect(recipient).toMatch(/^age1[0-9a-z]{58}$/);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toBe(
      `purser: ${recipient}\npurser: keep it in the key folder as me.age and name it local:me\n`,
    );
    expect(repo.text('me.age')).toMatch(
      new RegExp(`^# created: \\S+\\n# public key: ${recipient}\\nAGE-SECRET-KEY-1[0-9A-Z]{58}\\n$`),
    );
    if (!windows) expect(repo.mode('me.age')).toBe(0o600);
    const again = await repo.run(['keygen', 'age', '-o', 'me.age']);
    expect(again.code).toBe(2);
  });

  it('says where to keep a key that has a name', async () => {
    const ran = await sandbox().run(['keygen', 'secretbox', '--name', 'dev-2026', '-o', 'k']);
    expect(ran.stderr).toBe(
      'purser: keep it in the key folder as dev-2026.secretbox and name it local:dev-2026\n',
    );
  });

  it('never overwrites a file, and leaves no public half behind', async () => {
    const repo = sandbox();
    repo.write('prod.pem', 'mine');
    const ran = await repo.run(['keygen', 'jwe', '-o', 'prod.pem', '--public-out', 'prod.pub.pem']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: \S*prod\.pem: it exists already; /);
    expect(repo.text('prod.pem')).toBe('mine');
    expect(repo.exists('prod.pub.pem')).toBe(false);
  });

  it('leaves no private key behind when the public half cannot be written', async () => {
    const repo = sandbox();
    repo.write('prod.pub.pem', 'mine');
    const ran = await repo.run(['keygen', 'jwe', '-o', 'prod.pem', '--public-out', 'prod.pub.pem']);
    expect(ran.code).toBe(2);
    expect(repo.exists('prod.pem')).toBe(false);
    expect(repo.text('prod.pub.pem')).toBe('mine');
  });

  it('does not put both halves into one file', async () => {
    const repo = sandbox();
    expect((await repo.run(['keygen', 'jwe', '-o', 'k.pem', '--public-out', 'k.pem'])).code).toBe(2);
    expect(repo.exists('k.pem')).toBe(false);
  });

  it.each([
    ['no kind', [], 'keygen takes jwe, fernet, secretbox or age'],
    ['an unknown kind', ['rot13'], 'keygen makes jwe, fernet, secretbox and age keys, not rot13'],
    ['a bad name', ['fernet', '--name', '../x'], 'a key name is 1 to 63 letters'],
    ['a public half of a symmetric key', ['fernet', '--public-out', 'p'], 'a fernet key has no public half'],
    ['a folder that is not there', ['fernet', '-o', 'no/such/key'], 'there is no such file'],
  ])('refuses %s', async (_, args, says) => {
    const ran = await sandbox().run(['keygen', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(says);
  });
});

describe('purser', () => {
  it.each([[['--help']], [['-h']], [['help']], [['atrest', 'read', '--help']], [['set', 'a.yaml', '-h']]])(
    'explains itself with %j',
    async (args) => {
      const ran = await sandbox().run(args);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      for (const command of ['scan', 'encrypt', 'decrypt', 'set', 'describe', 'rotate', 'keygen'])
        expect(ran.stdout).toContain(`purser ${command} `);
    },
  );

  it('says which version it is', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(await sandbox().run(['--version'])).toMatchObject({
      code: 0,
      stdout: `purser ${version}\n`,
      stderr: '',
    });
  });

  it('takes what stands behind -- for a file', async () => {
    const ran = await sandbox().run(['describe', '--', '--help']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('there is no such file');
  });

  it.each([
    ['no command', [], 'name a command'],
    ['an unknown command', ['frobnicate'], 'there is no command frobnicate'],
    ['a disguised command', ['a\u001b[31m\u202eb\nc'], 'there is no command a\ufffd[31m\ufffdb\ufffdc'],
  ])('refuses %s', async (_, args, says) => {
    const ran = await sandbox().run(args);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe(`purser: ${says}; see purser --help\n`);
  });
});
