import { describe, expect, it } from 'vitest';
import { emptyReport, lookThrough, report } from '../../../src/app/scan-file.ts';
import { noFile } from '../../../src/audit/audited-file.ts';
import type { Severity } from '../../../src/policy/policy.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: main, namespace: db}\n${body}`;

describe('a scanned file', () => {
  const file = { ...noFile, path: () => 'a.yaml', severity: new Map<string, Severity>() };
  const scanned = (bytes: Uint8Array) => report(lookThrough(file, bytes, registry), registry);

  it('is reported with positions from 1, the end exclusive', () => {
    const { findings } = scanned(
      new TextEncoder().encode(secret('stringData:\n  password: "hunter2" # c\n')),
    );
    expect(findings).toMatchObject([
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

  it.each([
    ['a JWE', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA\n'],
    ['secretbox', `k8s:enc:secretbox:v1:dev:${Buffer.alloc(60, 1).toString('base64')}`],
  ])('that is itself one ciphertext (%s) counts as encrypted', (_, token) => {
    expect(scanned(new TextEncoder().encode(token)).sealed).toBe(true);
    expect(scanned(new TextEncoder().encode(`a: ${token}`)).sealed).toBe(false);
  });

  it('counts documents the same whether or not it is looked into', () => {
    for (const text of [
      '',
      'a: b\n',
      '---\na: b\n',
      'a\n---\nb\n---\nc\n',
      '--- # x\na: 1\n',
      'a: |\n  ---\n',
      'a: 1\n...\n---\nb: 2\n',
      'a: 1\n...',
      'a: ...\nb: ---\n',
    ]) {
      const bytes = new TextEncoder().encode(text);
      expect(emptyReport(bytes).documents, JSON.stringify(text)).toBe(scanned(bytes).documents);
    }
  });

  it('obeys the severity a policy gives a rule', () => {
    const bytes = new TextEncoder().encode(secret('stringData:\n  password: hunter2\n'));
    const levels = (level: 'off' | 'information') =>
      report(
        lookThrough({ ...file, severity: new Map([['plaintext-secret', level]]) }, bytes, registry),
        registry,
      ).findings.map((finding) => finding.level);
    expect(levels('off')).toEqual([]);
    expect(levels('information')).toEqual(['information']);
  });
});
