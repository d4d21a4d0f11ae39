import { describe, expect, it } from 'vitest';
import { LineCounter } from 'yaml';
import { parseShallow } from '../../../src/policy/shallow-yaml.ts';

const parse = (text: string) => parseShallow(text, new LineCounter(), {});

describe('the YAML of a policy', () => {
  it.each([
    ['brackets', '['.repeat(900)],
    ['many brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(900)],
    ['indentation', Array.from({ length: 900 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['lists', '- '.repeat(900)],
  ])('is not read where it is nested too deeply: %s', (_, text) => {
    // Twice: what V8 compiles when it comes by again, it cannot on a stack that is nearly full.
    expect([parse(text), parse(text)]).toEqual([undefined, undefined]);
  });

  it('is read document by document, with its errors and lines', () => {
    const lines = new LineCounter();
    const documents = parseShallow('a: 1\n---\nb: [\n', lines, {});
    expect(documents?.map(({ errors }) => errors.length > 0)).toEqual([false, true]);
    expect(lines.linePos(documents?.[1]?.range[0] ?? -1).line).toBe(2);
    expect(parse('')).toHaveLength(1);
  });
});
