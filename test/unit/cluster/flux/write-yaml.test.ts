import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../../../src/cluster/api/json.ts';
import { writeYaml } from '../../../../src/cluster/flux/write-yaml.ts';
import { runs, valueText } from '../../../support/arbitraries.ts';

/** What YAML takes for something else than text, in one version or the other. */
// biome-ignore format: a table
const treacherous = fc.constantFrom(
  '', ' ', '~', 'null', 'Yes', 'y', 'off', 'TRUE', '.inf', '.NaN', '<<', '=', '1', '1.10', '0x1f', '0o17',
  '0b1', '1e3', '1_000', '12:30:45', '190:20', '2026-05-01', '2026-05-01T10:00:00Z', '5m', '10.0.0.1', './a', '../a', '...', '.5',
  '- a', '-', '--- a', 'a: b', 'a:', 'a #b', '#a', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '"a"',
  "'a'", '[a]', '{a}', '? a', ',', 'a\nb', 'a\n', 'a\n\n', '\na', ' a\nb', 'a\n b\n', '\ta\nb', 'a\n\n\nb',
  'a\r\nb', 'a\n \n', 'a\n\tb', 'a  \nb ',
);
const words = fc.oneof(treacherous, valueText);

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    words,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(words, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const object = fc.dictionary(words, value, { maxKeys: 4, noNullPrototype: true }) as fc.Arbitrary<JsonObject>;

describe('written YAML', () => {
  it('is written in a moment, whatever a text looks like', () => {
    const before = process.cpuUsage();
    for (const text of [`1${'g'.repeat(1 << 20)}=`, `1${'.'.repeat(1 << 20)}!`, 'a: '.repeat(1 << 18)])
      writeYaml({ text });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  });

  it.each(['1.1', '1.2'] as const)('reads back as it was, by YAML %s', (version) => {
    const read = (text: string) => parse(text, { version, ...(version === '1.1' ? { merge: false } : {}) });
    fc.assert(
      fc.property(object, (written) => {
        expect(read(writeYaml(written))).toEqual(written);
      }),
      runs(1_500),
    );
  });

  it('is laid out as kubectl does', () => {
    const ports = [{ name: 'http', port: 80, tags: ['a', ['b', { c: null }]] }, {}, []];
    const written = writeYaml({
      spec: { interval: '5m', path: './web', ports, script: 'one\n  two\n\nthree' },
      'a b': '12',
    });
    expect(written).toBe(`spec:
  interval: 5m
  path: ./web
  ports:
  - name: http
    port: 80
    tags:
    - a
    -
      - b
      - c: null
  - {}
  - []
  script: |-
    one
      two

    three
a b: "12"
`);
  });

  it('holds a key of any length', () => {
    const key = 'k'.repeat(2_000);
    expect(parse(writeYaml({ a: [{ [key]: { b: 1 } }, { [key]: ['c'] }] }))).toEqual({
      a: [{ [key]: { b: 1 } }, { [key]: ['c'] }],
    });
  });

  it('is nothing of nothing', () => {
    expect(writeYaml({})).toBe('{}\n');
  });
});
