import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../../src/manifest/at-rest/go-duration.ts';

describe("Go's durations", () => {
  it.each([
    ['0', '0s'],
    ['3s', '3s'],
    ['-1.5h', '-1h30m0s'],
    ['1h1m1.5s', '1h1m1.5s'],
    ['1500us', '1.5ms'],
    ['.5s', '500ms'],
    ['1µs', '1µs'],
    ['-9223372036854775808ns', '-2562047h47m16.854775808s'],
  ])('reads %s as %s', (text, printed) => {
    const read = parseDuration(text);
    expect(read.ok && formatDuration(read.nanoseconds)).toBe(printed);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['3', 'time: missing unit in duration "3"'],
    ['3x', 'time: unknown unit "x" in duration "3x"'],
    ['.s', 'time: invalid duration ".s"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ])('refuses %j as Go does', (text, reason) => {
    expect(parseDuration(text)).toEqual({ ok: false, reason });
  });

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds))).toEqual({ ok: true, nanoseconds });
      }),
    );
  });
});
