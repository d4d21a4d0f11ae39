import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339 } from '../../../src/manifest/go-time.ts';
import { formatGoFloat, readGoJsonNumber, readGoScalar } from '../../../src/manifest/go-yaml-scalar.ts';
import { runs } from '../../support/arbitraries.ts';

const read = (text: string, tag?: string, plain = true) => {
  const { type, bytes } = readGoScalar(text, { plain, tag });
  return `${type} ${Buffer.from(bytes).toString()}`.trimEnd();
};

// What go-yaml v3.0.4 makes of them; test/interop/sops.test.ts asks sops itself about these and many more.
describe('a plain scalar', () => {
  it.each([
    ['true', 'bool True'],
    ['FALSE', 'bool False'],
    ['yes', 'str yes'],
    ['', 'null'],
    ['Null', 'null'],
    ['nUll', 'str nUll'],
    ['0777', 'int 511'],
    ['1_000', 'int 1000'],
    ['-0x1f', 'int -31'],
    ['0b-1', 'int -1'],
    ['0888', 'float 888'],
    ['1.', 'float 1'],
    ['.5_0', 'float 0.5'],
    ['1e21', 'float 1000000000000000000000'],
    ['1e-7', 'float 0.0000001'],
    ['1e400', 'str 1e400'],
    ['-.INF', 'float -Inf'],
    ['9223372036854775807', 'int 9223372036854775807'],
    ['9223372036854775808', 'unsupported'],
    ['18446744073709551616', 'float 18446744073709552000'],
    ['2020-1-2', 'time 2020-01-02T00:00:00Z'],
    ['2020-01-02t3:4:5.600+02:00', 'time 2020-01-02T03:04:05.6+02:00'],
    ['2020-01-02 03:04:05', 'time 2020-01-02T03:04:05Z'],
    ['2020-02-30', 'str 2020-02-30'],
    ['12:30:45', 'str 12:30:45'],
  ])('%j is %j', (text, typed) => {
    expect(read(text)).toBe(typed);
  });

  it('takes no time, however long its digits are', () => {
    const long = '7'.repeat(1_000_000);
    for (const text of [long, `0${long}`, `0x${long}`, `${long}_`, `-${long}`, `2020-${long}`]) {
      const before = process.cpuUsage();
      read(text);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
    }
  });
});

describe('a tag', () => {
  it.each([
    ['12', '!!str', 'str 12'],
    ['12', 'tag:yaml.org,2002:str', 'str 12'],
    ['1', '!!float', 'float 1'],
    ['aGVsbG8=', '!!binary', 'str hello'],
    ['12', '!mine', 'str 12'],
    ['12', '!', 'int 12'],
    ['abc', '!!int', 'unsupported'],
    ['2020-01-02', '!!int', 'unsupported'],
    ['%%%', '!!binary', 'unsupported'],
  ])('makes of %j with %j what Go does', (text, tag, typed) => {
    expect(read(text, tag)).toBe(typed);
  });

  it('that says nothing of the type leaves a quoted scalar a string', () => {
    expect(read('12', undefined, false)).toBe('str 12');
    expect(read('12', '!!int', false)).toBe('int 12');
  });
});

describe('numbers', () => {
  it.each([
    ['1e3', 'float', '1000'],
    ['-0', 'int', '0'],
    ['1.50', 'float', '1.5'],
    ['9223372036854775808', 'float', '9223372036854775808'.replace('775808', '775808')],
  ])('of JSON: %s is a %s', (text, type, canonical) => {
    const scalar = readGoJsonNumber(text);
    expect(scalar.type).toBe(type);
    expect(Number(Buffer.from(scalar.bytes).toString())).toBe(Number(canonical));
  });

  it('are written without exponents, and read back as they were', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = formatGoFloat(value);
        expect(text).toMatch(/^-?\d+(?:\.\d*[1-9])?$/);
        expect(Number(text)).toBe(value);
      }),
      runs(100),
    );
  });
});

describe('a decrypted time', () => {
  it('is RFC 3339 and nothing else', () => {
    expect(parseRfc3339('2020-01-02T03:04:05.120-01:30')).toBe('2020-01-02T03:04:05.12-01:30');
    expect(parseRfc3339('2020-1-2')).toBeUndefined();
    expect(parseRfc3339('2020-01-02T24:00:00Z')).toBeUndefined();
    expect(parseRfc3339('2020-01-02T03:04:05+24:00')).toBeUndefined();
  });
});
