import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggestionsAt } from '../../../../src/app/at-rest/suggestions.ts';
import { judgeConfiguration } from '../../../../src/audit/at-rest/judge-configuration.ts';

/** What stands in a text after a suggestion was taken, as an editor puts it there. */
function taken(text: string, label: string): string {
  const offset = text.indexOf('|');
  const before = text.slice(0, offset);
  const found = suggestionsAt(text.replace('|', ''), offset).find((one) => one.label === label);
  if (found === undefined) throw new Error(`${label} is not suggested`);
  const indent = /[^\n]*$/.exec(before)?.[0].search(/\S|$/) ?? 0;
  const plain = found.snippet.replace(/\$\{\d:([^}]*)\}/g, '$1').replace(/\$0/g, '|');
  return before + plain.replaceAll('\n', `\n${' '.repeat(indent)}`) + text.slice(offset + 1);
}

const errors = (text: string) =>
  judgeConfiguration(text, { reload: true, kmsV1: false }).errors.map(({ message }) => message);
const key = Buffer.alloc(32, 9).toString('base64');

describe('suggestions', () => {
  it.each([
    ['in a list below its key', 'resources:\n  - resources: [secrets]\n    providers:\n      - |\n'],
    ['in a list at its key', 'resources:\n- resources: [secrets]\n  providers:\n  - |\n'],
    ['before the dash', 'resources:\n- resources: [secrets]\n  providers:\n    |\n'],
  ])('make providers that kube-apiserver takes: %s', (_, rest) => {
    const text = `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n${rest}`;
    const offset = text.indexOf('|');
    const labels = suggestionsAt(text.replace('|', ''), offset).map(({ label }) => label);
    expect(labels).toEqual(['secretbox', 'kms', 'aesgcm', 'aescbc', 'identity']);
    for (const label of labels) {
      const whole = taken(text, label).replace('<base64 of the key>', key);
      expect([label, errors(whole)]).toEqual([label, []]);
    }
  });

  it('lead from nothing to a whole configuration', () => {
    let text = '|';
    for (const label of ['apiVersion', 'kind']) text = `${taken(text, label)}\n|`;
    text = taken(text, 'resources');
    text = taken(text, 'secretbox').replace('<base64 of the key>', key);
    expect(errors(text)).toEqual([]);
  });

  it('hold no key', () => {
    const text = 'resources:\n  - providers:\n      - secretbox:\n          keys:\n            - |';
    expect(taken(text, 'secret')).toContain('secret: <base64 of the key>');
  });

  it('are none for what is no field there', () => {
    for (const text of ['resources: # |', 'resources:\n  - resources: [a]\n    other:\n      |', 'name: |'])
      expect(suggestionsAt(text.replace('|', ''), text.indexOf('|'))).toEqual([]);
  });

  it('come for any text, soon', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('resources:', 'providers:', '- ', '  ', '\n', 'a', '#', '"', '[', '---', '\t'),
        ),
        fc.nat(100),
        (parts, at) => {
          const text = parts.join('');
          expect(Array.isArray(suggestionsAt(text, Math.min(at, text.length)))).toBe(true);
        },
      ),
    );
    const before = process.cpuUsage();
    suggestionsAt('- '.repeat(500_000), 1_000_000);
    suggestionsAt('  - a:\n'.repeat(150_000), 1_000_000);
    suggestionsAt(`${' '.repeat(1_000_000)}a`, 1_000_000);
    const { user } = process.cpuUsage(before);
    expect(user / 1e6).toBeLessThan(2);
  });
});
