import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const key = (bytes: number) =>
  Buffer.from(Array.from({ length: bytes }, (_, i) => 7 + i * 11)).toString('base64');
const rules: ReadonlySet<string> = new Set(['private-key-in-repo', 'at-rest/sample-key']);
/** What is told of keys; how the configuration around them is arranged is another matter. */
const findings = (text: string) => audit(scan(text), registry).findings.filter(({ rule }) => rules.has(rule));
/** What is told of a text, by the lines where it stands. */
const lines = (text: string) =>
  findings(text).map(({ rule, span }) => [rule, text.slice(0, span.start).split('\n').length]);
const at = (...numbers: number[]) => numbers.map((line) => ['private-key-in-repo', line]);

const configuration = (secret: string, provider = 'secretbox') =>
  `kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [secrets]\n  providers:\n  - ${provider}:\n      keys:\n      - name: key1\n        secret: ${secret}\n  - identity: {}\n`;

describe('a key of encryption at rest', () => {
  it('is an error that names it', () => {
    expect(findings(configuration(key(32)))).toMatchObject([
      {
        level: 'error',
        message:
          'resources[0].providers[0].secretbox.keys[0].secret of EncryptionConfiguration holds the key of encryption at rest in clear',
      },
    ]);
  });

  it.each([
    ['aescbc', 32],
    ['aescbc', 16],
    ['aesgcm', 24],
    ['secretbox', 32],
  ])('is found for %s with %d bytes', (provider, bytes) => {
    expect(lines(configuration(key(bytes), provider))).toEqual(at(9));
  });

  it('is told as a sample if it is well known, wherever it stands', () => {
    const sample = configuration('c2VjcmV0IGlzIHNlY3VyZQ==', 'aesgcm');
    expect(lines(sample)).toEqual([['at-rest/sample-key', 9]]);
    const inside = `kind: ConfigMap\ndata:\n  ec.yaml: |\n    ${sample.trimEnd().replaceAll('\n', '\n    ')}\n`;
    expect(lines(inside)).toEqual([['at-rest/sample-key', 12]]);
  });

  it.each([
    [
      'JSON',
      `{"kind":"EncryptionConfig","resources":[{"providers":[{"aescbc":{"keys":[{"name":"a","secret":"${key(32)}"}]}}]}]}`,
      at(1),
    ],
    [
      'a List',
      `kind: List\nitems:\n- ${configuration(key(32)).trimEnd().replaceAll('\n', '\n  ')}\n`,
      at(11),
    ],
    [
      'the text of another object, line by line',
      `kind: ConfigMap\ndata:\n  ec.yaml: |\n    ${configuration(key(32)).trimEnd().replaceAll('\n', '\n    ')}\n`,
      at(12),
    ],
    [
      'a quoted text',
      JSON.stringify({ kind: 'KubeadmControlPlane', files: [{ content: configuration(key(32)) }] }),
      at(1),
    ],
    [
      "RKE's cluster.yml",
      `services:\n  kube-api:\n    secrets_encryption_config:\n      custom_config:\n        kind: EncryptionConfiguration\n        resources:\n        - providers:\n          - aescbc: {keys: [{name: a, secret: ${key(32)}}]}\n`,
      at(8),
    ],
    [
      'a KKP Cluster',
      `apiVersion: kubermatic.k8c.io/v1\nkind: Cluster\nspec:\n  encryptionConfiguration:\n    enabled: true\n    secretbox:\n      keys:\n      - name: a\n        value: ${key(32)}\n      - name: b\n        secretRef: {name: c, key: d}\n`,
      at(9),
    ],
    [
      "Talos' machine configuration",
      `machine: {}\ncluster:\n  secretboxEncryptionSecret: ${key(32)}\n  aescbcEncryptionSecret: ${key(32)}\n`,
      at(3, 4),
    ],
    ["Talos' secrets", `secrets:\n  secretboxencryptionsecret: ${key(32)}\n`, at(2)],
  ])('is found in %s', (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  it.each([
    '${ENCRYPTION_KEY}',
    '{{ .Values.key }}',
    '<BASE 64 ENCODED SECRET>',
    '""',
    '~',
    'CHANGEME',
    key(31),
    key(28),
    // What the documents of one provider show: no base64.
    'ynCl8otobs5NuHu$3TLghqwFXVpv6N//SE6ZVTimYok=',
    Buffer.from('<32 bytes of random data, or so>').toString('base64'),
    Buffer.from('CHANGE-ME-CHANGE-ME-CHANGE-ME-32').toString('base64'),
  ])('is none: %s', (value) => {
    expect(lines(configuration(value))).toEqual([]);
    expect(
      lines(
        `kind: Cluster\nspec:\n  encryptionConfiguration:\n    secretbox:\n      keys:\n      - value: ${value}\n`,
      ),
    ).toEqual([]);
  });

  it('is none elsewhere', () => {
    expect(lines(`kind: EncryptionConfiguration\nmetadata: {annotations: {hash: ${key(32)}}}\n`)).toEqual([]);
    expect(lines(`kind: Thing # encryption\nspec:\n  keys:\n  - secret: ${key(32)}\n`)).toEqual([]);
  });
});
