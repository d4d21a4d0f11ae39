import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ageRepository, changedKeys } from '../../support/age-repository.ts';
import { describeTls, type TestCertificate } from '../../support/certificates.ts';
import { useCli } from '../../support/cli.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const clear = secretYaml('main', { password: 'hunter2-canary', user: 'ann' });

const lostToken = `ENC[AES256_GCM,data:AA==,iv:AA==,tag:${'A'.repeat(22)}==,type:str]`;

async function repository(content = clear) {
  const { repo, ...rest } = await ageRepository(sandbox());
  repo.secret('hunter2-canary');
  repo.secret('new-canary');
  repo.write('a.yaml', content);
  return { repo, ...rest };
}

async function sealed(content = clear) {
  const made = await repository(content);
  const ran = await made.repo.run(['encrypt', 'a.yaml', '-i'], { env: made.env });
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/^purser: a\.yaml: \d encrypted\n$/) });
  return made;
}

describe('purser encrypt, where a .sops.yaml covers the file', () => {
  it('seals to its recipients, opens again, and then has nothing to do', async () => {
    const { repo, env } = await sealed();
    expect(repo.text('a.yaml')).toMatch(/ {2}password: "ENC\[AES256_GCM,/);
    expect((await repo.run(['decrypt', 'a.yaml'], { env })).stdout).toBe(clear);
    const before = repo.text('a.yaml');
    const again = await repo.run(['encrypt', 'a.yaml', '-i'], { env });
    expect(again).toMatchObject({
      code: 0,
      stderr: 'purser: a.yaml: nothing to encrypt (2 values looked at)\n',
    });
    expect(repo.text('a.yaml')).toBe(before);
  });

  it('asks for a recipient to be accepted unless its key is at hand', async () => {
    const { repo, recipient } = await repository();
    const refused = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(recipient);
    expect((await repo.run(['encrypt', 'a.yaml', '-i', '--accept-key', recipient])).code).toBe(0);
  });

  it('takes the policy of the file that -o names', async () => {
    const { repo, env } = await repository();
    repo.write('elsewhere/.purser.yaml', 'version: 1\nrules: []\n');
    repo.write('elsewhere/a.yaml', clear);
    const ran = await repo.run(['encrypt', 'elsewhere/a.yaml', '-o', 'b.yaml'], { env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('b.yaml')).toContain('ENC[');
    expect((await repo.run(['encrypt', 'a.yaml', '-o', 'elsewhere/b.yaml'], { env })).code).toBe(2);
  });

  it.each([
    [
      '--entry',
      ['--entry', 'stringData.user'],
      'the values that its rule in .sops.yaml says, so --entry cannot',
    ],
    ['--all', ['--all'], 'so --all cannot be used with it'],
    ['--whole', ['--whole'], 'so --whole cannot be used with it'],
    ['--key', ['--key', 'k.pem'], 'is said in .sops.yaml, not by --key'],
  ])('refuses %s with one sentence', async (_, options, says) => {
    const { repo, env } = await repository();
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...options], { env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('seals no single value of another scheme into it', async () => {
    const { repo, env } = await sealed(`${clear}type: Opaque\n`);
    repo.write('a.yaml', repo.text('a.yaml').replace(/password: "ENC.*/, 'password: hunter2-canary'));
    repo.localKey('dev.fernet', symmetricKey());
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'fernet', '--key', 'local:dev'], {
      env,
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^purser: a\.yaml:7: stringData\.password: this value stands in a document that is/,
    );
  });

  it.each([
    ['a list at its top', '- a\n- b\n', 2, 'would not read this file'],
    ['a key that is no text', `${clear}1: x\n`, 2, 'would not read this file'],
    ['a key that stands twice', `${clear}kind: Secret\n`, 2, 'would not read this file'],
    ['merge markers', `<<<<<<< a\n${clear}`, 2, 'would not read this file'],
    [
      'values that SOPS encrypted, and no sops mapping',
      `${clear}  a: ${lostToken}\n`,
      1,
      'is damaged: it has values',
    ],
    ['nothing that its rule matches', 'kind: ConfigMap\n', 2, 'matches no value of this file'],
  ])('refuses a file with %s, in one sentence', async (_, content, code, says) => {
    const { repo, env } = await repository(content);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i'], { env });
    expect([ran.code, ran.stderr]).toEqual([
      code,
      expect.stringMatching(/^purser: a\.yaml:(?:\d+:)? .*; .*\n$/),
    ]);
    expect(ran.stderr).toContain(says);
    expect(repo.text('a.yaml')).toBe(content);
  });

  it.each(['age1../../bin/sh1qqqq', '/etc/passwd', 'age1yubikey1qqqq'])(
    'runs nothing for the recipient %s, and says that it cannot be used',
    async (recipient) => {
      const { repo } = await repository();
      repo.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n`);
      const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--accept-key', recipient]);
      expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/^purser: \S+: .*; .*\n$/)]);
    },
  );

  it('keeps a byte order mark, CRLF and JSON as they are', async () => {
    const { repo, env } = await repository();
    const crlf = `\ufeff${clear.replaceAll('\n', '\r\n')}`;
    const json = `{"kind": "Secret", "stringData": {"a": "hunter2-canary"}}\n`;
    for (const [name, content] of [
      ['crlf.yaml', crlf],
      ['a.json', json],
    ] as const) {
      repo.write(name, content);
      expect((await repo.run(['encrypt', name, '-i'], { env })).code).toBe(0);
      expect(repo.text(name)).not.toContain('canary');
      expect(Buffer.from((await repo.run(['decrypt', name], { env })).bytes).toString()).toBe(content);
    }
  });
});

describe('purser set in a SOPS file', () => {
  it('changes three lines, under the data key that is there', async () => {
    const { repo, env, recipient } = await sealed();
    const before = repo.text('a.yaml');
    repo.write('.sops.yaml', repo.text('.sops.yaml').replace(recipient, 'age1other'));
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password'], { env, input: 'new-canary' });
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: a.yaml: stringData.password set\n' });
    expect(changedKeys(before, repo.text('a.yaml'))).toEqual(['password', 'mac']);
    const opened = (await repo.run(['decrypt', 'a.yaml'], { env })).stdout;
    expect(opened).toBe(clear.replace('hunter2-canary', 'new-canary'));
  });

  it('adds a value that is not there', async () => {
    const { repo, env } = await sealed();
    const ran = await repo.run(['set', 'a.yaml', 'stringData.more'], { env, input: 'new-canary' });
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: a.yaml: stringData.more added\n' });
    expect((await repo.run(['decrypt', 'a.yaml'], { env })).stdout).toContain('  more: new-canary\n');
  });

  it('says who could open it where nothing at hand does', async () => {
    const { repo, recipient } = await sealed();
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password'], { input: 'new-canary' });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`which is sealed to ${recipient}`);
    const command = { env: { SOPS_AGE_KEY_CMD: 'touch ran' } };
    const asked = await repo.run(['decrypt', 'a.yaml'], command);
    expect(asked.code).toBe(1);
    expect(asked.stderr).toContain('Purser does not run the command in SOPS_AGE_KEY_CMD');
    expect(repo.exists('ran')).toBe(false);
  });
});

describe('purser decrypt of a SOPS file', () => {
  it('opens no single entry, and says what to do', async () => {
    const { repo, env } = await sealed();
    const ran = await repo.run(['decrypt', 'a.yaml', '--entry', 'stringData.password'], { env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('seals as a whole: leave out --entry, or peek at it in the editor');
  });

  it('opens with a key file that --key names', async () => {
    const { repo, env } = await sealed();
    repo.write('me.age', readFileSync(env.SOPS_AGE_KEY_FILE));
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'me.age'])).stdout).toBe(clear);
  });

  it.each([
    ['a value edited by hand', (text: string) => text.replace(/^type: .*/m, 'type: other'), 1],
    ['a ciphertext of another place', moveValue, 1],
    ['merge markers', (text: string) => text.replace(/^( +user:)/m, '<<<<<<< a\n$1'), 2],
    ['a duplicate key', (text: string) => text.replace(/^( +user: .*)/m, '$1\n$1'), 2],
    [
      'documents put into another order',
      (text: string) =>
        text
          .split(/^---\n/m)
          .toReversed()
          .join('---\n'),
      1,
    ],
    ['no MAC', (text: string) => text.replace(/^ +mac: .*\n/m, ''), 1],
    [
      'a huge scrypt factor',
      (text: string) => text.replace(/enc: \|[^]*?recipient/, `enc: |\n${hugeScrypt}      recipient`),
      1,
    ],
    ['a ciphertext cut short', (text: string) => text.replace(/(password: "ENC\[.{20}).*/, '$1"'), 1],
    ['another document before it', (text: string) => `- a\n---\n${text}`, 2],
  ])('refuses %s with one sentence', async (_, spoil, code) => {
    const { repo, env } = await sealed(`${clear}type: Opaque\n---\nkind: Secret\nstringData: {a: b}\n`);
    const spoilt = spoil(repo.text('a.yaml'));
    expect(spoilt).not.toBe(repo.text('a.yaml'));
    repo.write('a.yaml', spoilt);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i'], { env });
    expect([ran.code, ran.stderr]).toEqual([
      code,
      expect.stringMatching(/^purser: a\.yaml:(?:\d+:)? .*; .*\n$/),
    ]);
    expect(repo.text('a.yaml')).toBe(spoilt);
  });
});

function moveValue(text: string): string {
  const user = /user: (.*)/.exec(text)?.[1] ?? '';
  return text.replace(/password: .*/, `password: ${user}`);
}

/** An age file for a passphrase that takes 2^40 rounds to turn into a key. */
const hugeScrypt = [
  '-----BEGIN AGE ENCRYPTED FILE-----',
  Buffer.from(
    `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 40\n${'A'.repeat(43)}\n--- ${'A'.repeat(43)}\n${'\0'.repeat(40)}`,
  )
    .toString('base64')
    .replace(/.{64}/g, '$&\n'),
  '-----END AGE ENCRYPTED FILE-----',
]
  .join('\n')
  .replace(/^/gm, '            ')
  .concat('\n');

describeTls('Sealed Secrets at the command line', (make) => {
  let own: TestCertificate | undefined;

  function withCertificate() {
    const repo = sandbox();
    own ??= make({ name: 'sealing.example', rsaBits: 2048 });
    repo.write('cert.pem', own.cert);
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [cert.pem]}\n',
    );
    repo.localKey('controller.key', own.key);
    repo.write('a.yaml', `# mine\n${clear}`);
    repo.secret('hunter2-canary');
    return { repo, key: own.key };
  }

  it('seals a Secret to an accepted certificate, and opens it with the key', async () => {
    const { repo, key } = withCertificate();
    const refused = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(refused.code).toBe(2);
    const fingerprint = /SHA256:[\w+/]{43}=?/.exec(refused.stderr)?.[0] ?? '';
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--accept-key', fingerprint]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('purser: a.yaml: 2 encrypted (not opened again to verify');
    expect(repo.text('a.yaml')).toMatch(/^# mine\n[^]*kind: SealedSecret\n/);
    repo.write('controller.pem', key);
    const opened = await repo.run(['decrypt', 'a.yaml', '--key', 'controller.pem']);
    expect(opened.code, opened.stderr).toBe(0);
    expect(opened.stdout).toContain(`password: ${Buffer.from('hunter2-canary').toString('base64')}`);
    const again = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing to encrypt (2 values') });
  });

  it('sets and adds one value without touching the others, and opens values of two schemes at once', async () => {
    const { repo, key } = withCertificate();
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'cert.pem']);
    const before = repo.text('a.yaml');
    const set = await repo.run(['set', 'a.yaml', 'encryptedData.password', '--key', 'cert.pem'], {
      input: 'x',
    });
    expect(set.code, set.stderr).toBe(0);
    expect(changedKeys(before, repo.text('a.yaml'))).toEqual(['password']);
    const added = await repo.run(['set', 'a.yaml', 'data.more', '--key', 'cert.pem'], { input: 'y' });
    expect(added.stderr).toContain('purser: a.yaml: data.more added');
    repo.localKey('dev.fernet', symmetricKey());
    repo.write('b.yaml', secretYaml('other', { token: 'hunter2-canary' }));
    await repo.run(['encrypt', 'b.yaml', '-i', '--scheme', 'fernet', '--key', 'local:dev']);
    repo.write('a.yaml', `${repo.text('a.yaml')}---\n${repo.text('b.yaml')}`);
    repo.localKey('controller.pem', key);
    const opened = await repo.run(['decrypt', 'a.yaml']);
    expect(opened.code, opened.stderr).toBe(0);
    expect(opened.stdout).toMatch(
      /kind: Secret\n[^]*password: eA==\n[^]*more: eQ==\n[^]*token: "?hunter2-canary/,
    );
    const one = await repo.run(['decrypt', 'a.yaml', '--entry', 'stringData.token']);
    expect(one.stdout).toMatch(/kind: SealedSecret\n[^]*token: "?hunter2-canary/);
  });

  it('is moved to the certificate of today by rotate, where the old key is at hand', async () => {
    const { repo, key } = withCertificate();
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'cert.pem']);
    const next = make({ name: 'sealing.example', rsaBits: 2048 });
    repo.write('cert.pem', next.cert);
    const shut = await repo.run(['rotate', '.', '--key', 'cert.pem']);
    expect([shut.code, shut.stderr]).toEqual([
      1,
      expect.stringMatching(/^purser: a\.yaml:\d+: no key at hand opens this .*\n$/),
    ]);
    repo.localKey('old.pem', key);
    const ran = await repo.run(['rotate', '.', '--key', 'cert.pem']);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('purser: a.yaml: 1 sealed again') });
    repo.write('k/next.pem', next.key);
    const opened = await repo.run(['decrypt', 'a.yaml', '--key', 'k/next.pem']);
    expect(opened.stdout).toContain(`password: ${Buffer.from('hunter2-canary').toString('base64')}`);
  });

  it.each([
    ['that is no certificate', 'cert.pem', 'hello', 'cert.pem'],
    ['for a key that is not RSA', 'cert.pem', undefined, 'cert.pem'],
  ])('refuses a certificate %s', async (_, name, content, says) => {
    const { repo } = withCertificate();
    repo.write(name, content ?? make({ name: 'sealing.example' }).cert);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--key', name]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses to open an item that was sealed for another name', async () => {
    const { repo, key } = withCertificate();
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'cert.pem']);
    repo.write('a.yaml', repo.text('a.yaml').replaceAll('name: main', 'name: other'));
    repo.localKey('controller.pem', key);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^purser: a\.yaml:\d+: .*\n$/);
  });
});
