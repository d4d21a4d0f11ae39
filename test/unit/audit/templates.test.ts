import { describe, expect, it } from 'vitest';
import { findingsOf, summaryOf } from './findings-of.ts';

interface Place {
  readonly title: string;
  readonly entry: string;
  /** The object with this value in it, written as YAML reads it. */
  readonly text: (key: string, value: string) => string;
}

const object = (apiVersion: string, kind: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: n, namespace: ns}\nspec:\n${spec}\n`;
const eso = 'external-secrets.io/v1';
const places: readonly Place[] = [
  {
    title: 'a SealedSecret',
    entry: 'spec.template.data',
    text: (key, value) =>
      object('bitnami.com/v1alpha1', 'SealedSecret', `  template:\n    data:\n      ${key}: ${value}`),
  },
  {
    title: 'an ExternalSecret',
    entry: 'spec.target.template.data',
    text: (key, value) =>
      object(eso, 'ExternalSecret', `  target:\n    template:\n      data:\n        ${key}: ${value}`),
  },
  {
    title: 'a ClusterExternalSecret',
    entry: 'spec.externalSecretSpec.target.template.data',
    text: (key, value) =>
      object(
        eso,
        'ClusterExternalSecret',
        `  externalSecretSpec:\n    target:\n      template:\n        data:\n          ${key}: ${value}`,
      ),
  },
  {
    title: 'a PushSecret',
    entry: 'spec.template.data',
    text: (key, value) =>
      object('external-secrets.io/v1alpha1', 'PushSecret', `  template:\n    data:\n      ${key}: ${value}`),
  },
  {
    title: 'a SopsSecret',
    entry: 'spec.secretTemplates[0].stringData',
    text: (key, value) =>
      object(
        'isindir.github.com/v1alpha3',
        'SopsSecret',
        `  secretTemplates:\n  - name: a\n    stringData:\n      ${key}: ${value}`,
      ),
  },
  {
    title: 'the fake store',
    entry: 'spec.provider.fake.data[0].valueMap',
    text: (key, value) =>
      object(
        eso,
        'ClusterSecretStore',
        `  provider:\n    fake:\n      data:\n      - key: a\n        valueMap:\n          ${key}: ${value}`,
      ),
  },
  {
    title: 'the fake generator',
    entry: 'spec.data',
    text: (key, value) =>
      object('generators.external-secrets.io/v1alpha1', 'Fake', `  data:\n    ${key}: ${value}`),
  },
  {
    title: 'an InfisicalSecret',
    entry: 'spec.managedSecretReference.template.data',
    text: (key, value) =>
      object(
        'secrets.infisical.com/v1alpha1',
        'InfisicalSecret',
        `  managedSecretReference:\n    template:\n      data:\n        ${key}: ${value}`,
      ),
  },
];

describe.each(places)('plaintext-in-template in $title', ({ entry, text }) => {
  it('is an error for a credential', () => {
    expect(summaryOf(text('password', 'hunter2'))).toEqual([`error plaintext-in-template ${entry}.password`]);
  });

  it.each([
    ['postgres', 'postgres://app:hunter2@db/{{ .name }}'],
    ['app.ini', '|\n            user = app\n            password = hunter2\n            host = {{ .host }}'],
  ])('is an error for a literal password between expressions, in %s', (key, value) => {
    expect(summaryOf(text(key, value))).toEqual([`error plaintext-in-template ${entry}.${key}`]);
  });

  it.each([
    ['password', '"{{ .password }}"'],
    ['password', '\'{{ index . "password" }}\''],
    ['password', '{{ .password }}'],
    ['password', '${PASSWORD}'],
    ['password', 'ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]'],
    ['password', '""'],
    ['url', '"postgres://{{ .user }}:{{ .password | urlquery }}@db/app"'],
    ['app.ini', '|\n            user = app\n            password = {{ .password }}'],
    [
      '.dockerconfigjson',
      `'{"auths":{"r":{"username":"u","password":"{{ index . "p" }}","auth":"{{ printf "%s:%s" "u" .p | b64enc }}"}}}'`,
    ],
    ['region', 'eu-west-1'],
    ['username', 'app'],
  ])('says nothing of %s: %s', (key, value) => {
    expect(summaryOf(text(key, value))).toEqual([]);
  });

  it('sees through CRLF, a Helm chart around it, and a list', () => {
    const one = text('password', 'hunter2');
    expect(summaryOf(one.replaceAll('\n', '\r\n'))).toHaveLength(1);
    expect(summaryOf(`{{- if .x }}\n${one}{{- end }}\n`)).toHaveLength(1);
    const list = `kind: List\nitems:\n- ${one.trimEnd().replaceAll('\n', '\n  ')}\n`;
    expect(findingsOf(list)).toMatchObject([
      { entry: `${entry}.password`, object: { name: 'n', namespace: 'ns' }, at: 'hunter2' },
    ]);
  });
});

/** As long as one that RSA 4096 wrapped the key of. */
const sealedItem = Buffer.concat([Buffer.of(2, 0), Buffer.alloc(512 + 16, 7)]).toString('base64');

describe('plaintext-in-template', () => {
  it('is a warning for a doubtful value where the place or the name speaks for it, else nothing', () => {
    const [sealed, , , , sops] = places;
    expect(summaryOf(sops?.text('source-key', 'my-secret') ?? '')).toMatchObject([/^warning /]);
    expect(summaryOf(sealed?.text('password', 'my-password') ?? '')).toMatchObject([/^warning /]);
    expect(summaryOf(sealed?.text('foo', 'bar') ?? '')).toEqual([]);
  });

  it('names a value of the fake store by the key beside it', () => {
    const store = (key: string) =>
      object(
        eso,
        'SecretStore',
        `  provider:\n    fake:\n      data:\n      - key: ${key}\n        value: hunter2\n        version: v1`,
      );
    expect(summaryOf(store('/db/password'))).toEqual([
      'error plaintext-in-template spec.provider.fake.data[0].value',
    ]);
    expect(summaryOf(store('/db/username'))).toEqual([]);
  });

  it('sees credentials that a store states instead of referring to', () => {
    const store = (secret: string) =>
      object(
        eso,
        'SecretStore',
        `  provider:\n    delinea:\n      clientId: {value: app}\n      clientSecret: ${secret}`,
      );
    expect(summaryOf(store('{value: hunter2}'))).toHaveLength(1);
    expect(summaryOf(store('{secretRef: {name: password, key: hunter2}}'))).toEqual([]);
  });

  it('looks at each kind that a template may give an object', () => {
    const kinds = '{{- if .x }}\nkind: ExternalSecret\n{{- else }}\nkind: SealedSecret\n{{- end }}\n';
    const found = summaryOf(`${kinds}spec:\n  template:\n    data:\n      password: hunter2\n`);
    expect(found).toEqual(['error plaintext-in-template spec.template.data.password']);
  });

  it('sees the literal of a templateFrom', () => {
    const spec = (line: string) =>
      `  target:\n    template:\n      templateFrom:\n      - literal: |\n          ${line}\n`;
    expect(summaryOf(object(eso, 'ExternalSecret', spec('password: hunter2')))).toHaveLength(1);
    expect(summaryOf(object(eso, 'ExternalSecret', spec('password: "{{ .p }}"')))).toEqual([]);
  });

  it.each([
    [
      'what an ExternalSecret refers to',
      object(
        eso,
        'ExternalSecret',
        '  secretStoreRef: {name: password}\n  target: {name: token}\n  data:\n  - secretKey: password\n    remoteRef: {key: db/password, property: hunter2}',
      ),
    ],
    [
      'sealed values',
      object('bitnami.com/v1alpha1', 'SealedSecret', `  encryptedData:\n    password: ${sealedItem}`),
    ],
    [
      'data of an object that only has the same kind',
      object('example.com/v1', 'Fake', '  data:\n    password: hunter2'),
    ],
  ])('says nothing of %s', (_name, text) => {
    expect(summaryOf(text)).toEqual([]);
  });
});
