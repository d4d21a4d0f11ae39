import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historySentence, unseenSentence } from '../../../src/app/history/history-sentence.ts';
import { pastOf } from '../../../src/app/history/past-of.ts';
import { valuesIn, worthSearching } from '../../../src/app/history/sealed-values.ts';
import { shortestForm, ValueSearch } from '../../../src/app/history/value-search.ts';
import type { History, PastUse } from '../../../src/app/ports.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { generateFernetKey, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { allSchemes } from '../../support/schemes.ts';
import { secretYaml } from '../../support/workspace.ts';

const registry = allSchemes();
const bytes = (text: string) => new TextEncoder().encode(text);
const named = (name: string, text: string) => ({ name, plaintext: Plaintext.fromText(text) });
const key = readFernetKey(bytes(generateFernetKey()), 'k');
const token = sealFernet(bytes('hunter2'), key, { now: new Date() });
const past = (some: Partial<PastUse>): PastUse => ({
  found: [true],
  commits: 1,
  first: 'a1b2c3d',
  searched: 'all',
  ...some,
});

describe('the search for values in a text', () => {
  it('finds what a plain search between other characters finds', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '1'), minLength: shortestForm, maxLength: 12 });
    const text = fc
      .array(fc.oneof(word, fc.constantFrom(' ', '\n', ': ', '"', '/')))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 20 }),
        text,
        fc.array(fc.nat()),
        (words, noise, picks) => {
          const planted = picks.map((pick) => words[pick % words.length] ?? '');
          const whole = `${noise} ${planted.join(' ')}`;
          const found = new ValueSearch(words.map(bytes)).in(bytes(whole)).values;
          const expected = words.flatMap((one, index) =>
            new RegExp(`\\b${one}\\b`).test(whole) ? [index] : [],
          );
          expect([...found].toSorted((a, b) => a - b)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['end alike', (at: number) => `${at}${'a'.repeat(64)}`],
    ['begin alike', (at: number) => `${'a'.repeat(64)}${at}`],
    ['differ in between', (at: number) => `${'a'.repeat(20)}${at}${'a'.repeat(64)}`],
    ['are long', (at: number) => `${'a'.repeat(60_000)}${at}`],
  ])('is bounded where a thousand values %s, and the text is all like them', (_, valueOf) => {
    const search = new ValueSearch(Array.from({ length: 1000 }, (_each, at) => bytes(valueOf(at))));
    const text = bytes('a'.repeat(1024 * 1024));
    const before = process.cpuUsage();
    expect(search.in(text).values.size).toBe(0);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
    const planted = bytes(`${'x'.repeat(1000)} ${valueOf(7)} ${'y'.repeat(1000)}`);
    expect(search.in(planted)).toEqual({ values: new Set([7]), complete: true });
  });
});

describe('the values that edits sealed', () => {
  const text = `${secretYaml('one', { password: 'hunter2-canary', user: 'ann' })}data:\n  raw: ${btoa('raw-canary')}\n`;
  const editOf = (value: string) => {
    const start = text.indexOf(value);
    return { span: { start, end: start + value.length }, text: 'x' };
  };

  it('are those of the entries that were replaced, decoded', () => {
    const edits = [editOf('"hunter2-canary"'), editOf(btoa('raw-canary'))];
    const values = valuesIn(text, edits).map(({ name, plaintext }) => [name, plaintext.exposeText()]);
    expect(values).toEqual([
      ['stringData.password', 'hunter2-canary'],
      ['data.raw', 'raw-canary'],
    ]);
  });

  it('are no names where a Secret was replaced as a whole, and other values where there is no Secret', () => {
    const whole = { span: { start: 0, end: text.length }, text: 'x' };
    expect(valuesIn(text, [whole]).map(({ name }) => name)).toEqual([
      'stringData.password',
      'stringData.user',
      'data.raw',
    ]);
    const values = 'db:\n  password: hunter2-canary\n  host: db\n';
    const start = values.indexOf('hunter2');
    const edit = { span: { start, end: start + 14 }, text: 'x' };
    expect(valuesIn(values, [edit]).map(({ name }) => name)).toEqual(['db.password']);
  });
});

describe('what is worth looking for', () => {
  it.each([
    'hunter2',
    'true',
    'administrator',
    'production',
    'postgres.example.com',
    'CHANGEME_PLEASE',
    '${DB_PASSWORD}',
    token,
    token.slice(0, -4),
  ])('is not %s', (text) => {
    expect(worthSearching([named('a', text)], registry)).toEqual([]);
  });

  it('is each other value once', () => {
    const values = [
      named('a', 'hunter2-canary'),
      named('b', 'another-canary-7'),
      named('c', 'hunter2-canary'),
    ];
    expect(worthSearching(values, registry).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('what is said of the past', () => {
  it.each([
    [
      ['stringData.password'],
      past({ commits: 3 }),
      /^stringData\.password stands in plaintext in 3 commits since a1b2c3d: change the value, .*history\.$/,
    ],
    [['a'], past({}), /in commit a1b2c3d: change the value/],
    [
      ['a', 'b', 'c'],
      past({ found: [true, false, true], commits: 2 }),
      /^a and c stand in plaintext .* change the values/,
    ],
    [['a', 'b', 'c', 'd'], past({ found: [true, true, true, true] }), /^4 of these values stand/],
    [['a'], past({ searched: 'clone' }), / This clone has only a part of the history\.$/],
    [['a'], past({ searched: 'time' }), / Only a part of the history was looked through/],
    [['a\u202e\n'], past({}), /^a\ufffd\ufffd stands/],
  ])('of %j is one sentence', (names, use, says) => {
    expect(historySentence(names, use)).toMatch(says);
    expect(unseenSentence(use)).toBeUndefined();
  });

  it('is nothing where there is nothing, but for what was not looked through', () => {
    const nothing = past({ found: [false], commits: 0, first: '' });
    expect(historySentence(['a'], nothing)).toBeUndefined();
    expect(unseenSentence(nothing)).toBeUndefined();
    expect(unseenSentence({ ...nothing, searched: 'clone' })).toBe(
      'This clone has only a part of the history.',
    );
  });

  it('is asked only where there is something to look for', async () => {
    const asked: number[] = [];
    const history: History = {
      async find(_path, values) {
        asked.push(values.length);
        return past({ found: values.map(() => true) });
      },
    };
    const { signal } = new AbortController();
    const ask = (...values: string[]) =>
      pastOf(
        '/r/a.yaml',
        values.map((text) => named('a', text)),
        { history, registry },
        signal,
      );
    expect(await ask(token, 'short')).toBeUndefined();
    expect(asked).toEqual([]);
    expect((await ask('hunter2-canary', token))?.found).toMatch(/^a stands in plaintext/);
    expect(asked).toEqual([1]);
  });
});
