import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, utf8 } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/errors.ts';
import { failed, ok } from '../../../src/core/result.ts';
import { applyEdits, LineIndex } from '../../../src/core/span.ts';
import { decodeData } from '../../../src/manifest/secret.ts';
import { runs } from '../../support/arbitraries.ts';

describe('base64', () => {
  it('comes back the same', () => {
    const property = fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(fromBase64(toBase64(bytes)) ?? [])).toEqual(Buffer.from(bytes));
    });
    fc.assert(property, runs(200));
  });

  it.each(['a', 'ab', 'a===', 'ab=c', 'YQ', 'YR==', 'Y Q==', 'Y_Q=', '=', 'YQ==YQ=='])(
    '%j is none',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );

  it('may be URL-safe, with or without padding', () => {
    expect(fromBase64Url('-_8')).toEqual(new Uint8Array([251, 255]));
    expect(fromBase64Url('-_8=')).toEqual(new Uint8Array([251, 255]));
    expect(fromBase64Url('+/8=')).toBeUndefined();
    expect(fromBase64Url('-_9')).toBeUndefined();
  });

  it('in a Secret is read as the API server reads it: line breaks are skipped, nothing else is', () => {
    expect(decodeData('cGFz\ncw==\r\n')).toEqual(new TextEncoder().encode('pass'));
    for (const text of ['cGFz cw==', 'cGFzcw', 'cGFz_w==', 'cG=zcw==', 'hunter2'])
      expect(decodeData(text)).toBeUndefined();
  });
});

describe('text', () => {
  it('is not guessed from bytes that are none', () => {
    expect(utf8(new Uint8Array([0xc3, 0x28]))).toBeUndefined();
    expect(utf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
  });

  it('has lines that end at LF, CRLF or CR, counted from 1', () => {
    const lines = new LineIndex('a\nb\r\nc\rd');
    expect([0, 1, 2, 3, 5, 6, 7].map((offset) => lines.positionAt(offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 2 },
      { line: 2, column: 1 },
      { line: 2, column: 2 },
      { line: 3, column: 1 },
      { line: 3, column: 2 },
      { line: 4, column: 1 },
    ]);
  });

  it('is edited at several places at once, which must not overlap', () => {
    const edits = [
      { span: { start: 4, end: 5 }, text: 'E' },
      { span: { start: 0, end: 1 }, text: '' },
      { span: { start: 2, end: 2 }, text: '+' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('b+cdEf');
    expect(() =>
      applyEdits('abc', [
        { span: { start: 0, end: 2 }, text: '' },
        { span: { start: 1, end: 3 }, text: '' },
      ]),
    ).toThrow('overlap');
  });
});

describe('a result', () => {
  it('is a value or a failure', () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    const failure = new Failure('policy.none', {});
    expect(failed(failure)).toEqual({ ok: false, failure });
    expect(Failure.is(failure, 'policy.none')).toBe(true);
    expect(Failure.is(failure, 'usage')).toBe(false);
    expect(Failure.is(new Error('policy.none'), 'policy.none')).toBe(false);
  });
});
