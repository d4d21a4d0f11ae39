import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { IgnoreComments } from '../../../src/audit/ignore-comment.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { registry } from '../schemes/schemes.ts';

const at = (before: string, after = '') => {
  const text = `kind: Secret\nstringData:\n  other: x\n${before}  password: hunter2${after}\n  next: x\n`;
  return new IgnoreComments(text).silence(text.indexOf('hunter2'), 'plaintext-secret');
};

describe('# purser:ignore', () => {
  it.each([
    ['on the line', '', ' # purser:ignore plaintext-secret a sample'],
    ['on the line above', '  # purser:ignore plaintext-secret a sample\n', ''],
    ['on the line above, as the end of a comment', '  # x # purser:ignore plaintext-secret a sample\n', ''],
    ['in a template', '{{- if .Values.a }}\n  # purser:ignore plaintext-secret a sample\n', ''],
    ['below text that does not parse', '  "a: [\n# purser:ignore plaintext-secret a sample\n', ''],
    ['below a block scalar', '  a: |\n    x\n  # purser:ignore plaintext-secret a sample\n', ''],
    ['at the margin above', '# purser:ignore plaintext-secret a sample\n', ''],
    ['after another comment', '', ' # ask Ann # purser:ignore plaintext-secret a sample'],
    ['with CRLF', '  # purser:ignore plaintext-secret a sample\r\n', ''],
    ['without a blank after the hash', '', ' #purser:ignore plaintext-secret a sample'],
  ])('silences a finding %s', (_, before, after) => {
    expect(at(before, after)).toBe(true);
  });

  it.each([
    ['without a reason', '  # purser:ignore plaintext-secret\n', ''],
    ['with blanks for a reason', '  # purser:ignore plaintext-secret   \n', ''],
    ['of another rule', '  # purser:ignore malformed-ciphertext a sample\n', ''],
    ['of no rule', '  # purser:ignore a sample\n', ''],
    ['two lines above', '  # purser:ignore plaintext-secret a sample\n\n', ''],
    ['below', '', '\n  # purser:ignore plaintext-secret a sample'],
    ['that is no comment', '', 'purser:ignore plaintext-secret a sample'],
    ['behind the value above', '  a: b # purser:ignore plaintext-secret a sample\n', ''],
    ['in quotes above', '  a: "b # purser:ignore plaintext-secret a sample"\n', ''],
    ['in quotes of several lines above', "  a: 'b\n    # purser:ignore plaintext-secret a sample'\n", ''],
    ['in a block scalar above', '  a: |\n    # purser:ignore plaintext-secret a sample\n', ''],
    ['that is not there', '', ''],
  ])('silences nothing %s', (_, before, after) => {
    expect(at(before, after)).toBe(false);
  });

  const rules = (text: string) => audit(scan(text), registry).findings.map(({ rule }) => rule);
  const ignore = '# purser:ignore plaintext-secret a sample';

  it('is none inside of the value itself', () => {
    for (const value of [`"hunter2 ${ignore}"`, `'hunter2 ${ignore}'`, `|\n    hunter2 ${ignore}\n    x`])
      expect(rules(`kind: Secret\nstringData:\n  password: ${value}\n`), value).toEqual(['plaintext-secret']);
  });

  it('counts behind the mark of a block scalar, and where the value stands below its key', () => {
    expect(rules(`kind: Secret\nstringData:\n  password: | ${ignore}\n    hunter2\n`)).toEqual([]);
    expect(rules(`kind: Secret\nstringData:\n  ${ignore}\n  password:\n    hunter2\n`)).toEqual([]);
    expect(rules(`kind: Secret\nstringData:\n  password: ${ignore}\n    hunter2\n`)).toEqual([]);
  });

  it('of a manifest that stands as text counts in there, and nowhere else', () => {
    const inner = (line: string) => `    kind: Secret\n    stringData:\n      password: hunter2${line}\n`;
    const outer = (line: string) => `kind: ConfigMap\ndata:\n  a: |\n${inner(line)}`;
    expect(rules(outer(''))).toEqual(['plaintext-secret']);
    expect(rules(outer(` ${ignore}`))).toEqual([]);
  });

  it('silences that one finding and no other', () => {
    const text =
      'kind: Secret\nstringData:\n  a-password: hunter2 # purser:ignore plaintext-secret a sample\n\n  b-password: hunter2\n';
    expect(audit(scan(text), registry).findings.map(({ place }) => place.located?.entry.key)).toEqual([
      'b-password',
    ]);
  });
});
