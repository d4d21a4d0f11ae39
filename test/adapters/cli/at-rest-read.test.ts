import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { storedValueKey } from '../../../src/crypto/at-rest/stored-key.ts';
import { ageRepository } from '../../support/age-repository.ts';
import { useCli } from '../../support/cli.ts';
import { sealed, storedSecret } from '../../support/stored-values.ts';
import { describeVectors, vectorRows } from '../../support/vectors.ts';
import { symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const canary = 'hunter2-canary';
const secret = storedSecret('db', { password: canary });
const keyBytes = new Uint8Array(32).fill(7);
const key = (name: string) => storedValueKey('secretbox', name, new Plaintext(keyBytes));
const configured = (name: string) =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - secretbox: {keys: [{name: "${name}", secret: "${Buffer.from(keyBytes).toString('base64')}"}]}\n  - identity: {}\n`;
const path = '/registry/secrets/default/db';

function repository() {
  const repo = sandbox();
  repo.secret(canary);
  repo.secret(Buffer.from(keyBytes).toString('base64'));
  repo.write('encryption.yaml', configured('key1'));
  repo.write('value', sealed(key('key1'), secret));
  return repo;
}

const read = ['atrest', 'read', '--etcd-key', path];

describe('purser atrest read', () => {
  it('prints the Secret in a raw value as a manifest, and which key wrote it', async () => {
    const ran = await repository().run([...read, '--config', 'encryption.yaml', 'value']);
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: value: written with the secretbox key key1\n' });
    expect(JSON.parse(ran.stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'default' },
      type: 'Opaque',
      data: { password: Buffer.from(canary).toString('base64') },
    });
  });

  it('takes what etcdctl prints, from stdin', async () => {
    const repo = repository();
    const value = sealed(key('key1'), secret);
    const base64 = (bytes: string | Uint8Array) => Buffer.from(bytes).toString('base64');
    const json = JSON.stringify({ header: {}, kvs: [{ key: base64(path), value: base64(value) }] });
    const printed = [json, Buffer.concat([value, Buffer.from('\n')]), `${base64(value)}\n`];
    for (const input of [...printed, Buffer.concat([Buffer.from(`${path}\n`), value, Buffer.from('\n')])]) {
      const ran = await repo.run([...read, '--config', 'encryption.yaml'], { input });
      expect(ran).toMatchObject({ code: 0, stderr: 'purser: -: written with the secretbox key key1\n' });
      expect(JSON.parse(ran.stdout).metadata.name).toBe('db');
    }
    const named = await repo.run(['atrest', 'read', '--config', 'encryption.yaml'], { input: json });
    expect(named.code).toBe(0);
  });

  it('needs no configuration for what is in plaintext, and prints what it does not read as it is', async () => {
    const repo = repository();
    const widget = '{"kind":"Widget","apiVersion":"example.com/v1","spec":{"size":12345678901234567890}}';
    const clear = await repo.run(read, { input: secret });
    expect(clear).toMatchObject({ code: 0, stderr: 'purser: -: stored in plaintext (identity)\n' });
    expect(JSON.parse(clear.stdout).data.password).toBe(Buffer.from(canary).toString('base64'));
    expect((await repo.run(read, { input: widget })).stdout).toBe(`${widget}\n`);
    const raw = await repo.run(read, { input: '{"a":1}' });
    expect(raw.stdout).toBe('{"a":1}');
    expect(raw.stderr).toContain('its plaintext is printed as it is: it is JSON, but no Kubernetes object');
  });

  it('says who wrote what it cannot open', async () => {
    const repo = repository();
    expect(await repo.run([...read, 'value'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'purser: value: written with the secretbox key key1\n' +
        'purser: value: this value of etcd was written with the secretbox key key1; name the EncryptionConfiguration that holds that key\n',
    });
    repo.write('encryption.yaml', configured('key2'));
    const other = await repo.run([...read, '--config', 'encryption.yaml', 'value']);
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toContain('which the configuration does not have');
  });

  it('opens a configuration that is sealed as a whole', async () => {
    const repo = repository();
    repo.localKey('dev.fernet', symmetricKey());
    const args = ['encrypt', '--whole', '--scheme', 'fernet', '--key', 'local:dev', 'encryption.yaml'];
    expect((await repo.run([...args, '-o', 'encryption.yaml.enc'])).code).toBe(0);
    const ran = await repo.run([...read, '--config', 'encryption.yaml.enc', 'value']);
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: value: written with the secretbox key key1\n' });
    repo.localKey('dev.fernet', symmetricKey());
    const shut = await repo.run([...read, '--config', 'encryption.yaml.enc', 'value']);
    expect(shut).toMatchObject({ code: 1, stdout: '' });
    expect(shut.stderr).toMatch(/^purser: encryption\.yaml\.enc: /);
  });

  it('opens a configuration that SOPS encrypts', async () => {
    const { repo, env } = await ageRepository(sandbox(), 'encrypted_regex: ^secret$');
    repo.write('encryption.yaml', configured('key1'));
    repo.write('value', sealed(key('key1'), secret));
    expect((await repo.run(['encrypt', '-i', 'encryption.yaml'], { env })).code).toBe(0);
    expect(repo.text('encryption.yaml')).toMatch(/secret: "ENC\[/);
    const ran = await repo.run([...read, '--config', 'encryption.yaml', 'value'], { env });
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: value: written with the secretbox key key1\n' });
  });

  it.each([
    [
      [...read, '--config', 'none.yaml', 'value'],
      2,
      /^purser: none\.yaml: it cannot be read: there is no such/,
    ],
    [[...read, '--config', 'binary', 'value'], 2, /^purser: binary: it is not a text file/],
    [
      [...read, '--config', 'other.yaml', 'value'],
      2,
      /^purser: other\.yaml:1: this is no EncryptionConfiguration/,
    ],
    [[...read, '--config', 'short.yaml', 'value'], 2, /short\.yaml: the key secretbox\/key1 .* has 5 bytes/],
    [[...read, 'none'], 2, /^purser: none: it cannot be read/],
    [[...read, 'empty'], 2, /^purser: empty: there is no value of etcd in it/],
    [[...read, 'other.yaml'], 2, /^purser: other\.yaml: there is no value of etcd in it/],
    [['atrest', 'read', 'value'], 2, /--etcd-key/],
    [['atrest', 'read', 'a', 'b'], 2, /takes one value/],
    [[...read, '--config', '-'], 2, /only one of the two can be stdin/],
    [['atrest', 'write'], 2, /takes lint, read or audit/],
  ])('%j is one sentence', async (args, code, sentence) => {
    const repo = repository();
    repo.write('empty', '');
    repo.write('binary', new Uint8Array([0, 1, 2, 0, 3]));
    repo.write('other.yaml', 'kind: Secret\napiVersion: v1\n');
    repo.write('short.yaml', configured('key1').replace(/secret: "[^"]+"/, 'secret: c2hvcnQ='));
    const ran = await repo.run(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr.split('\n').findLast((line) => line !== '')).toMatch(sentence);
    expect(ran.stdout).toBe('');
  });
});

interface Composed {
  readonly id: string;
  readonly storedBase64: string;
  readonly keyName?: string;
  readonly keyBase64?: string;
  readonly kmsName?: string;
  readonly aadEtcdKey?: string;
  readonly plaintextHex?: string;
  readonly plaintextUtf8?: string;
}

describeVectors('purser atrest read, of published values', 'k8s', () => {
  const composed = vectorRows<Composed>('k8s/composed_stored_values.json');

  it.each(composed.filter(({ keyBase64 }) => keyBase64 !== undefined))('$id', async (vector) => {
    const repo = sandbox();
    const provider = vector.id.replace('-composed', '');
    repo.write(
      'encryption.yaml',
      `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - ${provider}: {keys: [{name: ${vector.keyName}, secret: ${vector.keyBase64}}]}\n`,
    );
    const args = ['atrest', 'read', '--config', 'encryption.yaml', '--etcd-key', vector.aadEtcdKey ?? path];
    const ran = await repo.run(args, { input: vector.storedBase64 });
    expect(ran.stderr).toContain(`written with the ${provider} key ${vector.keyName}`);
    const expected = vector.plaintextHex ?? Buffer.from(vector.plaintextUtf8 ?? '').toString('hex');
    expect([ran.code, Buffer.from(ran.bytes).toString('hex')]).toEqual([0, expected]);
  });

  it.each(composed.filter(({ kmsName }) => kmsName !== undefined))('$id', async (vector) => {
    const ran = await sandbox().run(read, { input: vector.storedBase64 });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(`written through the KMS ${vector.kmsName}`);
  });

  interface Real {
    readonly id: string;
    readonly etcdKey: string;
    readonly encryptionConfig: string;
    readonly storedBase64: string;
  }
  it.each(vectorRows<Real>('k8s/aescbc_real_vector.json'))('$id', async (vector) => {
    const repo = sandbox();
    repo.write('encryption.yaml', vector.encryptionConfig);
    repo.write('value', Buffer.from(vector.storedBase64, 'base64'));
    const args = ['atrest', 'read', '--config', 'encryption.yaml', '--etcd-key', vector.etcdKey, 'value'];
    const ran = await repo.run(args);
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: value: written with the aescbc key simon\n' });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      kind: 'Secret',
      metadata: { name: 'my-secret', namespace: 'simon-project' },
      data: { mykey: Buffer.from('mysupersecret').toString('base64') },
    });
  });
});
