import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { Edit } from '../../core/span.ts';
import { type SopsValue, sealSopsValue, sopsAad } from '../../crypto/sops/value.ts';
import {
  addFirstMember,
  addMember,
  ciphertextToken,
  putCiphertext,
  removeMember,
} from '../../manifest/sops-edit.ts';
import type { SopsMap, SopsScalar, SopsText } from '../../manifest/sops-tree.ts';
import { reread, type SopsOpening, type SopsTarget, withNewMac } from './change.ts';
import { clearEdits, clearToken } from './clear-text.ts';
import { blockOf } from './file.ts';
import { findSops } from './find.ts';
import { placeOf } from './open.ts';
import { leafAt } from './walk.ts';

/**
 * The edits that give one value of an encrypted file another: its line, `lastmodified` and `mac`.
 * @throws Failure `entry.not-found`, `entry.not-scalar`, `document.not-editable`, `sops.mac-mismatch`, `edit.unverified`
 */
export function changeSopsValue(
  opening: SopsOpening,
  target: SopsTarget,
  value: SopsValue,
  now: Date,
): readonly Edit[] {
  const { tree } = opening.file;
  const { node } = findSops(tree, target);
  if (node.kind !== 'scalar')
    throw new Failure('entry.not-scalar', {}, placeOf(tree, { node, place: target.place }));
  if (node.span.start === node.span.end)
    throw notEditable('there is no value yet that another could take the place of');
  const sealed = sealAt(opening, tree, target, node, value);
  const edits = sealed === undefined ? clearEdits(tree, node, value) : putCiphertext(tree.text, node, sealed);
  return withNewMac(opening, edits, target, new Plaintext(value.bytes), now);
}

/**
 * The edits that add a value to a mapping, behind its last one and before SOPS' own mapping.
 * @param target the new value's place; the mapping it is to stand in must be there, be it empty
 * @throws Failure as `changeSopsValue`, and `entry.duplicate` where the key is there
 */
export function addSopsValue(
  opening: SopsOpening,
  target: SopsTarget,
  value: SopsValue,
  now: Date,
): readonly Edit[] {
  const { tree } = opening.file;
  const key = target.place.at(-1);
  if (typeof key !== 'string') throw notEditable('items of lists are not added one by one');
  // Written empty first: what is encrypted may depend on the comments that Go's parser finds before it.
  const probe = reread(tree, [addition(tree, target, key, '""')]);
  const leaf = leafAt(probe, target);
  if (leaf === undefined) throw new Failure('edit.unverified', {});
  const sealed = sealAt(opening, probe, target, leaf.node, value);
  const token =
    sealed === undefined
      ? clearToken(value)
      : ciphertextToken(sealed, { style: 'plain', flow: leaf.node.flow });
  const edits = [addition(tree, target, key, token)];
  return withNewMac(opening, edits, target, new Plaintext(value.bytes), now);
}

/**
 * The edits that take a value, or all that stands below a key, out of an encrypted file. Comments above it stay.
 * @throws Failure as `changeSopsValue`
 */
export function removeSopsValue(opening: SopsOpening, target: SopsTarget, now: Date): readonly Edit[] {
  const { tree } = opening.file;
  const { parent } = findSops(tree, target);
  if (parent === undefined) throw notEditable('items of lists are not removed one by one');
  return withNewMac(opening, [removeMember(tree.text, parent.map, parent.member)], target, undefined, now);
}

/** The ciphertext for a place, or undefined where the rule leaves it in the clear. */
function sealAt(
  { dataKey, selects }: SopsOpening,
  tree: SopsText,
  target: SopsTarget,
  node: SopsScalar,
  value: SopsValue,
): string | undefined {
  const leaf = leafAt(tree, target);
  const place = leaf ?? { path: target.place.filter((part) => typeof part === 'string'), comments: [] };
  if (leaf === undefined && node.scalar.type !== 'null') throw new Failure('edit.unverified', {});
  return selects(place, false) ? sealSopsValue(value, dataKey, sopsAad(place.path)) : undefined;
}

function addition(tree: SopsText, { document, place }: SopsTarget, key: string, token: string): Edit {
  const root = tree.documents[document]?.root;
  if (place.length === 1) {
    if (root === undefined) throw new Failure('entry.not-found', { wanted: key });
    return addTo(tree, root, key, token, root);
  }
  const { node, parent } = findSops(tree, { document, place: place.slice(0, -1) });
  if (node.kind === 'map') return addTo(tree, node, key, token, undefined);
  const empty = node.kind === 'scalar' && node.scalar.type === 'null' && node.span.start === node.span.end;
  if (!empty || parent === undefined)
    throw notEditable('a key is added to a mapping, and what stands there is none');
  return addFirstMember(tree.text, parent.member, parent.map.indent + 2, key, token);
}

function addTo(tree: SopsText, map: SopsMap, key: string, token: string, root: SopsMap | undefined): Edit {
  const there = map.members.find((member) => member.kind === 'member' && member.key === key);
  if (there !== undefined) {
    const { line = 0 } = placeOf(tree, {
      node: { span: there.kind === 'member' ? there.keySpan : there.span },
      place: [key],
    });
    throw new Failure('entry.duplicate', { line });
  }
  return addMember(tree.text, map, key, token, blockOf(root));
}

function notEditable(reason: string): Failure {
  return new Failure('document.not-editable', { reason });
}
