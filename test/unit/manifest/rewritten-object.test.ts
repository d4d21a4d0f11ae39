import { describe, expect, it } from 'vitest';
import { type OutlineMap, pairAt } from '../../../src/manifest/outline.ts';
import { kept, map, type Piece, value } from '../../../src/manifest/pieces.ts';
import { editableObject, rewriteObject } from '../../../src/manifest/rewritten-object.ts';
import { edited } from '../../support/sealed-secrets.ts';

const rewritten = (text: string, pieces: (object: OutlineMap) => readonly Piece[]) => {
  const object = editableObject(text, 0);
  return edited(text, rewriteObject(text, object, pieces(object)));
};
const pairIn = (object: OutlineMap, key: string) => {
  const pair = pairAt(object, key);
  if (pair === undefined) throw new Error(`no ${key}`);
  return pair;
};

describe('an object that is written anew', () => {
  const text = 'a: 1 # one\n# of b\nb:\n  - x\n# foot\n';

  it('has what is kept as it stood, and changes nothing else', () => {
    const pieces = (object: OutlineMap) => [
      map('new', [kept(pairIn(object, 'b')), value('c', 'true')]),
      kept(pairIn(object, 'a')),
    ];
    expect(rewritten(text, pieces)).toBe('new:\n  # of b\n  b:\n    - x\n  c: "true"\na: 1 # one\n# foot\n');
    const object = editableObject(text, 0);
    const { span, text: inserted } = rewriteObject(text, object, [
      value('a', 'z'),
      kept(pairIn(object, 'b')),
    ]);
    expect([text.slice(span.start, span.end), inserted]).toEqual(['1 # one', 'z']);
  });

  it('is not written where it would not read back as meant', () => {
    const twice = () => [value('a', 'x'), value('a', 'y')];
    expect(() => rewritten(text, twice)).toThrow(expect.objectContaining({ code: 'edit.unverified' }));
    expect(() => rewritten('{"a":1}', twice)).toThrow(expect.objectContaining({ code: 'edit.unverified' }));
  });

  it('is refused inside of what an alias may bring elsewhere', () => {
    const list = 'kind: List\nitems: &all\n- kind: Secret\n';
    expect(() => editableObject(list, list.indexOf('kind: Secret'))).toThrow(
      expect.objectContaining({ code: 'document.not-editable', place: { line: 3 } }),
    );
  });
});
