import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derNumber, derSequence, readDer } from '../../../src/crypto/der.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const numberIn = (hex: string) => derNumber(readDer(bytes(hex))?.[0]);

describe('readDer', () => {
  it('reads elements one after another, with lengths of any size', () => {
    const long = `0481c8${'aa'.repeat(200)}`;
    const elements = readDer(bytes(`020105${long}0500`));
    expect(elements?.map(({ tag, content }) => [tag, content.length])).toEqual([
      [2, 1],
      [4, 200],
      [5, 0],
    ]);
  });

  it.each([
    ['a length that is missing', '30'],
    ['content that is cut short', '300502'],
    ['an indefinite length', '30800000'],
    ['a length of five bytes', '3085000000000100'],
    ['a length that is cut short', '3082'],
    ['more than there is', '3084ffffffff00'],
  ])('refuses %s', (_, hex) => {
    expect(readDer(bytes(hex))).toBeUndefined();
  });

  it('never throws, and finds no more than there is', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (any) => {
        const read = readDer(any) ?? [];
        expect(read.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(any.length);
      }),
    );
  });
});

describe('derNumber', () => {
  it.each([
    ['020101', 1],
    ['02030f4240', 1_000_000],
    ['02020080', 128],
    ['02107fffffffffffffffffffffffffffffff', Number.POSITIVE_INFINITY],
  ])('reads %s', (hex, number) => {
    expect(numberIn(hex)).toBe(number);
  });

  it.each([['0201ff'], ['0200'], ['040101'], ['']])('refuses %s', (hex) => {
    expect(numberIn(hex)).toBeUndefined();
  });
});

describe('derSequence', () => {
  it('looks into sequences only', () => {
    expect(derSequence(readDer(bytes('3003020101'))?.[0])).toHaveLength(1);
    expect(derSequence(readDer(bytes('3103020101'))?.[0])).toBeUndefined();
    expect(derSequence(undefined)).toBeUndefined();
  });
});
