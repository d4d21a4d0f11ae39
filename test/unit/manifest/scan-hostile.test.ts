import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/manifest/parse.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { runs, typedManifest } from '../../support/arbitraries.ts';

const length = 250_000;
const fill = (piece: string) => piece.repeat(Math.ceil(length / piece.length));
const secret = 'kind: Secret\nstringData:\n';

/** Long texts, each made to be slow for a reader that looks at anything twice for each of its parts. */
const hostile: readonly (readonly [string, string])[] = [
  ['flow collections nested half a million deep', `kind: Secret\nx: ${fill('[')}`],
  ['flow maps nested in each other', `kind: Secret\nx: ${fill('{a: ')}`],
  [
    'closed flow collections nested deep',
    `kind: Secret\nx: ${'['.repeat(length / 2)}${']'.repeat(length / 2)}`,
  ],
  ['dashes on one line', `kind: Secret\nx:\n  ${fill('- ')}a`],
  [
    'block maps nested 1,400 deep',
    `${secret}${Array.from({ length: 1400 }, (_, i) => `${' '.repeat(i + 2)}a:`).join('\n')}`,
  ],
  ['lists in lists of Secrets', fill('{kind: Secret, data: {a: b}, items: [')],
  ['lists in lists of anchored Secrets', `${fill('{kind: Secret, data: &x {a: b}, items: &y [')}*x`],
  ['braces that never close', `kind: Secret\nx: ${fill('{')}`],
  ['braces that never close, on many lines', `kind: Secret\n${fill('{{\n')}`],
  ['braces that close at the very end', `kind: Secret\n${fill('{{\n')}}} x\n`],
  ['braces in flow that close at the very end', `kind: Secret\nx: [${fill('{{a: b} : c}, ')}{{ x }}]`],
  ['templates side by side', `${secret}  a: ${fill('{{ x }}')}`],
  ['half templates side by side', `${secret}  a: ${fill('{{ x # ')}`],
  ['Jinja tags that never close', `kind: Secret\n${fill('{%\n')}`],
  ['Jinja comments that never close', `kind: Secret\n${fill('{#\n')}`],
  ['comments of templates that never close', `kind: Secret\n${fill('{{/*\n')}`],
  ['comments of templates that close at the very end', `kind: Secret\n${fill('{{/*\n')}*/ x`],
  ['actions that never close, on lines of their own', `${secret}${fill('  {{ x }\n  a: b\n')}`],
  ['maps that never close, on many lines', `${secret}${fill('  a: {b: c\n')}`],
  ['quotes in actions in quotes', `${secret}${fill('  a: "{{ "b" }}" c\n')}`],
  ['quotes in actions on one line', `${secret}  a: ${fill('"{{ "b" }}" ')}`],
  ['comments of JSON that never close', fill('{"kind": "Secret", /* ')],
  ['documents with a comment of JSON that never closes', fill('---\n{"kind": "Secret", /*\n')],
  ['marks of a conflict', `${secret}${fill('<<<<<<< a\n')}`],
  [
    'entries ever deeper',
    `${secret}${Array.from({ length: 700 }, (_, i) => `${' '.repeat(i + 2)}a: b`).join('\n')}`,
  ],
  ['entries in and out', `${secret}${fill('      a: b\n  c: d\n    e: f\n')}`],
  ['words where keys belong', `${secret}${fill('  word\n')}`],
  ['words where keys belong, and blank lines', `${secret}  a: b\n${fill('  word\n\n\n')}`],
  ['keys without a blank', `${secret}${fill('  a:b\n')}`],
  ['template lines inside a block scalar', `${secret}  a: |\n    x\n${fill('{{ y }}\n')}    z\n`],
  ['template lines after a block scalar', `${secret}  a: |\n    x\n${fill('{{ y }}\n')}`],
  ['documents with braces that close far away', `${fill('---\nkind: Secret\n{{\n')}}}`],
  ['quotes that never close', `${secret}${fill('  a: "x\n   b: \'y\n')}`],
  ['a quote that never closes', `${secret}  a: "${fill('x\n   ')}`],
  ['escaped quotes', `${secret}  a: "${fill('\\"')}`],
  ['blank lines', `${secret}  a: b\n${fill('\n')}  c: d`],
  ['lines of blanks', `${secret}  a: b\n${fill('    \n')}  c: d`],
  ['explicit keys without a value', `kind: Secret\n${fill('? a\n')}`],
  ['explicit keys and blank lines', `kind: Secret\n${fill('?\n\n')}`],
  ['comments', `kind: Secret\nx: [${fill('# c\n ')}]`],
  ['colons', `kind: Secret\nx: {${fill(':')}`],
  ['commas', `kind: Secret\nx: [${fill(',')}`],
  ['question marks in flow', `kind: Secret\nx: {${fill('? ')}`],
  ['anchors', `kind: Secret\nx: ${fill('&a ')}b`],
  ['tags', `kind: Secret\nx: ${fill('!a ')}b`],
  ['aliases', `kind: Secret\nx: [${fill('*a, ')}]`],
  ['an anchor and aliases of it', `${secret}  a: &x b\ny: [${fill('*x, ')}]`],
  [
    'an alias bomb',
    `kind: Secret\na0: &a0 x\n${Array.from({ length: 20_000 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}\n`,
  ],
  ['entries with one key', `${secret}${fill('  a: b\n')}`],
  [
    'entries with many keys',
    `${secret}${Array.from({ length: 60_000 }, (_, i) => `  key${i}: value`).join('\n')}`,
  ],
  [
    'entries on one line',
    `{"kind":"Secret","data":{${Array.from({ length: 50_000 }, (_, i) => `"k${i}":"value"`).join(',')}}}`,
  ],
  ['a value of one long line', `${secret}  a: ${'x'.repeat(length)}`],
  ['a long line of words', `${secret}  a: ${fill('word ')}`],
  ['a value of many folded lines', `${secret}  a: >\n${fill('    x\n')}`],
  ['a plain value of many lines', `${secret}  a: x\n${fill('    x\n')}`],
  ['a double-quoted value of many lines', `${secret}  a: "${fill('x\n    ')}"`],
  ['document markers', `${fill('---\n')}kind: Secret\n`],
  ['documents', fill('---\nkind: Secret\n')],
  ['carriage returns', `kind: Secret\n${fill('\r')}`],
  ['NUL characters', `kind: Secret\n${fill('\0')}`],
  ['lone surrogates', `${secret}  a: ${fill('\ud800')}`],
  ['keys that JavaScript knows', `${secret}${fill('  __proto__: a\n  constructor: b\n')}`],
];

