import { spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { CompactEncrypt, GeneralEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { rsaPair, secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const rsa = rsaPair();
const passphrase = 'swordfish-canary';
const lockedPem = createPrivateKey(rsa.privatePem)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();
const passwordJwk = JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW', kid: 'team' });

function repository(): Sandbox {
  const repo = sandbox();
  repo.secret(passphrase);
  repo.write('prod.pub.pem', rsa.publicPem);
  repo.write('a.yaml', secretYaml('main', { password: 'hunter2-canary' }));
  return repo;
}

const sealing = ['encrypt', 'a.yaml', '-i', '--scheme', 'jwe', '--key', 'prod.pub.pem'];

describe('a key under a passphrase, without a terminal', () => {
  it('is refused with one sentence that says where it would be asked for', async () => {
    const repo = repository();
    repo.localKey('prod.pem', lockedPem);
    expect((await repo.run(sealing)).code).toBe(0);
    const ran = await repo.run(['decrypt', 'a.yaml']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toBe(
      'purser: a.yaml:7: stringData.password: the key local:prod is protected by a passphrase, and none was given; try again in the editor or at a terminal, where it is asked for\n',
    );
    expect((await repo.run(['decrypt', 'a.yaml'], { input: `${passphrase}\n` })).code).toBe(2);
  });

  it('does not stand in the way of another key that opens', async () => {
    const repo = repository();
    repo.localKey('a.pem', lockedPem);
    repo.localKey('b.pem', rsa.privatePem);
    await repo.run(sealing);
    expect((await repo.run(['decrypt', 'a.yaml'])).stdout).toContain('hunter2-canary');
  });
});

describe('a password, without a terminal', () => {
  it('opens and seals nothing', async () => {
    const repo = repository();
    repo.write('team.jwk', passwordJwk);
    const sealed = await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'jwe', '--key', 'team.jwk']);
    expect(sealed).toMatchObject({
      code: 2,
      stderr:
        'purser: a.yaml: the key team.jwk takes a password, and none was given; try again in the editor or at a terminal, where it is asked for\n',
    });
    const token = await new CompactEncrypt(Buffer.from('hunter2'))
      .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
      .encrypt(Buffer.from('correct horse'));
    repo.write('b.yaml', secretYaml('main', { password: token }));
    const ran = await repo.run(['decrypt', 'b.yaml']);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^purser: b\.yaml:7: stringData\.password: this value is sealed with a password/,
      ),
    });
    expect((await repo.run(['describe', 'b.yaml'])).stdout).toMatch(
      /^stringData\.password: jwe PBES2-HS512\+A256KW 7 B sha256:[\da-f]{8}\n$/,
    );
  });
});

describe('RSA-OAEP with SHA-1', () => {
  const old = (header: object = {}) =>
    new CompactEncrypt(Buffer.from('hunter2-canary'))
      .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A128CBC-HS256', ...header })
      .encrypt(createPublicKey(rsa.publicPem));
  const warning =
    /^purser: a\.yaml:7: stringData\.password: it is sealed with RSA-OAEP \(SHA-1\), which is out of date; purser rotate seals it again\n$/;

  it('is opened with a warning, and sealed again by rotate to the same key', async () => {
    const repo = repository();
    repo.localKey('prod.pem', rsa.privatePem);
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - path: "**"\n    scheme: jwe\n    keys: [prod.pub.pem]\n',
    );
    repo.write('a.yaml', secretYaml('main', { password: await old() }));
    const opened = await repo.run(['decrypt', 'a.yaml']);
    expect(opened).toMatchObject({ code: 0, stderr: expect.stringMatching(warning) });
    expect(opened.stdout).toContain('hunter2-canary');
    expect((await repo.run(['rotate', 'a.yaml'])).stderr).toMatch(/1 sealed again/);
    expect((await repo.run(['describe', 'a.yaml'])).stdout).toContain('jwe RSA-OAEP-256 ');
    const again = await repo.run(['decrypt', 'a.yaml']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect((await repo.run(['rotate', 'a.yaml'])).stderr).toMatch(/nothing to seal again/);
  });

  it('warns of a whole file too', async () => {
    const repo = repository();
    repo.localKey('prod.pem', rsa.privatePem);
    repo.write('a.kubeconfig.enc', await old());
    const ran = await repo.run(['decrypt', 'a.kubeconfig.enc']);
    expect(ran).toMatchObject({ code: 0, stdout: 'hunter2-canary' });
    expect(ran.stderr).toMatch(/^purser: a\.kubeconfig\.enc: it is sealed with RSA-OAEP \(SHA-1\)/);
  });

  it('is never sealed, also where a key says so itself', async () => {
    const repo = repository();
    const jwk = { ...createPrivateKey(rsa.privatePem).export({ format: 'jwk' }), alg: 'RSA-OAEP' };
    repo.write('old.jwk', JSON.stringify(jwk));
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'jwe', '--key', 'old.jwk']);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/opens and never seals with/) });
    repo.write('a.yaml', secretYaml('main', { password: await old() }));
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'old.jwk'])).stdout).toContain('hunter2-canary');
  });

  it('refuses RSA1_5 with a sentence', async () => {
    const repo = repository();
    repo.localKey('prod.pem', rsa.privatePem);
    const header = Buffer.from('{"alg":"RSA1_5","enc":"A128GCM"}').toString('base64url');
    const zeros = (size: number) => Buffer.alloc(size).toString('base64url');
    repo.write(
      'a.yaml',
      secretYaml('main', { password: [header, zeros(256), zeros(12), zeros(8), zeros(16)].join('.') }),
    );
    const ran = await repo.run(['decrypt', 'a.yaml']);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^purser: a\.yaml:7: .*RSA1_5, which is not safe to open; /),
    });
  });
});

