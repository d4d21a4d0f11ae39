import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, LineIndex } from '../../../src/core/span.ts';
import { runs } from '../../support/arbitraries.ts';

describe('applyEdits', () => {
  it.each([
    ['nothing', [], 'abcdef'],
    ['one replacement', [{ span: { start: 1, end: 3 }, text: 'XYZ' }], 'aXYZdef'],
    [
      'several in any order',
      [
        { span: { start: 4, end: 5 }, text: '' },
        { span: { start: 0, end: 1 }, text: 'A' },
      ],
      'Abcdf',
    ],
    [
      'an insertion at each end',
      [
        { span: { start: 6, end: 6 }, text: '>' },
        { span: { start: 0, end: 0 }, text: '<' },
      ],
      '<abcdef>',
    ],
    [
      'edits that touch',
      [
        { span: { start: 0, end: 2 }, text: '1' },
        { span: { start: 2, end: 4 }, text: '2' },
      ],
      '12ef',
    ],
  ])('makes %s', (_, edits, after) => {
    expect(applyEdits('abcdef', edits)).toBe(after);
  });

  it('refuses edits that overlap', () => {
    const edits = [
      { span: { start: 0, end: 3 }, text: 'x' },
      { span: { start: 2, end: 4 }, text: 'y' },
    ];
    expect(() => applyEdits('abcdef', edits)).toThrow('edits overlap');
  });
});

describe('LineIndex', () => {
  it.each([
    ['LF', 'ab\ncd', 3, { line: 2, column: 1 }],
    ['CRLF', 'ab\r\ncd', 5, { line: 2, column: 2 }],
    ['a lone CR', 'ab\rcd', 3, { line: 2, column: 1 }],
    ['a pair of surrogates', '😀x', 2, { line: 1, column: 3 }],
    ['the end of the text', 'a\n', 2, { line: 2, column: 1 }],
    ['an empty text', '', 0, { line: 1, column: 1 }],
  ])('counts lines and columns from 1: %s', (_, text, offset, position) => {
    expect(new LineIndex(text).positionAt(offset)).toEqual(position);
  });

  it('counts as splitting at line breaks does', () => {
    const texts = fc
      .array(fc.constantFrom('a', '😀', '\n', '\r\n', '\r', ' '), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.nat(), (text, where) => {
        const offset = where % (text.length + 1);
        const before = text.slice(0, offset);
        // Between CR and LF the line has not ended yet.
        if (before.endsWith('\r') && text[offset] === '\n') return;
        const lines = before.split(/\r\n|\n|\r/);
        expect(new LineIndex(text).positionAt(offset)).toEqual({
          line: lines.length,
          column: (lines.at(-1) ?? '').length + 1,
        });
      }),
      runs(300),
    );
  });
});
