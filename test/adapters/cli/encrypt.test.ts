import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';
import { rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const rsa = rsaPair();
const windows = process.platform === 'win32';

const manifest = `# the main database
apiVersion: v1
kind: Secret
metadata:
  name: main
  namespace: db
stringData:
  password: "hunter2-canary"   # ask Ann
  username: admin
  placeholder: \${TOKEN}
  empty: ""
data:
  token: aHVudGVyMy1jYW5hcnk=
`;

function devRepo() {
  const repo = sandbox();
  repo.localKey('dev.fernet', repo.secret(symmetricKey()));
  repo.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - path: "**"\n    scheme: fernet\n    keys: [local:dev]\n',
  );
  repo.secret('hunter2-canary');
  repo.secret('hunter3-canary');
  return repo;
}

describe('purser encrypt', () => {
  it('seals the plaintext values where they stand and leaves every other byte alone', async () => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toBe('purser: a.yaml: 2 encrypted\n');
    const text = repo.text('a.yaml');
    expect(text).not.toContain('hunter2');
    expect(text).toMatch(/^ {2}password: "gAAAAA[\w=-]+" {3}# ask Ann$/m);
    expect(text).toMatch(/^ {2}token: Z0FBQUFB[\w+/=]+$/m);
    const others = (whole: string) => whole.split('\n').filter((line) => !/password|token:/.test(line));
    expect(others(text)).toEqual(others(manifest));
  });

  it('prints the sealed document and leaves the file alone without -i', async () => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/password: "gAAAAA/);
    expect(repo.text('a.yaml')).toBe(manifest);
  });

  it('writes to the file that -o names, by the policy of that path', async () => {
    const repo = devRepo();
    repo.localKey('out.secretbox', symmetricKey());
    repo.write(
      'out/.purser.yaml',
      'version: 1\nrules:\n  - path: "**"\n    scheme: secretbox\n    keys: [local:out]\n',
    );
    repo.write('a.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml', '-o', 'out/a.yaml']);
    expect(ran.code).toBe(0);
    expect(repo.text('out/a.yaml')).toContain('password: "k8s:enc:secretbox:v1:out:');
    expect(repo.text('a.yaml')).toBe(manifest);
  });

  it('reads stdin for -', async () => {
    const repo = devRepo();
    const ran = await repo.run(['encrypt', '-'], { input: manifest });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/password: "gAAAAA/);
  });

  it('takes the policy of -o for stdin too', async () => {
    const repo = devRepo();
    repo.write(
      'out/.purser.yaml',
      'version: 1\nrules:\n  - path: "**"\n    scheme: secretbox\n    keys: [local:out]\n',
    );
    repo.localKey('out.secretbox', symmetricKey());
    expect((await repo.run(['encrypt', '-', '-o', 'out/b.yaml'], { input: manifest })).code).toBe(0);
    expect(repo.text('out/b.yaml')).toContain('k8s:enc:secretbox:v1:out:');
  });

  it('adds the harmless literals with --all, but never placeholders and empty values', async () => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--all']);
    expect(ran.stderr).toBe('purser: a.yaml: 3 encrypted\n');
    const text = repo.text('a.yaml');
    expect(text).toMatch(/username: gAAAAA/);
    expect(text).toContain('placeholder: ${TOKEN}\n  empty: ""\n');
  });

  it('skips and counts what is sealed already, and then has nothing to do', async () => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.password']);
    const half = repo.text('a.yaml');
    const second = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(second.stderr).toBe('purser: a.yaml: 1 encrypted, 1 were encrypted already\n');
    const token = /password: "(gAAAAA[^"]+)"/.exec(half)?.[1] ?? 'none';
    expect(repo.text('a.yaml')).toContain(token);
    const whole = repo.text('a.yaml');
    const third = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(third.code).toBe(0);
    expect(third.stderr).toContain('nothing to encrypt');
    expect(repo.text('a.yaml')).toBe(whole);
  });

  it('does what it can for several files, tells of each failure, and exits with the worst', async () => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    repo.write('b.yaml', 'kind: Secret\nstringData:\n  password: &p hunter2-canary\n  again: *p\n');
    repo.write('c.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml', 'b.yaml', 'missing.yaml', 'c.yaml', '-i'], {
      mayWrite: true,
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^purser: b\.yaml:3: stringData\.password: this value is shared by an anchor and an alias \(line 4\); /m,
    );
    expect(ran.stderr).toMatch(/^purser: \S*missing\.yaml: it cannot be read: there is no such file; /m);
    expect(repo.text('a.yaml')).not.toContain('hunter2');
    expect(repo.text('c.yaml')).not.toContain('hunter2');
  });

  it.each([
    ['two files without -i', ['a.yaml', 'b.yaml'], 'name exactly one file'],
    ['two files with -o', ['a.yaml', 'b.yaml', '-o', 'c.yaml'], 'name exactly one file'],
    ['-i together with -o', ['a.yaml', '-i', '-o', 'c.yaml'], '-i and -o exclude each other'],
    ['stdin in place', ['-', '-i'], 'stdin cannot be written in place'],
    ['no file', [], 'name a file'],
    ['an unknown option', ['a.yaml', '--frobnicate'], "Unknown option '--frobnicate'"],
    [
      'an unknown scheme',
      ['a.yaml', '--scheme', 'rot13'],
      '--scheme takes jwe, fernet, secretbox, sealed-secrets or sops, not rot13',
    ],
  ])('refuses %s', async (_, args, says) => {
    const repo = devRepo();
    repo.write('a.yaml', manifest);
    repo.write('b.yaml', manifest);
    const ran = await repo.run(['encrypt', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says where nothing tells it how to encrypt', async () => {
    const repo = sandbox();
    repo.write('a.yaml', manifest);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toBe(
      'purser: a.yaml: nothing says how to encrypt this file; add a rule to .purser.yaml (where there is none, to .sops.yaml), or name --scheme and --key\n',
    );
  });

  it('uses a named public key without a policy, and says that it could not open the result', async () => {
    const repo = sandbox();
    repo.write('a.yaml', manifest);
    repo.write('prod.pub.pem', rsa.publicPem);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('2 encrypted (not opened again to verify: the private key is not at hand)');
    expect(repo.text('a.yaml')).toMatch(/password: "eyJ[\w-]+(?:\.[\w-]+){4}"/);
  });

  it('says nothing of verification where the private half is at hand', async () => {
    const repo = sandbox();
    repo.write('a.yaml', manifest);
    repo.localKey('prod.pem', repo.secret(rsa.privatePem));
    repo.write('prod.pub.pem', rsa.publicPem);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    expect(ran.stderr).toBe('purser: a.yaml: 2 encrypted\n');
  });

  it('binds a JWE to namespace, name and key', async () => {
    const repo = sandbox();
    repo.write('a.yaml', manifest);
    repo.write('prod.pub.pem', rsa.publicPem);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    const header = /password: "([\w-]+)\./.exec(repo.text('a.yaml'))?.[1] ?? '';
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      alg: 'RSA-OAEP-256',
      enc: 'A128CBC-HS256',
      purser: { for: 'db/main#password' },
    });
  });

  it.each([
    ['CRLF line ends', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big-endian UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('keeps %s through encrypt and decrypt', async (_, encode) => {
    const repo = devRepo();
    const original = encode(manifest);
    repo.write('a.yaml', original);
    expect((await repo.run(['encrypt', 'a.yaml', '-i'])).code).toBe(0);
    expect(Buffer.from(repo.bytes('a.yaml'))).not.toEqual(original);
    expect((await repo.run(['decrypt', 'a.yaml', '-i'])).code).toBe(0);
    expect(Buffer.from(repo.bytes('a.yaml'))).toEqual(original);
  });

  it.skipIf(windows)('keeps the mode of the file and follows a symbolic link to it', async () => {
    const repo = devRepo();
    const real = repo.write('real.yaml', manifest);
    chmodSync(real, 0o640);
    repo.link('real.yaml', 'link.yaml');
    expect((await repo.run(['encrypt', 'link.yaml', '-i'])).code).toBe(0);
    expect(repo.mode('real.yaml')).toBe(0o640);
    expect(repo.text('real.yaml')).not.toContain('hunter2');
    expect(repo.snapshot().get(repo.path('link.yaml'))).toBe('link to real.yaml');
  });

  it('seals every document and the items of lists', async () => {
    const repo = devRepo();
    const list = `apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  stringData:\n    password: hunter2-canary\n`;
    repo.write(
      'a.yaml',
      `${manifest}---\n${list}---\n{"kind":"Secret","stringData":{"password":"hunter2-canary"}}\n`,
    );
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran.stderr).toBe('purser: a.yaml: 4 encrypted\n');
    expect(repo.text('a.yaml')).not.toContain('hunter2');
  });

  it('splices a literal into a Helm template that is no YAML', async () => {
    const repo = devRepo();
    const template = `{{- if .Values.on }}\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\nstringData:\n  password: hunter2-canary # c\n  other: {{ .Values.other | quote }}\n{{- end }}\n`;
    repo.write('a.yaml', template);
    expect((await repo.run(['encrypt', 'a.yaml', '-i'])).code).toBe(0);
    expect(repo.text('a.yaml').replace(/gAAAAA[\w=-]+/, 'hunter2-canary')).toBe(template);
  });

  it('refuses a value of several lines in a file that does not parse, and says why', async () => {
    const repo = devRepo();
    repo.write(
      'a.yaml',
      `{{- if x }}\nkind: Secret\nstringData:\n  password: |\n    hunter2-canary\n    more\n{{ end }}\n`,
    );
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^purser: a\.yaml:4: stringData\.password: the document around this value does not parse/,
    );
  });

  it.each([
    [
      'an alias',
      '  a: &x hunter2-canary\n  password: *x\n',
      'this value is shared by an anchor and an alias (line 4)',
    ],
    [
      'a key that stands twice',
      '  password: hunter2-canary\n  password: hunter3-canary\n',
      'this key stands twice (line 4)',
    ],
    ['a tag', '  password: !!binary aHVudGVyMi1jYW5hcnk=\n', 'this value has the YAML tag !!binary'],
  ])('refuses %s, with the line', async (_, entries, says) => {
    const repo = devRepo();
    repo.write('a.yaml', `kind: Secret\nstringData:\n${entries}`);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr).toMatch(/^purser: a\.yaml:3: /);
  });

  it('refuses a collection where a value should be', async () => {
    const repo = devRepo();
    repo.write('a.yaml', 'kind: Secret\nstringData:\n  password: [hunter2-canary]\n');
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.password']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: a\.yaml:3: stringData\.password: this value is a list or a mapping/);
  });
});

