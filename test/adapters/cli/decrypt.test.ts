import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { ecPair, rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const [rsa, otherRsa, ec] = [rsaPair(), rsaPair(), ecPair()];

const values = { password: 'hunter2-canary', pin: 'line one-canary\nline two\n' };
const clear = secretYaml('main', values);

function repository(): Sandbox {
  const repo = sandbox();
  repo.secret('hunter2-canary');
  repo.secret('line one-canary');
  return repo;
}

const keyArguments = {
  jwe: {
    seal: 'prod.pub.pem',
    open: 'prod.pem',
    files: { 'prod.pub.pem': rsa.publicPem, 'prod.pem': rsa.privatePem },
  },
  fernet: { seal: 'dev.key', open: 'dev.key', files: { 'dev.key': symmetricKey() } },
  secretbox: { seal: 'dev=dev.key', open: 'dev=dev.key', files: { 'dev.key': symmetricKey() } },
} as const;
type Scheme = keyof typeof keyArguments;
const schemes = ['jwe', 'fernet', 'secretbox'] as const;

async function sealed(scheme: Scheme, text = clear): Promise<Sandbox> {
  const repo = repository();
  const { seal, files } = keyArguments[scheme];
  for (const [file, content] of Object.entries(files)) repo.write(file, content);
  repo.write('a.yaml', text);
  const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--all', '--scheme', scheme, '--key', seal]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(repo.text('a.yaml')).not.toContain('canary');
  return repo;
}

/** A JWE that was made for a value, alone in `deep/notes.enc`. */
async function movedToFile(): Promise<Sandbox> {
  const repo = await sealed('jwe');
  repo.write('deep/notes.enc', `${/password: "(eyJ[^"]+)"/.exec(repo.text('a.yaml'))?.[1]}\n`);
  return repo;
}

const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.each(schemes)('purser decrypt, %s', (scheme) => {
  const { open } = keyArguments[scheme];
  let repo: Sandbox;
  let ciphertext: string;
  beforeAll(async () => {
    repo = await sealed(scheme);
    ciphertext = repo.text('a.yaml');
  });

  it('gives the original values back', async () => {
    const ran = await repo.run(['decrypt', 'a.yaml', '--key', open]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('password: "hunter2-canary"');
    expect(ran.stdout).toContain('line one-canary');
    expect(repo.text('a.yaml')).toBe(ciphertext);
  });

  it('opens only the entry it is asked for, and prints the whole document', async () => {
    const ran = await repo.run(['decrypt', 'a.yaml', '--key', open, '--entry', 'stringData.password']);
    expect(ran.stdout).toContain('password: "hunter2-canary"');
    expect(ran.stdout).not.toContain('line one');
    expect(ran.stdout.replace(/password: .*/, '')).toBe(ciphertext.replace(/password: .*/, ''));
  });

  it('exits with 1 and tells file, line and entry where no key is at hand', async () => {
    const ran = await repo.run(['decrypt', 'a.yaml', '-i']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      new RegExp(
        `^purser: a\\.yaml:7: stringData\\.password: no key at hand opens this ${scheme} ciphertext`,
      ),
    );
  });

  it('refuses a cut and an altered ciphertext, and writes nothing', async () => {
    for (const damage of [cutToken, flipTokenMiddle]) {
      repo.write('b.yaml', damage(ciphertext));
      const ran = await repo.run(['decrypt', 'b.yaml', '-i', '--key', open]);
      expect(ran.code, ran.stderr).toBe(1);
      expect(ran.stderr).toMatch(/^purser: b\.yaml:7: stringData\.password: /);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('does nothing for a document that is not encrypted', async () => {
    repo.write('clear.yaml', clear);
    const ran = await repo.run(['decrypt', 'clear.yaml', '--key', open]);
    expect(ran).toMatchObject({ code: 0, stdout: clear });
  });
});

function cutToken(text: string): string {
  return text.replace(/(password: "[^"]+)[^"]{7}"/, '$1"');
}

function flipTokenMiddle(text: string): string {
  return text.replace(/password: "([^"]+)"/, (_, token: string) => {
    const at = token.length - 30;
    return `password: "${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}"`;
  });
}

describe('purser decrypt', () => {
  it('is all or nothing: one entry that does not open leaves the file as it was', async () => {
    const repo = await sealed('fernet');
    const half = repo
      .text('a.yaml')
      .replace(/pin: "[^"]+"/, (pin) =>
        flipTokenMiddle(pin.replace('pin', 'password')).replace('password', 'pin'),
      );
    repo.write('a.yaml', half);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'dev.key']);
    expect(ran.code).toBe(1);
    expect(repo.text('a.yaml')).toBe(half);
    expect(
      (await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'dev.key', '--entry', 'stringData.password']))
        .code,
    ).toBe(0);
  });

  it.each([
    ['a wrong key', 'wrong.key', symmetricKey(), 1, 'none of the keys at hand opens this fernet ciphertext'],
    ['a key of the wrong size', 'short.key', 'c2hvcnQ=\n', 2, 'cannot be used: it has 8 characters'],
    ['a key of the wrong kind', 'rsa.pem', rsa.privatePem, 2, 'cannot be used'],
    ['an empty key', 'empty.key', '', 2, 'it is empty'],
  ])('refuses %s in one sentence that names it', async (_, file, content, code, says) => {
    const repo = await sealed('fernet');
    repo.write(file, content);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', file]);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(says);
    if (code === 2) expect(ran.stderr).toContain(file);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['another RSA key', otherRsa.privatePem],
    ['an EC key', ec.privatePem],
    ['only the public half', rsa.publicPem],
  ])('does not open a JWE with %s', async (_, pem) => {
    const repo = await sealed('jwe');
    repo.write('other.pem', pem);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'other.pem']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^purser: a\.yaml:7: stringData\.password: /);
  });

  it.each([
    ['RSA1_5', { alg: 'RSA1_5', enc: 'A128CBC-HS256' }],
    ['alg none', { alg: 'none', enc: 'A128CBC-HS256' }],
    ['dir with an RSA key', { alg: 'dir', enc: 'A128CBC-HS256' }],
    ['compression', { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', zip: 'DEF' }],
    [
      'more PBES2 rounds than there is time for',
      { alg: 'PBES2-HS256+A128KW', enc: 'A128CBC-HS256', p2c: 1e9, p2s: 'c2FsdA' },
    ],
    ['unknown extensions', { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', crit: ['purser'] }],
  ])('refuses a token with %s at once', async (_, header) => {
    const repo = await sealed('jwe');
    const token = repo.text('a.yaml').replace(/password: "[\w-]+\./, () => {
      const encoded = Buffer.from(JSON.stringify(header)).toString('base64url');
      return `password: "${encoded}.`;
    });
    repo.write('a.yaml', token);
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'prod.pem']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^purser: a\.yaml:7: stringData\.password: /);
  });

  it('refuses a JWE that was moved to another entry or Secret', async () => {
    const repo = await sealed('jwe');
    repo.write('a.yaml', repo.text('a.yaml').replace('name: main', 'name: elsewhere'));
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'prod.pem']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('was made for db/main#password but stands at db/elsewhere#password');
  });

  it('refuses a JWE that was made for a value and stands alone in a file', async () => {
    const repo = await movedToFile();
    const refused =
      'purser: deep/notes.enc: this ciphertext was made for db/main#password but stands at notes.enc; find out who moved it, or set the value again\n';
    for (const output of [[], ['-i'], ['-o', 'clear.txt']]) {
      const ran = await repo.run(['decrypt', 'deep/notes.enc', '--key', 'prod.pem', ...output]);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: refused });
    }
  });

  it.skipIf(!hasTerminals).each([
    ['n', 1, false],
    ['y', 0, true],
  ])('asks about it at a terminal, and does what is answered: %s', async (answer, code, opened) => {
    const repo = await movedToFile();
    const args = [process.execPath, repo.program, 'decrypt', 'deep/notes.enc', '--key', 'prod.pem'];
    const command = args.map((part) => `'${part}'`).join(' ');
    const options = { cwd: repo.root, env: repo.env, input: `${answer}\n`, encoding: 'utf8' } as const;
    const ran = spawnSync('script', ['-qec', command, '/dev/null'], options);
    expect(ran.stdout).toContain('A ciphertext here was made for db/main#password. Open it all the same?');
    expect(ran.stdout.includes('hunter2-canary')).toBe(opened);
    expect(ran.status).toBe(code);
  });

  it('refuses a binary value in stringData and opens it in data', async () => {
    const repo = await sealed('fernet', 'kind: Secret\nmetadata:\n  name: b\ndata:\n  blob: AAH//gA=\n');
    const opened = await repo.run(['decrypt', 'a.yaml', '--key', 'dev.key']);
    expect(opened.stdout).toContain('blob: AAH//gA=');
    const token = Buffer.from(/blob: (\S+)/.exec(repo.text('a.yaml'))?.[1] ?? '', 'base64').toString();
    repo.write('b.yaml', `kind: Secret\nstringData:\n  blob: ${token}\n`);
    const ran = await repo.run(['decrypt', 'b.yaml', '--key', 'dev.key']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('this value is binary, which stringData cannot hold');
  });

  it('uses the key folder, and tries every key of a rule', async () => {
    const repo = await sealed('fernet');
    const files = repo.text('dev.key');
    repo.localKey('other.fernet', symmetricKey());
    repo.localKey('mine.fernet', files);
    expect((await repo.run(['decrypt', 'a.yaml'])).stdout).toContain('hunter2-canary');
    const bare = await sealed('fernet');
    bare.localKey('new.fernet', symmetricKey());
    bare.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - path: "**"\n    scheme: fernet\n    keys: [local:new, local:gone, env:OLD]\n',
    );
    const ran = await bare.run(['decrypt', 'a.yaml'], { env: { OLD: bare.text('dev.key') } });
    expect(ran.stdout).toContain('hunter2-canary');
  });

  it('goes on although another key in the key folder cannot be read', async () => {
    const repo = await sealed('fernet');
    repo.localKey('mine.fernet', repo.text('dev.key'));
    repo.localKey('huge.fernet', 'x'.repeat(17 * 1024 * 1024));
    expect((await repo.run(['decrypt', 'a.yaml'])).stdout).toContain('hunter2-canary');
  });

  it('reads stdin and writes with -o, readable by the owner alone', async () => {
    const repo = await sealed('fernet');
    const piped = await repo.run(['decrypt', '-', '--key', 'dev.key'], { input: repo.text('a.yaml') });
    expect(piped.stdout).toContain('hunter2-canary');
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'dev.key', '-o', 'clear.yaml'])).code).toBe(0);
    expect(repo.text('clear.yaml')).toContain('hunter2-canary');
    if (process.platform !== 'win32') expect(repo.mode('clear.yaml')).toBe(0o600);
  });

  it('refuses an entry that is not encrypted', async () => {
    const repo = await sealed('fernet');
    repo.write('clear.yaml', clear);
    const ran = await repo.run([
      'decrypt',
      'clear.yaml',
      '--key',
      'dev.key',
      '--entry',
      'stringData.password',
    ]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('clear.yaml:7: stringData.password: there is nothing encrypted here');
  });

  it('opens an entry once that is named twice', async () => {
    const repo = await sealed('fernet');
    const entry = ['--entry', 'stringData.password', '--entry', 'Secret/db/main#stringData.password'];
    const ran = await repo.run(['decrypt', 'a.yaml', '-i', '--key', 'dev.key', ...entry]);
    expect(ran.stderr).toBe('purser: a.yaml: 1 decrypted\n');
  });

  it('does not take a whole file whose token is cut for a document with nothing to open', async () => {
    const repo = repository();
    repo.write('dev.key', symmetricKey());
    repo.write('ci.enc', 'token: hunter2-canary\n');
    await repo.run(['encrypt', 'ci.enc', '-i', '--whole', '--scheme', 'fernet', '--key', 'dev.key']);
    repo.write('ci.enc', repo.text('ci.enc').slice(0, -5));
    const ran = await repo.run(['decrypt', 'ci.enc', '--key', 'dev.key']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('purser: ci.enc: this fernet ciphertext is damaged: ');
  });
});
