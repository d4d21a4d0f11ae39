import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { noFile } from '../../../src/audit/audited-file.ts';
import type { Finding } from '../../../src/audit/finding.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: main, namespace: db}\n${body}`;
const found = (text: string) =>
  audit(scan(text), registry).findings.map(({ rule, level, place }) => [
    rule,
    level,
    place.located?.entry.key,
  ]);

describe('an audit', () => {
  it('finds plaintext as an error, and what may be a secret as a warning', () => {
    expect(
      found(secret('stringData:\n  password: hunter2\n  source-key: my-secret\n  username: admin\n')),
    ).toEqual([
      ['plaintext-secret', 'error', 'password'],
      ['plaintext-secret', 'warning', 'source-key'],
    ]);
  });

  it.each([
    ['data', secret('data:\n  password: aHVudGVyMg==\n')],
    ['JSON', '{"apiVersion":"v1","kind":"Secret","stringData":{"password":"hunter2"}}'],
    [
      'a List',
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  stringData: {password: hunter2}\n',
    ],
    [
      'a SecretList, whose items state no kind',
      'apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: a}\n  stringData: {password: hunter2}\n',
    ],
    ['the third document', `a: b\n---\nc: d\n---\n${secret('stringData: {password: hunter2}\n')}`],
    ['CRLF', secret('stringData:\n  password: hunter2\n').replaceAll('\n', '\r\n')],
    [
      'a Helm template',
      'kind: Secret\nmetadata:\n  name: {{ .x }}\nstringData:\n  {{- range .y }}\n  password: hunter2\n  {{- end }}\n',
    ],
    ['a file that breaks off', `${secret('stringData:\n  password: hunter2\n')}  x: "never closed\n  y: [\n`],
    ['a kind spelled with escapes', 'kind: "S\\x65cret"\nstringData: {password: hunter2}\n'],
  ])('sees into %s', (_name, text) => {
    expect(found(text)).toContainEqual(['plaintext-secret', 'error', 'password']);
  });

  it.each([
    ['a ConfigMap', 'kind: ConfigMap\ndata:\n  password: hunter2\n'],
    ['a reference', 'kind: ExternalSecret\nspec:\n  data:\n  - secretKey: password\n'],
    ['another API group', 'apiVersion: example.com/v1\nkind: Secret\nstringData: {password: hunter2}\n'],
    [
      'placeholders',
      secret('stringData:\n  password: ${PASSWORD}\n  token: "{{ .Values.token }}"\n  key: CHANGEME\n'),
    ],
    ['empty values', secret('stringData:\n  password: ""\n  token: ~\n  key:\n')],
    ['SOPS', secret('stringData:\n  password: ENC[AES256_GCM,data:5hQ=,iv:AAAA,tag:AAAA,type:str]\n')],
  ])('finds nothing in %s', (_name, text) => {
    expect(found(text)).toEqual([]);
  });

  it('calls ciphertext that was cut short damaged, not plaintext', () => {
    const cut = 'gAAAAABh'.padEnd(60, 'x');
    expect(found(secret(`stringData:\n  password: ${cut}\n`))).toEqual([
      ['malformed-ciphertext', 'error', 'password'],
    ]);
  });

  it('says which value of which object it is, and never the value', () => {
    const [finding] = audit(scan(secret('stringData:\n  password: hunter2\n')), registry).findings;
    expect(finding?.message).toBe(
      'stringData.password of Secret db/main is not encrypted (the key name says password)',
    );
    expect(JSON.stringify(finding?.message)).not.toContain('hunter2');
  });

  it('tells names and never values, damaged ciphertext included', () => {
    const text = secret(
      'stringData:\n  password: zq7hunter\n  token: gAAAAABzq7hunter\n  api: "sk-zq7hunterzq7hunterzq7"\ndata:\n  x: enE3aHVudGVy\n',
    );
    const messages = audit(scan(text), registry).findings.map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(2);
    for (const message of messages) expect(message).not.toMatch(/zq7|enE3/);
  });

  it.each([
    ['a: x', 'a: x\n  token: hunter3'],
    ['hunter2', '${NOW}'],
    ['hunter2', 'gAAAAABx'],
    ['  b: y', ''],
    ['kind: Secret', 'type: kubernetes.io/service-account-token\nkind: Secret'],
    ['kind: Secret', 'kind: ConfigMap'],
    ['---\n', ''],
  ])('is the same after %j became %j as from scratch', (from, to) => {
    const text = `a: b\n---\n${secret('stringData:\n  a: x\n  password: hunter2\n  b: y\n  token: s3cr3t-Xy9\n')}`;
    const first = scan(text);
    const changed = text.replace(from, to);
    const after = audit(rescan(first, changed), registry, noFile, audit(first, registry));
    const told = ({ rule, span, message }: Finding) => `${rule} ${span.start} ${message}`;
    expect(after.findings.map(told)).toEqual(audit(scan(changed), registry).findings.map(told));
  });

  it('of a huge file on one line costs no time', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `"k${i}": "hunter2"`).join(',');
    for (const name of ['main', 'purser:ignore']) {
      const text = `{"kind":"Secret","metadata":{"name":"${name}"},"stringData":{${keys}}}`;
      const before = process.cpuUsage();
      expect(audit(scan(text), registry).findings.length).toBe(20_000);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
    }
  });
});
