import { describe, expect, it } from 'vitest';
import { keyInWords, writerInWords } from '../../../../src/app/at-rest/key-words.ts';
import { storedFields } from '../../../../src/app/at-rest/stored-fields.ts';
import { readEtcdValue } from '../../../../src/app/at-rest/stored-reading.ts';
import { sentenceOf } from '../../../../src/app/messages.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { storedValueKey } from '../../../../src/crypto/at-rest/stored-key.ts';
import type { StaticProvider } from '../../../../src/crypto/at-rest/stored-mark.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { sealed, storedSecret } from '../../../support/stored-values.ts';

const path = '/registry/secrets/default/db';
const secret = storedSecret('db', { password: 'correct-horse-42' });
const bytes = (fill: number) => new Uint8Array(32).fill(fill);
const key = (provider: StaticProvider, name: string, fill = 1) =>
  storedValueKey(provider, name, new Plaintext(bytes(fill)));

interface Configured {
  readonly resources?: string;
  readonly keys: readonly (readonly [StaticProvider, string, number])[];
}
function configuration({ resources = 'secrets', keys }: Configured) {
  const providers = keys.map(
    ([provider, name, fill]) =>
      `  - ${provider}: {keys: [{name: "${name}", secret: "${Buffer.from(bytes(fill)).toString('base64')}"}]}\n`,
  );
  const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [${resources}]\n  providers:\n${providers.join('')}`;
  return readConfiguration(text).configuration;
}
const told = (value: Uint8Array, configured?: ReturnType<typeof configuration>, at = path) => {
  const { writer, opened } = readEtcdValue(value, at, configured);
  return [writerInWords(writer), opened.ok ? Buffer.from(opened.value.expose()) : sentenceOf(opened.failure)];
};

describe('a raw value of etcd', () => {
  it.each(['secretbox', 'aescbc', 'aesgcm'] as const)(
    'of %s is opened with the key of its name',
    (provider) => {
      const value = sealed(key(provider, 'key1'), secret);
      const words = `written with the ${provider} key key1`;
      expect(told(value, configuration({ keys: [[provider, 'key1', 1]] }))).toEqual([words, secret]);
      expect(told(value, configuration({ keys: [[provider, 'key1', 2]] }))[1]).toMatch(/does not open/);
      expect(told(value, configuration({ keys: [[provider, 'key2', 1]] }))[1]).toMatch(/does not have/);
      expect(told(value)[1]).toMatch(/name the EncryptionConfiguration/);
    },
  );

  it('says which key wrote it by the names that the configuration knows, colons included', () => {
    const value = sealed(key('secretbox', 'team:a'), secret);
    const configured = configuration({ keys: [['secretbox', 'team:a', 1]] });
    expect(told(value, configured)).toEqual(['written with the secretbox key team:a', secret]);
    expect(told(value)[0]).toBe('written with the secretbox key team');
  });

  it('is opened where its path does not tell the resource, or the configuration does not cover it', () => {
    const keys: Configured['keys'] = [['aesgcm', 'key1', 1]];
    const elsewhere = '/a/cluster/registry/secrets/default/db';
    for (const at of [elsewhere, 'bamboo', path]) {
      const value = sealed(key('aesgcm', 'key1'), secret, at);
      expect(told(value, configuration({ resources: 'configmaps', keys }), at)[1]).toEqual(secret);
    }
  });

  it('in plaintext is given as it is, with or without a configuration', () => {
    expect(told(secret)).toEqual(['stored in plaintext (identity)', secret]);
    expect(told(secret, configuration({ keys: [['secretbox', 'key1', 1]] }))[1]).toEqual(secret);
  });

  it.each([
    ['k8s:enc:secretbox:v1:key1', 'written by secretbox, with a key whose name is cut short', /damaged/],
    ['k8s:enc:secretbox:v1:key1:short', 'written with the secretbox key key1', /it is cut short/],
    ['k8s:enc:other:v9:key1:x', 'written by a provider that Purser does not know', /other v9/],
    ['k8s:enc:kms:v1:vault:x', 'written through the KMS vault (v1)', /damaged/],
  ])('that is damaged or foreign says so: %j', (text, words, why) => {
    const [writer, sentence] = told(Buffer.from(text), configuration({ keys: [['secretbox', 'key1', 1]] }));
    expect(writer).toBe(words);
    expect(sentence).toMatch(why);
  });

  it('says which key of the configuration is not one, and never what it is', () => {
    const text =
      'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n  - secretbox: {keys: [{name: key1, secret: c2hvcnQ=}]}\n';
    const value = sealed(key('secretbox', 'key1'), secret);
    const { opened } = readEtcdValue(value, path, readConfiguration(text).configuration);
    expect(opened.ok ? '' : sentenceOf(opened.failure)).toBe(
      'the key secretbox/key1 cannot be used: it has 5 bytes instead of 32; name a key of the right kind',
    );
  });
});

describe('what wrote a value, in a table', () => {
  it.each([
    [{ provider: 'identity', keyName: undefined }, 'plaintext'],
    [{ provider: 'aescbc', keyName: 'key1' }, 'aescbc key1'],
    [{ provider: 'kms v2', keyName: 'vault' }, 'KMS vault (v2)'],
    [{ provider: 'unknown', keyName: undefined }, 'an unknown provider'],
    [{ provider: 'secretbox', keyName: 'a\u001b[31m' }, 'secretbox a\ufffd[31m'],
  ] as const)('%j is %s', (id, words) => {
    expect(keyInWords(id)).toBe(words);
  });
});

describe('the fields of a stored object', () => {
  const namesOf = (value: Uint8Array) => storedFields(new Plaintext(value)).fields.map(({ name }) => name);
  const json = (object: object) => Buffer.from(JSON.stringify(object));

  it('are the data of a Secret, and annotations, which may hold all of it once more', () => {
    expect(namesOf(secret)).toEqual(['data.password']);
    const metadata = {
      name: 'db',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    };
    expect(namesOf(json({ apiVersion: 'v1', kind: 'Secret', metadata, data: { a: 'YQ==' } }))).toEqual([
      'data.a',
      'metadata.annotations.kubectl.kubernetes.io/last-applied-configuration',
    ]);
  });

  it('are all of a custom resource, and of what is no object', () => {
    expect(namesOf(json({ apiVersion: 'a/v1', kind: 'Widget' }))).toEqual(['the whole object']);
    expect(namesOf(Buffer.from('pandas are the best'))).toEqual(['the whole value']);
    expect(namesOf(Buffer.from('k8s\0\u0001'))).toEqual(['the whole value']);
  });
});
