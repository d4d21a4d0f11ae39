import { describe, expect, it } from 'vitest';
import { fromBase64, fromBase64Url, toBase64, utf8 } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/errors.ts';
import { failed, ok } from '../../../src/core/result.ts';

describe('a failure', () => {
  const failure = new Failure('open.failed', { scheme: 'jwe' }, { line: 3 });

  it('keeps what it knows of its place when told more', () => {
    expect(failure.at({ path: 'a.yaml', line: 9, entry: 'data.x' }).place).toEqual({
      path: 'a.yaml',
      line: 3,
      entry: 'data.x',
    });
    expect(failure.place).toEqual({ line: 3 });
  });

  it('can be told without its entry, where the place shows it already', () => {
    expect(failure.at({ entry: 'data.x' }).withoutEntry().place).toEqual({ line: 3 });
  });

  it('is matched by its code', () => {
    expect(Failure.is(failure, 'open.failed')).toBe(true);
    expect(Failure.is(failure, 'usage')).toBe(false);
    expect(Failure.is(new Error('open.failed'), 'open.failed')).toBe(false);
    expect(failure.message).toBe('open.failed');
  });

  it('or a value is the outcome of one of many', () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    expect(failed(failure)).toEqual({ ok: false, failure });
  });
});

describe('base64', () => {
  it.each([
    ['nothing', '', []],
    ['padded', 'AAH/', [0, 1, 255]],
    ['one byte', '/w==', [255]],
  ])('is read: %s', (_, text, bytes) => {
    expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
    expect(toBase64(new Uint8Array(bytes))).toBe(text);
  });

  it.each(['_w==', '/w=', '/w', '/x==', '/w==\n', 'a'])(
    'is refused where it is not canonical: %j',
    (text) => {
      expect(fromBase64(text)).toBeUndefined();
    },
  );

  it('is read URL-safe with and without padding', () => {
    expect(fromBase64Url('_w==')).toEqual(new Uint8Array([255]));
    expect(fromBase64Url('_w')).toEqual(new Uint8Array([255]));
    for (const wrong of ['/w', '_x', '_w=', '_w\n']) expect(fromBase64Url(wrong), wrong).toBeUndefined();
  });

  it('is told apart from text that is no UTF-8', () => {
    expect(utf8(new Uint8Array([0xc3, 0xa9]))).toBe('é');
    expect(utf8(new Uint8Array([0xc3]))).toBeUndefined();
  });
});
