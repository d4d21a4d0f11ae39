import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const rsa = rsaPair();
const value = 'new-canary-value';

function repository(): Sandbox {
  const repo = sandbox();
  repo.localKey('dev.fernet', symmetricKey());
  repo.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - path: "*.yaml"\n    scheme: fernet\n    keys: [local:dev]\n',
  );
  repo.secret(value);
  return repo;
}

const clear = secretYaml('main', { password: 'old-canary', username: 'ann' });

async function opened(repo: Sandbox, path: string, ...args: readonly string[]): Promise<string> {
  return (await repo.run(['decrypt', path, ...args])).stdout;
}

describe('purser set', () => {
  it('seals the value from stdin into the entry and changes nothing else', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password'], { input: value });
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: 'purser: a.yaml: stringData.password set\n' });
    expect(repo.text('a.yaml').replace(/gAAAAA[\w=-]+/, 'old-canary')).toBe(clear);
    expect(await opened(repo, 'a.yaml')).toBe(clear.replace('old-canary', value));
  });

  it('keeps every byte of the value, and warns of a final newline', async () => {
    const repo = repository();
    repo.write('a.yaml', 'kind: Secret\ndata:\n  blob: ""\n');
    const bytes = new Uint8Array([0, 255, 13, 10, 10]);
    const ran = await repo.run(['set', 'a.yaml', 'data.blob'], { input: bytes });
    expect(ran.stderr).toContain('the value ends with a newline, which is kept');
    const text = await opened(repo, 'a.yaml');
    expect(Buffer.from(/blob: "?([^"\s]+)/.exec(text)?.[1] ?? '', 'base64')).toEqual(Buffer.from(bytes));
  });

  it.each([
    ['that is there', 'stringData.password'],
    ['that is not there', 'stringData.new'],
  ])('seals nothing into an entry %s that could not be opened again', async (_, entry) => {
    const repo = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['set', 'a.yaml', entry], { input: new Uint8Array([0x61, 0x62, 0xff]) });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      new RegExp(
        `^purser: a\\.yaml:(?:\\d+:)? ${entry}: the value is binary, which stringData cannot hold; set it as ${entry.replace('stringData', 'data')}\\b`,
      ),
    );
  });

  it('seals an empty value, and says that it is one', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password'], { input: '' });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^purser: the value is empty.*\npurser: a\.yaml: stringData\.password set\n$/);
    expect(await opened(repo, 'a.yaml')).toMatch(/^ {2}password: ?(?:""|'')?$/m);
  });

  it('adds an absent entry at the end of its map', async () => {
    const repo = repository();
    repo.write('a.yaml', `${clear}# the end\n`);
    const ran = await repo.run(['set', 'a.yaml', 'stringData.new'], { input: value });
    expect(ran.stderr).toBe('purser: a.yaml: stringData.new added\n');
    expect(repo.text('a.yaml').replace(/gAAAAA[\w=-]+/, 'X')).toBe(`${clear}  new: "X"\n# the end\n`);
  });

  it.each([
    [
      'with no such map',
      'kind: Secret\nmetadata:\n  name: x\n',
      'kind: Secret\nmetadata:\n  name: x\nstringData:\n  new: "X"\n',
    ],
    [
      'with an empty map',
      'kind: Secret\nstringData:\ntype: Opaque\n',
      'kind: Secret\nstringData:\n  new: "X"\ntype: Opaque\n',
    ],
    [
      'with a null map',
      'kind: Secret\nstringData: ~ # none\ntype: Opaque\n',
      'kind: Secret\nstringData: # none\n  new: "X"\ntype: Opaque\n',
    ],
    ['with a map in braces', 'kind: Secret\nstringData: {}\n', 'kind: Secret\nstringData: {"new": "X"}\n'],
    [
      'in JSON',
      '{"kind": "Secret", "stringData": {"a": "${x}"}}\n',
      '{"kind": "Secret", "stringData": {"a": "${x}", "new": "X"}}\n',
    ],
    ['in JSON with no such map', '{"kind": "Secret"}\n', '{"kind": "Secret", "stringData": {"new": "X"}}\n'],
    [
      'after a block scalar that keeps its blank lines',
      'kind: Secret\nstringData:\n  a: |+\n    x\n\ntype: Opaque\n',
      'kind: Secret\nstringData:\n  a: |+\n    x\n\n  new: "X"\ntype: Opaque\n',
    ],
    [
      'in a file without a final newline',
      'kind: Secret\nstringData:\n  a: ""',
      'kind: Secret\nstringData:\n  a: ""\n  new: "X"',
    ],
  ])('adds an entry to a Secret %s', async (_, before, after) => {
    const repo = repository();
    repo.write('a.yaml', before);
    const ran = await repo.run(['set', 'a.yaml', 'stringData.new'], { input: value });
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('a.yaml').replace(/gAAAAA[\w=-]+/, 'X')).toBe(after);
  });

  it('refuses to add to a map that stands behind an alias or is no map', async () => {
    const repo = repository();
    for (const data of ['*x', 'word']) {
      repo.write('a.yaml', `kind: Secret\nx: &x {a: b}\nstringData: ${data}\n`);
      const ran = await repo.run(['set', 'a.yaml', 'stringData.new'], { input: value });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/^purser: a\.yaml:/);
    }
  });

  it('keeps the scheme of the old value where no policy says anything', async () => {
    const repo = sandbox();
    repo.write('prod.pub.pem', rsa.publicPem);
    repo.write('prod.pem', rsa.privatePem);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password', '--key', 'prod.pub.pem'], {
      input: value,
    });
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('a.yaml')).toMatch(/password: "eyJ/);
    expect(await opened(repo, 'a.yaml', '--key', 'prod.pem')).toContain(value);
  });

  it.each([
    [
      'an entry of several Secrets',
      ['stringData.password'],
      'may be Secret/db/main#stringData.password or Secret/db/other#',
    ],
    [
      'a new entry that may go into several Secrets',
      ['stringData.new'],
      'may be Secret/db/main#stringData.new or Secret/db/other#',
    ],
    ['a Secret that is not there', ['Secret/x/y#stringData.a'], 'there is no entry Secret/x/y#stringData.a'],
    [
      'a key that Kubernetes would not take',
      ['Secret/db/main#stringData.a b'],
      'a key of a Secret is letters',
    ],
  ])('refuses %s, naming the file', async (_, args, says) => {
    const repo = repository();
    repo.write('a.yaml', `${clear}---\n${secretYaml('other', { password: 'old-canary' })}`);
    const ran = await repo.run(['set', 'a.yaml', ...args], { input: value });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: a\.yaml: /);
    expect(ran.stderr).toContain(says);
  });

  it.each([
    ['no entry', ['a.yaml'], 'set takes a file and an entry'],
    ['stdin as the file', ['-', 'stringData.a'], 'the file needs a name'],
    ['a file that is not there', ['nope.yaml', 'stringData.a'], 'purser: nope.yaml: it cannot be read'],
    ['a bad entry', ['a.yaml', 'password'], 'an entry is written'],
    [
      'a missing key',
      ['a.yaml', 'stringData.password', '--key', 'nope.pem'],
      'purser: a.yaml: there is no key nope.pem',
    ],
  ])('refuses %s', async (_, args, says) => {
    const repo = repository();
    repo.write('a.yaml', clear);
    const ran = await repo.run(['set', ...args], { input: value });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
  });

  it('refuses where a .sops.yaml covers a file that is not encrypted with SOPS, though the old value is a JWE', async () => {
    const repo = sandbox();
    repo.write('prod.pub.pem', rsa.publicPem);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'prod.pub.pem']);
    repo.write('.sops.yaml', 'creation_rules:\n  - age: age1x\n');
    const ran = await repo.run(['set', 'a.yaml', 'stringData.password', '--key', 'prod.pub.pem'], {
      input: value,
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(
      'purser: a.yaml: policy says to encrypt this document as a whole with SOPS, and it is not encrypted yet; ',
    );
  });
});