describe('a JWE for two recipients', () => {
  it('is called what it is, and left as it is', async () => {
    const repo = repository();
    repo.localKey('prod.pem', rsa.privatePem);
    const token = await new GeneralEncrypt(Buffer.from('hunter2-canary'))
      .setProtectedHeader({ enc: 'A128CBC-HS256' })
      .addRecipient(createPublicKey(rsa.publicPem))
      .setUnprotectedHeader({ alg: 'RSA-OAEP-256' })
      .addRecipient(createPublicKey(rsaPair().publicPem))
      .setUnprotectedHeader({ alg: 'RSA-OAEP-256' })
      .encrypt();
    const manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      stringData: { password: JSON.stringify(token) },
    };
    repo.write('a.json', JSON.stringify(manifest));
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: jwe, keys: [prod.pub.pem], opened-by: pipeline}\n',
    );
    const says =
      'this jwe ciphertext is in order, but Purser does not open it: it is sealed to 2 recipients, and Purser opens what is sealed to one; ';
    for (const command of ['decrypt', 'rotate']) {
      const ran = await repo.run([command, 'a.json']);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toContain(`purser: a.json:1: stringData.password: ${says}`);
    }
    expect(await repo.run(['scan', 'a.json'])).toMatchObject({ code: 0, stdout: '' });
    expect((await repo.run(['describe', 'a.json'])).stdout).toMatch(
      /^stringData\.password: jwe RSA-OAEP-256 2 recipients 16 B sha256:/,
    );
    repo.write('b.jwe', JSON.stringify(token));
    expect((await repo.run(['decrypt', 'b.jwe'])).stderr).toContain(says);
  });
});

describe('a JWK Set', () => {
  it('seals to its first key for encryption, and opens with each', async () => {
    const repo = repository();
    const jwkOf = (pem: string, more: object) => ({
      ...createPrivateKey(pem).export({ format: 'jwk' }),
      ...more,
    });
    const next = rsaPair();
    const keys = [
      jwkOf(next.privatePem, { kid: 'next', use: 'enc' }),
      jwkOf(rsa.privatePem, { kid: 'now', use: 'enc' }),
    ];
    await repo.run(sealing);
    repo.write('keys.jwk', JSON.stringify({ keys }));
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'keys.jwk'])).stdout).toContain('hunter2-canary');
    repo.write('a.yaml', secretYaml('main', { password: 'hunter2-canary' }));
    await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'jwe', '--key', 'keys.jwk']);
    expect((await repo.run(['describe', 'a.yaml'])).stdout).toContain(' kid next ');
  });
});

/** Runs a command on a terminal of its own, and types each answer when its question is there. */
async function typed(
  repo: Sandbox,
  args: readonly string[],
  answers: readonly (readonly [string, string])[],
) {
  const command = [process.execPath, repo.program, ...args].map((part) => `'${part}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: repo.root, env: repo.env });
  const waiting = [...answers];
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const [question, answer] = waiting[0] ?? [];
    if (question === undefined || !shown.includes(question)) return;
    waiting.shift();
    child.stdin.write(`${answer}\r`);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, shown, unasked: waiting.length };
}

const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasTerminals)('at a terminal', () => {
  it('a passphrase is asked for once, unseen, and opens every value', async () => {
    const repo = repository();
    repo.localKey('prod.pem', lockedPem);
    repo.write('a.yaml', secretYaml('main', { password: 'hunter2-canary', pin: '0815-canary' }));
    await repo.run(sealing);
    const ran = await typed(repo, ['decrypt', 'a.yaml', '-i'], [['Passphrase of local:prod: ', passphrase]]);
    expect(ran).toMatchObject({ code: 0, unasked: 0 });
    expect(ran.shown).not.toContain('canary');
    expect(repo.text('a.yaml')).toContain('hunter2-canary');
  });

  it('a wrong passphrase is one sentence', async () => {
    const repo = repository();
    repo.localKey('prod.pem', lockedPem);
    await repo.run(sealing);
    const ran = await typed(repo, ['decrypt', 'a.yaml'], [['Passphrase of local:prod: ', 'wrong-canary']]);
    expect(ran.code).toBe(2);
    expect(ran.shown.trim().split('\r\n').at(-1)).toBe(
      'purser: a.yaml:7: stringData.password: the passphrase that was typed is not the one of the key local:prod; try again with the one it was encrypted with',
    );
    expect(ran.shown).not.toContain('canary');
  });

  it('a password is typed twice to seal and once to open', async () => {
    const repo = repository();
    repo.write('team.jwk', passwordJwk);
    const seals = ['encrypt', 'a.yaml', '-i', '--scheme', 'jwe', '--key', 'team.jwk'] as const;
    const both = [
      ['Password of team.jwk: ', passphrase],
      ['Password again of team.jwk: ', passphrase],
    ] as const;
    expect(await typed(repo, seals, both)).toMatchObject({ code: 0, unasked: 0 });
    expect((await repo.run(['describe', 'a.yaml'])).stdout).toContain('jwe PBES2-HS256+A128KW kid team ');
    const other = [both[0], ['Password again of team.jwk: ', 'wrong-canary']] as const;
    repo.write('b.yaml', secretYaml('main', { password: 'hunter2-canary' }));
    const mistyped = await typed(repo, [seals[0], 'b.yaml', ...seals.slice(2)], other);
    expect(mistyped.code).toBe(2);
    expect(mistyped.shown).toContain('another password for the key team.jwk; type the same one twice');
    const opened = await typed(repo, ['decrypt', 'a.yaml', '-i'], [['Password of values', passphrase]]);
    expect(opened).toMatchObject({ code: 0, unasked: 0 });
    expect(repo.text('a.yaml')).toContain('hunter2-canary');
  });
});
