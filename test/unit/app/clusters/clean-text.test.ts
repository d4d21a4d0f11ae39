import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../../src/app/clusters/clean-text.ts';

describe('text from a cluster', () => {
  it.each([
    ['podinfo', 'podinfo'],
    ['two\nlines\r\n  and a tab\t.', 'two lines and a tab .'],
    ['\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['prod\u202egnitset', 'prod\ufffdgnitset'],
    ['a\u200bb\u2066c\ufeff', 'a\ufffdb\ufffdc'],
    ['half \ud83d', 'half \ufffd'],
    ['größe 日本', 'größe 日本'],
  ])('shows %j as %j', (text, cleaned) => expect(cleanText(text, 100)).toBe(cleaned));

  it('is cut, but not within a character', () => {
    expect(cleanText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(cleanText('😀'.repeat(50), 4)).toBe('😀…');
    expect(cleanText('x'.repeat(10), 10)).toBe('x'.repeat(10));
  });

  it('never holds what could disguise it, whatever the server says', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(anything, fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const cleaned = cleanText(text, limit);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(cleaned.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