/** Positions that lie outside of what they belong to. */
function misplaced(text: string): unknown[] {
  const wrong: unknown[] = [];
  let before = 0;
  for (const { span, objects, problems } of scan(text).documents) {
    if (span.start < before || span.end > text.length) wrong.push(span);
    before = span.end;
    for (const problem of problems)
      if (problem.offset < span.start || problem.offset > span.end) wrong.push(problem);
    for (const entry of objects.flatMap(({ entries }) => entries))
      for (const inner of [entry.span, entry.keySpan])
        if (inner.start < span.start || inner.end < inner.start || inner.end > span.end) wrong.push(entry);
  }
  return wrong;
}

describe('scan', () => {
  it.each(hostile)('is through with %s in no time', (_, text) => {
    const before = process.cpuUsage();
    const { documents } = scan(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
    expect(documents.length).toBeGreaterThan(0);
  });

  it('never throws and keeps all positions inside the text, whatever the text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }).map((text) => `Secret${text}`),
      typedManifest,
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(misplaced(text)).toEqual([]);
      }),
      runs(1500),
    );
  });

  it('takes __proto__ and constructor for keys like any other', () => {
    const { documents } = scan(
      'kind: Secret\nstringData:\n  __proto__: a\n  constructor: b\n  toString: c\n',
    );
    expect(documents[0]?.objects[0]?.entries.map(({ key, text }) => `${key}=${text}`)).toEqual([
      '__proto__=a',
      'constructor=b',
      'toString=c',
    ]);
    expect(documents[0]?.objects[0]?.entries.every(({ refusal }) => refusal === undefined)).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('parse', () => {
  it('never throws, whatever the text', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), typedManifest);
    fc.assert(
      fc.property(anything, (text) => {
        expect(parse(text).text).toBe(text);
      }),
      runs(400),
    );
  });

  it.each([
    ['flow collections nested 10,000 deep', `kind: Secret\nx: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    [
      'maps nested 3,000 deep',
      `kind: Secret\n${Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`,
    ],
    ['explicit keys nested 10,000 deep', `kind: Secret\n${'? '.repeat(10_000)}`],
    // These once took minutes, or ended the process.
    ['flow collections opened half a million times', `kind: Secret\nx: ${'['.repeat(500_000)}`],
    ['sequences nested 300,000 deep', `kind: Secret\nx:\n  ${'- '.repeat(300_000)}`],
  ])('says that %s are too deep', (_, text) => {
    const { documents } = parse(text);
    expect(documents[0]?.problems.map(({ message }) => message)).toEqual([
      'this document is nested too deeply',
    ]);
  });

  it('reads what is nested as no manifest is', () => {
    const { documents } = parse(`kind: Secret\nx: ${'['.repeat(150)}${']'.repeat(150)}`);
    expect(documents[0]?.problems).toEqual([]);
  });

  it('brings no part of a value into its messages', () => {
    const canary = 'zq7canary';
    const broken = [
      `a: "\\z${canary}"`,
      `a: "\\x${canary}"`,
      `a: |${canary}\n  x`,
      `a: ${canary}: ${canary}: x`,
      `a: "${canary}`,
      `a: *${canary}`,
      `a: !<${canary} x`,
      `a: !e!${canary} x`,
      `a: @${canary}`,
      `a: \`${canary}`,
      `a: [${canary}`,
      `a: {${canary} ${canary}: }]`,
      `a: "x" ${canary}`,
      `%${canary} x\n---\na: b`,
      `a: %${canary}`,
      `a:\n\t${canary}: x`,
      `${canary}\nb: c`,
      `a: &x &y ${canary}`,
      `a: '${canary}\nb: c`,
      `a: >${canary}`,
      `- ${canary}\nb: ${canary}`,
    ];
    const messages = broken.flatMap((text) =>
      parse(text).documents.flatMap(({ problems }) => problems.map(({ message }) => message)),
    );
    expect(messages.length).toBeGreaterThan(15);
    for (const message of messages) {
      expect(message).not.toContain('zq7');
      expect(message).not.toMatch(/\\[zx]/);
      expect(message).not.toMatch(/[\n\r]/);
    }
  });
});
