import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { isManifestName } from '../../../src/audit/looked-at.ts';
import { isWorthReading } from '../../../src/audit/worth-reading.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { readCorpus } from '../../accuracy/corpus.mjs';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const bytes = (text: string) => new TextEncoder().encode(text);
const password = 's3cr3t-Xy9Zz';

/** One of each kind of thing that is found. */
const found: readonly (readonly [what: string, text: string, name?: string])[] = [
  ['a Secret', `kind: Secret\nstringData:\n  password: ${password}\n`],
  ['a Secret with a comment behind its kind', `kind: Secret   # x\nstringData:\n  password: ${password}\n`],
  ['a Secret at the end of the file', `stringData:\n  password: ${password}\nkind: Secret`],
  ['a Secret in JSON', `{"kind":"Secret","stringData":{"password":"${password}"}}`],
  ['a Secret in braces', `{kind: Secret, stringData: {password: ${password}}}`],
  ['a SecretList', `kind: SecretList\nitems:\n- stringData: {password: ${password}}\n`],
  ['a kind with CRLF', `kind: Secret\r\nstringData:\r\n  password: ${password}\r\n`],
  ['a kind spelled with escapes', `kind: "\\x53ecret"\nstringData:\n  password: ${password}\n`],
  [
    'a Secret as text in JSON',
    `a: "{\\"kind\\":\\"Secret\\",\\"stringData\\":{\\"password\\":\\"${password}\\"}}"\n`,
  ],
  [
    'a kubeconfig',
    `kind: Config\nclusters: []\ncontexts: []\nusers:\n- name: a\n  user: {token: ${password}}\n`,
  ],
  [
    'a kubeconfig that says so by its name only',
    `clusters:\n- name: a\n  cluster: {server: https://a}\ncontexts:\n- name: a\n  context: {cluster: a, user: a}\nusers:\n- name: a\n  user: {token: ${password}}\n`,
    'prod.kubeconfig',
  ],
  [
    'a template of a SealedSecret',
    `kind: SealedSecret\nspec:\n  template:\n    data:\n      password: ${password}\n`,
  ],
  [
    'the fake provider of a SecretStore',
    `apiVersion: external-secrets.io/v1\nkind: SecretStore\nspec:\n  provider:\n    fake:\n      data:\n      - {key: password, value: ${password}}\n`,
  ],
  [
    'a secret generator',
    `secretGenerator:\n- name: a\n  literals: [password=${password}]\n`,
    'kustomization.yaml',
  ],
  ['a HelmRelease', `kind: HelmRelease\nspec:\n  values:\n    auth: {password: ${password}}\n`],
  [
    'an Application of Argo CD',
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      valuesObject: {auth: {password: ${password}}}\n`,
  ],
  [
    'a kubeconfig in base64',
    `kind: ConfigMap\nbinaryData:\n  config: ${btoa(`apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: https://a}}]\ncontexts: []\nusers: [{name: a, user: {token: ${password}}}]\n`)}\n`,
  ],
  [
    'a kubeconfig of JSON in base64',
    `kind: ConfigMap\nbinaryData:\n  config: ${btoa(`{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":"https://a"}}],"contexts":[],"users":[{"name":"a","user":{"token":"${password}"}}]}`)}\n`,
  ],
  [
    'a generator that is a fake',
    `apiVersion: generators.external-secrets.io/v1alpha1\nkind: Fake\nspec:\n  data: {password: ${password}}\n`,
  ],
  ['values', `auth:\n  password: ${password}\n`, 'values.yaml'],
  [
    'a file of SOPS that is no Secret, and damaged',
    'db:\n  host: ENC[AES256_GCM,data:YWJj,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]\n',
  ],
  [
    'an EncryptionConfiguration',
    'kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n      - {name: a, secret: 3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/8=}\n',
  ],
];

describe('what is worth reading', () => {
  it('is every document of the corpus in which something is found', async () => {
    const files = (await readCorpus()).flatMap((one) => one.files);
    const missed = files.filter(({ path, text }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const { findings } = audit(scan(text), registry, { name, policy: undefined });
      return isManifestName(name) && findings.length > 0 && !isWorthReading(bytes(text), name);
    });
    expect(missed.map(({ path }) => path)).toEqual([]);
    expect(files.length).toBeGreaterThan(400);
  });

  it.each(found)('is %s', (_what, text = '', name = 'a.yaml') => {
    expect(audit(scan(text), registry, { name, policy: undefined }).findings.length).toBeGreaterThan(0);
    expect(isWorthReading(bytes(text), name)).toBe(true);
  });

  it('is what may be UTF-16, and what is binary, so that it is told', () => {
    expect(isWorthReading(Buffer.from('\ufeffa: b', 'utf16le'), 'a.yaml')).toBe(true);
    expect(isWorthReading(Buffer.from('\ufeffa: b', 'utf16le').swap16(), 'a.yaml')).toBe(true);
    expect(isWorthReading(new Uint8Array([0x61, 0]), 'a.yaml')).toBe(true);
  });

  it('are keys, in whatever they stand', () => {
    for (const text of ['-----BEGIN RSA PRIVATE KEY-----', 'AGE-SECRET-KEY-1QQ', 'LS0tLS1CRUdJTiBQUklWQVRF'])
      expect(isWorthReading(bytes(`a: |\n  ${text}\n`), 'a.yaml')).toBe(true);
    expect(isWorthReading(bytes('{"kty":"RSA"}'), 'a.json')).toBe(true);
  });

  it.each([
    ['a reference', 'valueFrom:\n  secretKeyRef: {name: a, key: API_KEY}\n'],
    ['a description', 'description: The name of the Secret that holds it.\n'],
    ['a ConfigMap', 'kind: ConfigMap\ndata:\n  SOME_KEY: value\n'],
    ['labels', 'labels:\n  helm.sh/chart: a\n'],
    ['an escape of another sort', 'a: "\\n\\t"\n'],
  ])('is not %s', (_what, text) => {
    expect(isWorthReading(bytes(text), 'a.yaml')).toBe(false);
  });
});
