import type { Edit } from '../core/span.ts';
import { type OutlineMap, type OutlinePair, pairAt } from './outline.ts';
import { kept, map, type Piece, value } from './pieces.ts';
import { editableObject, rewriteObject } from './rewritten-object.ts';
import { sealedWithAnnotation } from './sealed-secret.ts';

/**
 * The edit that writes what an object that says nothing was sealed with into its annotations.
 * @param at where the object begins
 * @throws Failure `manifest.unparsable`, `document.not-editable`, `edit.unverified`
 */
export function addSealedWith(text: string, at: number, fingerprint: string): Edit {
  const object = editableObject(text, at);
  const added = value(sealedWithAnnotation, fingerprint);
  const pieces = withChild(object, 'metadata', (metadata) =>
    withChild(metadata, 'annotations', (annotations) => [...pairsOf(annotations).map(kept), added]),
  );
  return rewriteObject(text, object, pieces);
}

/** The pairs of a map, one of them made anew in its place, or at the end where there is none. */
function withChild(
  node: OutlineMap | undefined,
  key: string,
  children: (child: OutlineMap | undefined) => readonly Piece[],
): readonly Piece[] {
  const pair = pairAt(node, key);
  const child = pair?.value.is === 'map' ? pair.value : undefined;
  const made = map(key, children(child), pair);
  const pieces = pairsOf(node).map((each) => (each === pair ? made : kept(each)));
  return pair === undefined ? [...pieces, made] : pieces;
}

function pairsOf(node: OutlineMap | undefined): readonly OutlinePair[] {
  return node?.pairs ?? [];
}