describe('purser encrypt --entry', () => {
  const two = `${secretYaml('one', { password: 'hunter2-canary' })}---\n${secretYaml('two', { password: 'hunter2-canary', username: 'ann' })}`;

  it('seals just that entry, whatever it holds', async () => {
    const repo = devRepo();
    repo.write('a.yaml', two);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.username']);
    expect(ran.stderr).toBe('purser: a.yaml: 1 encrypted\n');
    expect(repo.text('a.yaml')).toMatch(/username: "gAAAAA/);
    expect(repo.text('a.yaml').match(/hunter2-canary/g)).toHaveLength(2);
  });

  it('lists the candidates of an entry that may be several', async () => {
    const repo = devRepo();
    repo.write('a.yaml', two);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.password']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(
      'stringData.password may be Secret/db/one#stringData.password or Secret/db/two#stringData.password',
    );
  });

  it('takes the full form, and several entries', async () => {
    const repo = devRepo();
    repo.write('a.yaml', two);
    const entry = ['--entry', 'Secret/db/two#stringData.password', '--entry', 'stringData.username'];
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...entry]);
    expect(ran.stderr).toBe('purser: a.yaml: 2 encrypted\n');
    const [first, second] = repo.text('a.yaml').split('---\n');
    expect(first).toContain('hunter2-canary');
    expect(second).not.toContain('hunter2-canary');
  });

  it('takes a key with dots', async () => {
    const repo = devRepo();
    repo.write('a.yaml', 'kind: Secret\nstringData:\n  tls.key.old: hunter2-canary\n');
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', 'stringData.tls.key.old']);
    expect(ran.code).toBe(0);
  });

  it.each([
    ['an entry that is not there', 'stringData.nope', 'there is no entry stringData.nope'],
    ['an object that is not there', 'Secret/x/y#stringData.password', 'there is no entry Secret/x/y#'],
    ['another spelling', 'password', 'an entry is written [Kind/namespace/name#]data.KEY'],
  ])('refuses %s', async (_, entry, says) => {
    const repo = devRepo();
    repo.write('a.yaml', two);
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', '--entry', entry]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: a\.yaml: /);
    expect(ran.stderr).toContain(says);
  });

  it('seals an entry once that is named twice', async () => {
    const repo = devRepo();
    repo.write('a.yaml', secretYaml('one', { password: 'hunter2-canary' }));
    const entry = ['--entry', 'stringData.password', '--entry', 'Secret/db/one#stringData.password'];
    const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...entry]);
    expect(ran.stderr).toBe('purser: a.yaml: 1 encrypted\n');
    expect(ran.code).toBe(0);
  });
});

