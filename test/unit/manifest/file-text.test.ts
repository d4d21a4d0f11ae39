import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { decodeFile, encodeFile, fileSizeLimit } from '../../../src/manifest/file-text.ts';
import { runs } from '../../support/arbitraries.ts';

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'));
const swapped = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'no failure';
  } catch (error) {
    return error instanceof Failure ? error.code : String(error);
  }
}

describe('a file as text', () => {
  it.each([
    [
      'UTF-8',
      new TextEncoder().encode('é😀\r\n'),
      { text: 'é😀\r\n', encoding: 'utf-8', bom: false, lossy: false },
    ],
    [
      'UTF-8 with a byte order mark',
      new TextEncoder().encode('\ufeffé'),
      { text: 'é', encoding: 'utf-8', bom: true, lossy: false },
    ],
    [
      'two byte order marks',
      new TextEncoder().encode('\ufeff\ufeffé'),
      { text: '\ufeffé', encoding: 'utf-8', bom: true, lossy: false },
    ],
    ['UTF-16', utf16('\ufeffé😀'), { text: 'é😀', encoding: 'utf-16le', bom: true, lossy: false }],
    [
      'big-endian UTF-16',
      swapped('\ufeffé😀'),
      { text: 'é😀', encoding: 'utf-16be', bom: true, lossy: false },
    ],
    ['nothing', new Uint8Array(), { text: '', encoding: 'utf-8', bom: false, lossy: false }],
    [
      'wrong bytes among text',
      new Uint8Array([0x61, 0xff, 0x62]),
      { text: 'a\ufffdb', encoding: 'utf-8', bom: false, lossy: true },
    ],
    [
      'half a UTF-16 unit',
      new Uint8Array([0xff, 0xfe, 0x61]),
      { text: '\ufffd', encoding: 'utf-16le', bom: true, lossy: true },
    ],
    [
      'UTF-16 with a lone surrogate',
      utf16('\ufeffa\ud800'),
      { text: 'a\ufffd', encoding: 'utf-16le', bom: true, lossy: true },
    ],
  ])('%s', (_, bytes, expected) => {
    expect(decodeFile(bytes)).toEqual(expected);
  });

  it('is refused where it is binary or far too large', () => {
    expect(codeOf(() => decodeFile(new Uint8Array([0x61, 0, 0x62])))).toBe('file.not-text');
    for (const mark of [
      [0xff, 0xfe, 0, 0],
      [0, 0, 0xfe, 0xff],
    ])
      expect(() => decodeFile(new Uint8Array([...mark, 0x61, 0, 0, 0]))).toThrow(
        expect.objectContaining({ code: 'file.not-text', details: { reason: 'it is UTF-32' } }),
      );
    expect(codeOf(() => decodeFile(new Uint8Array(fileSizeLimit + 1)))).toBe('file.too-large');
    expect(codeOf(() => decodeFile(new Uint8Array(fileSizeLimit).fill(0x20)))).toBe('no failure');
  });

  it('goes back to the same bytes in every encoding', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'),
        fc.boolean(),
        (text, encoding, mark) => {
          const bom = mark || encoding !== 'utf-8' || text.startsWith('\ufeff');
          const bytes = encodeFile(text, { encoding, bom });
          const file = decodeFile(bytes);
          expect(file).toEqual({ text, encoding, bom, lossy: false });
          expect(encodeFile(file.text, file)).toEqual(bytes);
        },
      ),
      runs(300),
    );
  });
});
