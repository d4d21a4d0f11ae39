import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locatedEntries } from '../../../src/manifest/address.ts';
import type { Manifest } from '../../../src/manifest/manifest.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { manifestText, runs, typedManifest } from '../../support/arbitraries.ts';

const three =
  'kind: Secret\ndata: {a: b}\n---\nkind: Secret\ndata:\n  c: d\n---\nkind: Secret\nstringData: &x {e: f}\ny: *x\n';

describe('rescan', () => {
  it('gives what scan gives, for any change', () => {
    fc.assert(
      fc.property(
        fc.oneof(manifestText, typedManifest),
        fc.oneof(manifestText, typedManifest),
        (before, after) => {
          expect(rescan(scan(before), after)).toEqual(scan(after));
        },
      ),
      runs(300),
    );
  });

  it('gives what scan gives, for any keystroke', () => {
    const keystroke = fc.tuple(
      manifestText,
      fc.nat(),
      fc.constantFrom('', 'x', '\n', ' ', '---\n', '\n---\n', '"', '{{', '\ufeff', '- '),
      fc.nat({ max: 3 }),
    );
    fc.assert(
      fc.property(keystroke, ([text, where, what, gone]) => {
        const at = where % (text.length + 1);
        const changed = text.slice(0, at) + what + text.slice(at + gone);
        expect(rescan(scan(text), changed)).toEqual(scan(changed));
      }),
      runs(800),
    );
  });

  it('gives what scan gives, for any keystrokes inside of values and keys', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat(),
      fc.constantFrom(
        '',
        'x',
        'Secret',
        ' ',
        '=',
        '~',
        '-',
        '#',
        ': ',
        '"',
        "'",
        '\\',
        '{',
        '}}',
        '*/',
        '\n  ',
        'ä',
      ),
      fc.nat({ max: 2 }),
    );
    fc.assert(
      fc.property(manifestText, fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
        let manifest = scan(text);
        for (const [which, where, what, gone] of changes) {
          const entries = locatedEntries(manifest);
          const entry = entries[(which >> 1) % entries.length]?.entry;
          const { start, end } = (which % 2 === 0 ? entry?.span : entry?.keySpan) ?? { start: 0, end: 0 };
          const at = start + (where % (end - start + 1));
          const changed = manifest.text.slice(0, at) + what + manifest.text.slice(at + gone);
          manifest = rescan(manifest, changed);
          expect(manifest).toEqual(scan(changed));
        }
      }),
      runs(800),
    );
  });

  it('takes over all other values of a Secret as they are, or moved', () => {
    const text = `kind: Secret\nstringData:\n  a: "one"\n  b: "two"\n  c: 'three'\n`;
    const entriesOf = (manifest: Manifest) => locatedEntries(manifest).map(({ entry }) => entry);
    const before = scan(text);
    const after = rescan(before, text.replace('two', 'twelve'));
    const renamed = rescan(before, text.replace('b:', 'bb:'));
    expect(entriesOf(renamed)[0]).toBe(entriesOf(before)[0]);
    expect(entriesOf(after)[0]).toBe(entriesOf(before)[0]);
    expect(entriesOf(after).map((entry) => entry.text)).toEqual(['one', 'twelve', 'three']);
    expect(after).toEqual(scan(after.text));
  });

  it.each([
    ['b: x', 'a: x'],
    ['a: "one"', 'b: "one"'],
    ['a: "one"', 'aa : "one"'],
    ['"one"', '"o"ne"'],
    ['"one"', '"o\\ne"'],
    ['"one"', '"o\ne"'],
    ['b: x', 'b: x # y'],
    ['b: x', 'b: xy: z'],
    ['b: x', 'b: xyz'],
    ['b: x', 'b: x\n    y'],
    ['b: x', 'bb: x'],
    ['b: x', 'bb:x'],
    ['ccc', 'aa'],
    ['{{ d', '}}'],
    ['*a', 'a'],
    ['f: &a', 'f: &aa'],
    ['&a y', '&a yy'],
    ['Secret', 'Secrets'],
    ['kind', 'kinds'],
  ])('gives what scan gives when %j becomes %j among aliases and templates', (from, to) => {
    const text = `kind: Secret\nstringData:\n  a: "one"\n  b: x\n  ccc: {{ d }}\n  e: *a\n  f: &a y\ntype: z\n`;
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    expect(rescan(scan(text), changed)).toEqual(scan(changed));
    expect(rescan(scan(changed), text)).toEqual(scan(text));
  });

  it.each([
    ['ab: y', 'a: y'],
    ['ab: y', 'ac: y'],
    ['a: x', 'ab: x'],
    ['a: x', 'ad: x'],
    ['x', 'xx'],
    ['two: "z"', 'two: "z z"'],
    ['two: "z"', 'two: "z""'],
  ])('gives what scan gives when %j becomes %j among keys stated once and twice', (from, to) => {
    const text = `kind: Secret\nstringData:\n  a: x\n  ab: y\n  two: "z"\n  two: 'z'\ndata:\n  ad: eg==\n`;
    const changed = text.replace(from, to);
    expect(rescan(scan(text), changed)).toEqual(scan(changed));
    expect(rescan(scan(changed), text)).toEqual(scan(text));
    const once = text.replace('two', 'twin');
    expect(rescan(scan(once), text)).toEqual(scan(text));
    expect(rescan(scan(text), once)).toEqual(scan(once));
  });

  it.each([
    ['nothing', 'a: b\n'],
    ['a byte order mark', '\ufeffkind: Secret\nstringData: {a: x}\n'],
    ['a marker', '---\nkind: Secret\nstringData: {a: x}\n'],
    ['a document', '---\nkind: Secret\nstringData: {a: x}\n---\nkind: Secret\n'],
  ])('gives what scan gives when %s comes to an empty text, and goes again', (_what, text) => {
    expect(rescan(scan(''), text)).toEqual(scan(text));
    expect(rescan(scan(text), '')).toEqual(scan(''));
    expect(rescan(scan(text), text.slice(1))).toEqual(scan(text.slice(1)));
    expect(rescan(scan(text.slice(1)), text)).toEqual(scan(text));
  });

  it('takes over the documents before the change as they are, and those after it moved', () => {
    const before = scan(three);
    const after = rescan(before, three.replace('c: d', 'c: longer'));
    expect(after.documents[0]).toBe(before.documents[0]);
    expect(after.documents[1]).not.toBe(before.documents[1]);
    expect(after.documents[2]?.span.start).toBe((before.documents[2]?.span.start ?? 0) + 5);
    expect(after).toEqual(scan(three.replace('c: d', 'c: longer')));
  });

  it('takes over everything where nothing moved', () => {
    const before = scan(three);
    const same = rescan(before, three);
    expect(same.documents.every((document, index) => document === before.documents[index])).toBe(true);
    const swapped = rescan(before, three.replace('c: d', 'c: x'));
    expect(swapped.documents[2]).toBe(before.documents[2]);
  });
});