describe('purser encrypt --whole', () => {
  const content = new Uint8Array([0, 1, 2, 255, 10, 13, 10]);

  it('makes the whole file one token, and decrypt gives the same bytes back', async () => {
    const repo = devRepo();
    repo.write('blob.bin', content);
    expect((await repo.run(['encrypt', 'blob.bin', '--whole', '-i'])).code).toBe(0);
    expect(repo.text('blob.bin')).toMatch(/^gAAAAA[\w=-]+$/);
    expect((await repo.run(['decrypt', 'blob.bin', '-i'])).code).toBe(0);
    expect(repo.bytes('blob.bin')).toEqual(content);
  });

  it('follows a rule that says whole', async () => {
    const repo = devRepo();
    repo.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - path: "**/*.enc"\n    scheme: fernet\n    keys: [env:CI_KEY]\n    whole: true\n',
    );
    repo.write('a/ci.enc', 'token: hunter2-canary\n');
    const env = { CI_KEY: repo.secret(symmetricKey()) };
    expect((await repo.run(['encrypt', 'a/ci.enc', '-i'], { env })).code).toBe(0);
    expect(repo.text('a/ci.enc')).toMatch(/^gAAAAA[\w=-]+$/);
    const again = await repo.run(['encrypt', 'a/ci.enc', '-i'], { env });
    expect(again.stderr).toBe('purser: a/ci.enc: encrypted already\n');
    expect((await repo.run(['decrypt', 'a/ci.enc'], { env })).stdout).toBe('token: hunter2-canary\n');
  });
});
