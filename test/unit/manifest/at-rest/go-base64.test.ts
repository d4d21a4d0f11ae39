import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGoBase64 } from '../../../../src/manifest/at-rest/go-base64.ts';

describe("base64 as Go's standard encoding reads it", () => {
  it('takes what Node writes, with the length of what it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(readGoBase64(text)).toEqual({ length: bytes.length });
        expect(readGoBase64(text.replace(/(.{5})/g, '$1\r\n'))).toEqual({ length: bytes.length });
      }),
    );
  });

  // As `base64.StdEncoding.DecodeString` of Go 1.26.8 says.
  it.each([
    ['$', 0],
    ['AAAA$', 4],
    ['A', 0],
    ['AA', 0],
    ['AAA', 0],
    ['AAAAA', 4],
    ['=', 0],
    ['A=', 1],
    ['AA=', 3],
    ['AA=A', 2],
    ['AA=\nA', 3],
    ['AA==A', 4],
    ['AAA=A', 4],
    ['AA\n', 1],
    ['é', 0],
    ['AAAAé', 4],
    ['AAAA-_', 4],
    ['A\nA\nA', 2],
    ['AAAA\nA', 5],
    ['AA=\n', 4],
    ['AA==\n\nA', 6],
  ])('refuses %j at byte %d', (text, illegalAt) => {
    expect(readGoBase64(text)).toEqual({ illegalAt });
  });
});
