import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { privateKeyFiles } from '../../support/keys.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const pem = (privateKeyFiles['EC in PKCS#8'] ?? '').trim();
const block = (text: string, indent: string) => `|\n${text.replace(/^(?=.)/gm, indent)}`;
const base64 = Buffer.from(pem).toString('base64');
const findings = (text: string, name = 'a.yaml') =>
  audit(scan(text), registry, { name, policy: undefined }).findings;
const rules = (text: string, name?: string) => findings(text, name).map(({ rule }) => rule);
const configMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: ns}\ndata:\n${data}`;

describe('private-key-in-repo', () => {
  it('is an error that names the value and tells all of it', () => {
    const text = configMap(`  a: b\n  id_rsa: ${block(pem, '    ')}\n  c: d\n`);
    const [finding, ...more] = findings(text);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'private-key-in-repo',
      level: 'error',
      message: 'data.id_rsa of ConfigMap ns/m holds a private key in clear',
    });
    expect(finding?.span.start).toBe(text.indexOf('|'));
    expect(text.slice(finding?.span.end)).toMatch(/^\s*c: d/);
  });

  it.each([
    ['base64', configMap(`  key: ${base64}\n`)],
    ['binaryData', configMap('').replace('data:', `binaryData:\n  key: ${base64}`)],
    ['folded base64', configMap(`  key: >-\n    ${(base64.match(/.{1,60}/g) ?? []).join('\n    ')}\n`)],
    ['a double-quoted text', configMap(`  key: ${JSON.stringify(pem)}\n`)],
    ['JSON', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: { key: pem } })],
    ['an annotation', `kind: Pod\nmetadata:\n  annotations:\n    key: ${JSON.stringify(pem)}\n`],
    [
      'an annotation of a Secret',
      `kind: Secret\nmetadata:\n  annotations:\n    key: ${base64}\ndata: {a: ""}\n`,
    ],
    ['a comment', `kind: Pod\n${pem.replace(/^/gm, '# ')}\nspec: {}\n`],
    ['the values of a chart', `kind: HelmRelease\nspec:\n  values:\n    tlsKey: ${block(pem, '      ')}\n`],
    ['an argument', `kind: Pod\nspec:\n  containers:\n  - args: [--key, ${base64}]\n`],
    ['a template', `kind: ConfigMap\ndata:\n  {{- if .x }}\n  key: ${base64}\n  {{- end }}\n`],
    ['a file that breaks off', `kind: ConfigMap\ndata:\n  key: ${base64}\n  b: [never\n c: "closed\n`],
    ['CRLF', configMap(`  key: ${block(pem, '    ')}\n`).replaceAll('\n', '\r\n')],
    ['the second document', `a: b\n---\n${configMap(`  key: ${base64}\n`)}`],
  ])('finds a key in %s', (_, text) => {
    expect(rules(text)).toEqual(['private-key-in-repo']);
  });

  it('tells one value once', () => {
    expect(rules(configMap(`  keys: ${block(`${pem}\n${pem}`, '    ')}\n`))).toEqual(['private-key-in-repo']);
  });

  it('tells a key without a name by what it is', () => {
    expect(findings(`# ${base64}\n`)[0]?.message).toBe('a private key in base64 stands here in clear');
    expect(findings(privateKeyFiles['a JWK of EC'] ?? '', 'key.json')).toMatchObject([
      { message: 'a private JWK stands here in clear' },
    ]);
  });

  it('leaves the values of Secrets, and what other rules know better, to them', () => {
    expect(rules(`kind: Secret\nstringData:\n  tls.key: ${block(pem, '    ')}\n`)).toEqual([
      'plaintext-secret',
    ]);
    expect(rules(`kind: Secret\ndata:\n  tls.key: ${base64}\n`)).toEqual(['plaintext-secret']);
    const inner = `kind: Secret\nstringData:\n  tls.key: ${block(pem, '    ')}\n`;
    expect(rules(configMap(`  secret.yaml: ${block(inner, '    ')}\n`))).toEqual(['plaintext-secret']);
    expect(
      rules(
        `apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers:\n- name: a\n  user: {client-key-data: ${base64}}\n`,
      ),
    ).toEqual(['plaintext-kubeconfig']);
  });

  it.each([
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${'MIIB'.repeat(20)}\n-----END CERTIFICATE-----`],
    ['documentation', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'],
    ['a reference', 'privateKeySecretRef'],
  ])('says nothing of %s', (_, value) => {
    expect(rules(configMap(`  key: ${block(value, '    ')}\n`))).toEqual([]);
  });

  it('says nothing where a key is encrypted, by Purser or by SOPS', () => {
    const sops = `data:\n  key: ENC[AES256_GCM,data:5hQ=,iv:AAAA,tag:AAAA,type:str]\nsops:\n  age:\n  - enc: ${block('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----', '      ')}\n`;
    expect(rules(sops)).toEqual([]);
  });

  it('is silenced with a reason', () => {
    expect(rules(configMap(`  # purser:ignore private-key-in-repo a test\n  key: ${base64}\n`))).toEqual([]);
  });
});
