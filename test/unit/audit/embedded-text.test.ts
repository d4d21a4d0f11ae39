import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmbeddedText } from '../../../src/audit/embedded-text.ts';
import { readFields } from '../../../src/manifest/fields.ts';

const innerText = fc
  .array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}$/), fc.stringMatching(/^[a-z0-9]{1,12}$/)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((pairs) => pairs.map(([key, value], index) => `${key}${index}: ${value}\n`).join(''));

function embedded(value: string, newline = '\n') {
  const text = `data:${newline}  a: ${value}`;
  const [field] = readFields(text, { span: { start: 0, end: text.length } });
  if (field === undefined) throw new Error('there is no field');
  return { text, field, inner: new EmbeddedText(field, text) };
}

describe('a manifest as text in a scalar', () => {
  it('is found letter by letter where it is a literal block', () => {
    fc.assert(
      fc.property(innerText, fc.constantFrom('\n', '\r\n'), (source, newline) => {
        const { text, inner } = embedded(
          `|${newline}${source.replace(/^(?=.)/gm, '    ').replaceAll('\n', newline)}`,
          newline,
        );
        const fields = inner.documents().flat();
        expect(fields.length).toBeGreaterThan(0);
        for (const { span, text: value } of fields) {
          const { start, end } = inner.outerSpan(span);
          expect(text.slice(start, end)).toBe(value);
        }
      }),
    );
  });

  it.each([
    ['quoted', '"a: b\\nc: d\\n"\n'],
    ['folded', '>\n    a: b\n\n    c: d\n'],
  ])('has the place of the whole scalar where it is %s', (_name, value) => {
    const { field, inner } = embedded(value);
    const fields = inner.documents().flat();
    expect(fields.map(({ text }) => text)).toEqual(['b', 'd']);
    for (const { span } of fields) expect(inner.outerSpan(span)).toEqual(field.span);
  });

  it('may be several documents', () => {
    expect(embedded('|\n    a: b\n    ---\n    c: d\n').inner.documents()).toHaveLength(2);
  });
});
