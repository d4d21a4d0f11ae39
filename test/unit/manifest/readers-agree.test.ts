import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecret, type Manifest, type ManifestDocument } from '../../../src/manifest/manifest.ts';
import { parse } from '../../../src/manifest/parse.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { manifestText, runs, typedManifest } from '../../support/arbitraries.ts';

/** The documents that parse, as both readers see them. Those that cannot hold a Secret are not looked into at all. */
function compared(text: string): readonly (readonly [ManifestDocument, ManifestDocument])[] {
  const [parsed, scanned] = [parse(text), scan(text)];
  expect(scanned.documents.map(({ span }) => span)).toEqual(parsed.documents.map(({ span }) => span));
  return parsed.documents.flatMap((document, index) => {
    const other = scanned.documents[index];
    if (other === undefined || (other.objects.length === 0 && !document.objects.some(isSecret))) return [];
    return onlyIn(document, other) ? [] : [[document, other] as const];
  });
}

/** A problem that the parser alone has: the document does not parse, or holds a key that no manifest has. */
function onlyIn(document: ManifestDocument, other: ManifestDocument): boolean {
  const known = new Set(other.problems.map(({ message }) => message));
  return document.problems.some(({ message }) => !known.has(message));
}

function agree(text: string): void {
  for (const [document, other] of compared(text)) expect(other.objects).toEqual(document.objects);
}

describe('the line reader and the parser', () => {
  it('see the same objects in every manifest that parses', () => {
    fc.assert(fc.property(manifestText, agree), runs(700, 20_000));
  });

  it('see the same while someone types', () => {
    fc.assert(fc.property(typedManifest, agree), runs(700, 20_000));
  });

  it('are held against each other on documents that really parse and hold entries', () => {
    const entries = (manifest: Manifest) =>
      manifest.documents.flatMap(({ objects }) => objects.flatMap((object) => object.entries));
    const samples = fc.sample(manifestText, { numRuns: 300, seed: 1 });
    const parsing = samples.filter((text) => compared(text).length > 0 && entries(parse(text)).length > 0);
    expect(parsing.length).toBeGreaterThan(120);
    const styles = new Set(parsing.flatMap((text) => entries(parse(text)).map(({ style }) => style)));
    expect([...styles].sort()).toEqual(['double', 'folded', 'literal', 'none', 'plain', 'single']);
  });

  it('would be caught disagreeing', () => {
    expect(() =>
      expect(scan('kind: Secret\ndata: {a: b}').documents[0]?.objects).toEqual(
        parse('kind: Secret\ndata: {a: c}').documents[0]?.objects,
      ),
    ).toThrow();
  });
});
