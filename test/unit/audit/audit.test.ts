import { describe, expect, it } from 'vitest';
import { scanFile } from '../../../src/app/scan-file.ts';
import { audit } from '../../../src/audit/audit.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: main, namespace: db}\n${body}`;
const found = (text: string) =>
  audit(scan(text), registry).findings.map(({ rule, level, located }) => [rule, level, located.entry.key]);

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

  it('is the same after a change as from scratch', () => {
    const text = secret('stringData:\n  a: x\n  password: hunter2\n  b: y\n');
    const first = scan(text);
    const changed = text.replace('a: x', 'a: x\n  token: hunter3').replace('b: y', 'b: $' + '{Y}');
    const after = audit(rescan(first, changed), registry, audit(first, registry));
    expect(after.findings.map(({ message }) => message)).toEqual(
      audit(scan(changed), registry).findings.map(({ message }) => message),
    );
  });
});

describe('a comment that ignores a finding', () => {
  it.each([
    ['on the line', '  password: hunter2 # purser:ignore plaintext-secret made up\n', 0],
    ['on the line above', '  # purser:ignore plaintext-secret made up\n  password: hunter2\n', 0],
    ['without a reason', '  password: hunter2 # purser:ignore plaintext-secret\n', 1],
    ['for another rule', '  password: hunter2 # purser:ignore value-pitfall made up\n', 1],
    ['two lines above', '  # purser:ignore plaintext-secret made up\n\n  password: hunter2\n', 1],
    ['below', '  password: hunter2\n  # purser:ignore plaintext-secret made up\n', 1],
  ])('%s', (_name, lines, count) => {
    expect(found(secret(`stringData:\n${lines}`)).length).toBe(count);
  });
});

describe('a scanned file', () => {
  const scanned = (bytes: Uint8Array) => scanFile('a.yaml', bytes, registry, new Map());

  it('is reported with positions from 1, the end exclusive', () => {
    const report = scanned(new TextEncoder().encode(secret('stringData:\n  password: "hunter2" # c\n')));
    expect(report.findings).toMatchObject([
      {
        rule: 'plaintext-secret',
        range: { start: { line: 5, column: 13 }, end: { line: 5, column: 22 } },
        object: { apiVersion: 'v1', kind: 'Secret', namespace: 'db', name: 'main' },
        entry: 'stringData.password',
      },
    ]);
  });

  it('may be UTF-16, or text that is partly wrong', () => {
    const text = secret('stringData:\n  password: hunter2\n');
    expect(scanned(Buffer.from(`\ufeff${text}`, 'utf16le')).findings.length).toBe(1);
    expect(scanned(Buffer.from(`\ufeff${text}`, 'utf16le').swap16()).findings.length).toBe(1);
    const wrong = scanned(
      Buffer.concat([Buffer.from([0xff]), Buffer.from('\n'), Buffer.from(text)]).subarray(1),
    );
    expect(wrong.findings.length).toBe(1);
    const lossy = scanned(Buffer.concat([Buffer.from(text), Buffer.from([0x23, 0xff, 0x0a])]));
    expect([lossy.findings.length, lossy.problems.length]).toEqual([1, 1]);
  });

  it('counts documents the same whether or not it is looked into', () => {
    for (const text of [
      '',
      'a: b\n',
      '---\na: b\n',
      'a\n---\nb\n---\nc\n',
      '--- # x\na: 1\n',
      'a: |\n  ---\n',
    ]) {
      const plain = scanned(new TextEncoder().encode(text)).documents;
      expect(plain, JSON.stringify(text)).toBe(scan(text).documents.length);
    }
  });

  it('obeys the severity a policy gives a rule', () => {
    const bytes = new TextEncoder().encode(secret('stringData:\n  password: hunter2\n'));
    const levels = (level: 'off' | 'information') =>
      scanFile('a', bytes, registry, new Map([['plaintext-secret', level]])).findings.map(
        (finding) => finding.level,
      );
    expect(levels('off')).toEqual([]);
    expect(levels('information')).toEqual(['information']);
  });
});
