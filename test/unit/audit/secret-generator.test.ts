import { describe, expect, it } from 'vitest';
import { envFileValues, fileValue } from '../../../src/audit/generator-file.ts';
import { generatorReferences } from '../../../src/audit/generator-references.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { ecPair, rsaPair } from '../../support/workspace.ts';
import { registry } from '../schemes/schemes.ts';
import { findingsOf, summaryOf } from './findings-of.ts';

const literals = (...items: readonly string[]) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n- name: a\n  literals:\n${items.map((item) => `  - ${item}\n`).join('')}`;

describe('secret-generator-literal', () => {
  it.each([
    ['password=hunter2'],
    ['"password=hunter2"'],
    ["password='hunter2'"],
    [`'password="hunter2"'`],
    ['DATABASE_URL=postgres://app:hunter2@db/app?sslmode=disable'],
    ['api-key=zk29-vmq7-plw3'],
  ])('is a warning for %s', (item) => {
    expect(findingsOf(literals(item))).toMatchObject([
      {
        rule: 'secret-generator-literal',
        level: 'warning',
        entry: 'secretGenerator[0].literals[0]',
        at: item,
      },
    ]);
  });

  it.each([
    ['username=admin'],
    ['password='],
    ["password=''"],
    ['password=${PASSWORD}'],
    ['"password={{ .Values.password }}"'],
    ['password=CHANGEME'],
    ['password'],
    ['=hunter2'],
    ['password=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]'],
  ])('says nothing of %s', (item) => {
    expect(summaryOf(literals(item))).toEqual([]);
  });

  it('names the key and the reason, never the value', () => {
    expect(findingsOf(literals('username=admin', 'DB_PASSWORD=hunter2'))[0]?.message).toBe(
      'secretGenerator[0].literals[1] of Kustomization sets DB_PASSWORD, which is not encrypted (the key name says password)',
    );
    expect(findingsOf(literals('hunter2 password=hunter2'))[0]?.message).toContain('sets a value,');
  });

  it.each([
    ['a file that does not say what it is', 'secretGenerator:\n- literals: [password=hunter2]\n'],
    ['a component', 'kind: Component\nsecretGenerator:\n- literals:\n  - password=hunter2\n'],
    [
      'the plugin',
      'apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: a}\nliterals:\n- password=hunter2\n',
    ],
    ['JSON', '{"secretGenerator":[{"literals":["password=hunter2"]}]}'],
    ['CRLF', literals('password=hunter2').replaceAll('\n', '\r\n')],
    [
      'a template',
      literals('"a={{ .b }}"', 'password=hunter2')
        .replace('secret', '{{- if .x }}\nsecret')
        .concat('{{- end }}\n'),
    ],
    ['a tab before a key', 'secretGenerator:\n  - name: a\n\tliterals:\n      - password=hunter2\n'],
    ['a command that prints it', 'secretGenerator:\n- commands:\n    password: echo -n hunter2\n'],
  ])('is found in %s', (_name, text) => {
    expect(findingsOf(text)).toMatchObject([{ rule: 'secret-generator-literal', level: 'warning' }]);
  });

  it.each([
    [
      'what becomes a ConfigMap',
      'configMapGenerator:\n- literals: [password=hunter2]\nsecretGenerator: []\n',
    ],
    [
      'the generator of another tool',
      'apiVersion: secretize/v1\nkind: SecretGenerator\nliterals:\n- password=hunter2\n',
    ],
    ['a command that reads a file', 'secretGenerator:\n- commands: {tls.key: cat secret/tls.key}\n'],
  ])('says nothing of %s', (_name, text) => {
    expect(summaryOf(text)).toEqual([]);
  });
});

describe('what a secret generator points to', () => {
  const referencesOf = (text: string) =>
    generatorReferences(scan(text)).map(({ path, key, entry }) => [entry, path, key]);

  it('is env files, and files with a key of their own or their name', () => {
    expect(
      referencesOf(
        'secretGenerator:\n- env: a.env\n- envs: [b/c.env, ./d.env]\n  files: [tls.key, b/c.pem, key=../e.txt]\n',
      ),
    ).toEqual([
      ['secretGenerator[0].env', 'a.env', undefined],
      ['secretGenerator[1].envs[0]', 'b/c.env', undefined],
      ['secretGenerator[1].envs[1]', './d.env', undefined],
      ['secretGenerator[1].files[0]', 'tls.key', 'tls.key'],
      ['secretGenerator[1].files[1]', 'b/c.pem', 'c.pem'],
      ['secretGenerator[1].files[2]', '../e.txt', 'key'],
    ]);
    expect(referencesOf('apiVersion: builtin\nkind: SecretGenerator\nfiles:\n- a.txt\n')).toEqual([
      ['files[0]', 'a.txt', 'a.txt'],
    ]);
  });

  it('is nothing of a ConfigMap’s, nothing remote, and nothing that is yet to be named', () => {
    expect(
      referencesOf(
        'configMapGenerator:\n- envs: [a.env]\n  files: [b]\nsecretGenerator:\n- files: ["https://h/a", "${A}", "{{ .a }}", "", "a=", "=b"]\n',
      ),
    ).toEqual([]);
  });
});

describe('an env file', () => {
  const keysOf = (text: string) =>
    envFileValues(text, registry).map(({ key, span, certain }) => [
      key,
      text.slice(span?.start, span?.end),
      certain,
    ]);

  it('is judged line by line', () => {
    const text =
      '\ufeffPASSWORD=hunter2\r\n# TOKEN=hunter2\n\n  API_TOKEN="hunter2"\nUSER=app\nsource-key=my-secret\nTOKEN\nKEY=${A}\nEMPTY_SECRET=\n';
    expect(keysOf(text)).toEqual([
      ['PASSWORD', 'hunter2', true],
      ['API_TOKEN', '"hunter2"', true],
      ['source-key', 'my-secret', false],
    ]);
  });

  it('is judged behind `export` too, which kustomize takes for a part of the name', () => {
    expect(keysOf('export PASSWORD=hunter2a\nexport USER=app\n\texport  API_TOKEN="hunter2"\n')).toEqual([
      ['PASSWORD', 'hunter2a', true],
      ['API_TOKEN', '"hunter2"', true],
    ]);
  });

  it('is read in time however many blanks a line holds', () => {
    const blanks = ' '.repeat(200_000);
    expect(keysOf(`PASSWORD=a${blanks}b\nTOKEN=hunter2${blanks}\n`).map(([key]) => key)).toEqual([
      'PASSWORD',
      'TOKEN',
    ]);
  }, 2_000);

  it('is silent where SOPS encrypted it, but for what that left in the clear', () => {
    const sops = (line: string) =>
      `${line}\nTOKEN=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\nsops_version=3.13.0\nsops_age__list_0__map_enc=-----BEGIN AGE ENCRYPTED FILE-----\\nYWdl\\n-----END AGE ENCRYPTED FILE-----\\n\nsops_mac=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\nsops_unencrypted_suffix=_unencrypted\n`;
    expect(keysOf(sops('A=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]'))).toEqual([]);
    expect(keysOf(sops('PASSWORD=hunter2'))).toEqual([['PASSWORD', 'hunter2', true]]);
  });

  it.each([
    [
      'age',
      '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCg==\n-----END AGE ENCRYPTED FILE-----\n',
    ],
    ['ansible-vault', '$ANSIBLE_VAULT;1.1;AES256\n6331656264\n'],
    [
      'Fernet',
      'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==\n',
    ],
  ])('is silent where it is one ciphertext of %s', (_name, text) => {
    expect(keysOf(text)).toEqual([]);
  });
});

describe('a file that becomes one value', () => {
  const certain = (key: string, text: string | Uint8Array) =>
    fileValue(key, typeof text === 'string' ? Buffer.from(text) : text, registry).map(
      (value) => value.certain,
    );

  it('is judged as a Secret’s value under its key', () => {
    expect(certain('tls.key', rsaPair().privatePem)).toEqual([true]);
    expect(certain('password.txt', 'hunter2\n')).toEqual([true]);
    expect(certain('app.ini', 'user = app\npassword = hunter2\n')).toEqual([true]);
    expect(certain('tls.pub', ecPair().publicPem)).toEqual([]);
    expect(certain('username', 'app\n')).toEqual([]);
    expect(certain('password', '')).toEqual([]);
  });

  it('is silent where it is ciphertext', () => {
    expect(
      certain(
        'config.yaml',
        'password: ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\n',
      ),
    ).toEqual([]);
    expect(certain('password', Buffer.from('\0GITCRYPT\0abcdef'))).toEqual([]);
  });
});
