import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textChange } from '../../../src/manifest/text-change.ts';
import { runs } from '../../support/arbitraries.ts';

/** Texts that share much: repetitive, some of them longer than what is compared at once. */
const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'ab', '\n')), fc.constantFrom(0, 1, 700, 3000))
  .map(([parts, times]) => parts.join('') + 'ab'.repeat(times) + parts.join(''));

describe('the change from one text to another', () => {
  it('is where they differ, and as short as can be', () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat({ max: 3 }), (a, b, where, gone) => {
        const at = where % (a.length + 1);
        for (const after of [b, a.slice(0, at) + b.slice(0, 3) + a.slice(at + gone)]) {
          const { start, oldEnd, newEnd } = textChange(a, after);
          expect(a.slice(0, start) + after.slice(start, newEnd) + a.slice(oldEnd)).toBe(after);
          expect(start).toBeLessThanOrEqual(Math.min(oldEnd, newEnd));
          if (start < Math.min(oldEnd, newEnd)) {
            expect(a[start]).not.toBe(after[start]);
            expect(a[oldEnd - 1]).not.toBe(after[newEnd - 1]);
          }
        }
      }),
      runs(200),
    );
  });

  it('of nothing is nothing', () => {
    expect(textChange('same', 'same')).toEqual({ start: 4, oldEnd: 4, newEnd: 4 });
    expect(textChange('', '')).toEqual({ start: 0, oldEnd: 0, newEnd: 0 });
  });
});
