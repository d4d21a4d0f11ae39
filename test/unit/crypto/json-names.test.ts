import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatsName } from '../../../src/crypto/json-names.ts';

describe('repeatsName', () => {
  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":1,"\\u0061":2}'],
    ['{"b":{"a":[],"c":"x","a":{}}}'],
    ['[{"a":1},{"b":1,"b":2}]'],
    ['{ "a" : "}" , "x\\\\":1, "a" : 2 }'],
    ['{"__proto__":1,"__proto__":2}'],
  ])('finds %s', (json) => {
    expect(repeatsName(json)).toBe(true);
  });

  it.each([
    ['{"a":"a","b":{"a":["a","a",{"a":1}]}}'],
    ['[{"a":1},{"a":2}]'],
    ['{"a":"\\",\\"a\\":1"}'],
    ['{"a":["b","b"],"c":"a"}'],
    ['"a"'],
    ['{}'],
  ])('passes %s', (json) => {
    expect(repeatsName(json)).toBe(false);
  });

  it('never finds one in what was an object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(repeatsName(JSON.stringify(value, null, 1))).toBe(false);
      }),
    );
  });

  it('finds any member that is written once more', () => {
    const members = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(members, (value) => {
        const [name] = Object.keys(value);
        expect(repeatsName(`${JSON.stringify(value).slice(0, -1)},${JSON.stringify(name)}:0}`)).toBe(true);
      }),
    );
  });

  it('takes no time over a long string', () => {
    const before = process.cpuUsage();
    expect(repeatsName(`{"a":"${'\\"'.repeat(2_000_000)}"}`)).toBe(false);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });
});
