import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
