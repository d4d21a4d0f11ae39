import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../src/core/span.ts';
import { contentOf, splitDocuments } from '../../../src/manifest/documents.ts';
import { OutlineBuilder, type OutlineNode, textAt, valueAt } from '../../../src/manifest/outline.ts';
import { objectsOf } from '../../../src/manifest/outline-objects.ts';
import { tellDocument } from '../../../src/manifest/parse.ts';
import { readBlocks } from '../../../src/manifest/yaml-block.ts';
import { manifestText, runs } from '../../support/arbitraries.ts';

function scanned(text: string, span: Span): OutlineNode | undefined {
  const outline = new OutlineBuilder(text, span.end);
  readBlocks(text, contentOf(text, span), outline);
  return outline.root;
}

/** Undefined where the document does not parse. */
function parsed(text: string, span: Span): OutlineNode | undefined {
  const outline = new OutlineBuilder(text, span.end);
  return tellDocument(text, span, outline).length > 0 ? undefined : outline.root;
}

describe('the outline of a document', () => {
  it('is the same of both readers', () => {
    let compared = 0;
    fc.assert(
      fc.property(manifestText, (text) => {
        for (const span of splitDocuments(text)) {
          const root = parsed(text, span);
          if (root?.is !== 'map') continue;
          compared++;
          expect(scanned(text, span)).toEqual(root);
        }
      }),
      runs(500, 10_000),
    );
    expect(compared).toBeGreaterThan(300);
  });

  it('has keys, values and what stands around them', () => {
    const text = 'a: 1\nb: {c: [x, *y]}\nd:\ne: !t &n "q"\n';
    const root = scanned(text, { start: 0, end: text.length });
    expect(textAt(root, 'a')).toBe('1');
    expect(valueAt(valueAt(root, 'b'), 'c')).toMatchObject({
      is: 'list',
      items: [{ text: 'x' }, { is: 'alias' }],
    });
    expect(valueAt(root, 'd')).toEqual({
      is: 'absent',
      start: text.indexOf('d:') + 2,
      end: text.indexOf('d:') + 2,
    });
    expect(valueAt(root, 'e')).toMatchObject({ style: 'double', text: 'q', tag: '!t', anchor: 'n' });
    expect(valueAt(root, 'f')).toBeUndefined();
  });

  it('has the objects of a List, of which a typed one says what they are', () => {
    const kinds = (text: string) =>
      objectsOf(parsed(text, { start: 0, end: text.length })).map(({ kind, anchor }) => [kind, anchor]);
    const items = 'items:\n- kind: A\n- a: b\n- text\n';
    expect(kinds('kind: A')).toEqual([['A', undefined]]);
    expect(kinds(`kind: List\n${items}`)).toEqual([
      ['A', undefined],
      [undefined, undefined],
    ]);
    expect(kinds(`kind: BList\n${items}`)).toEqual([
      ['A', undefined],
      ['B', undefined],
    ]);
    const anchored = `kind: List\n${items.replace(':', ': &x')}`;
    expect(kinds(anchored)[0]).toEqual(['A', anchored.indexOf('- kind')]);
    expect(kinds('- kind: A')).toEqual([]);
  });
});
