import { Failure, type Place } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { Selects } from '../../core/sops-selection.ts';
import { LineIndex } from '../../core/span.ts';
import { openSopsValue, type SopsValue, sopsAad } from '../../crypto/sops/value.ts';
import type { SopsComment, SopsScalar, SopsText } from '../../manifest/sops-tree.ts';
import { canonicalValue } from './canonical.ts';
import { checkMac } from './check-mac.ts';
import type { SopsFile } from './file.ts';
import type { KnownCiphertexts } from './known-ciphertexts.ts';
import type { OpenedSops, OpenedSopsComment, OpenedSopsValue } from './opened.ts';
import {
  isComment,
  isValue,
  placeName,
  type SopsLeaf,
  type SopsPlace,
  type Standing,
  walkSops,
} from './walk.ts';

/**
 * Opens all values of a file and checks its MAC.
 * @throws Failure `open.failed`, `entry.moved`, `ciphertext.malformed` or `sops.clear-value` for the first value that does
 * not open; `sops.mac-mismatch`
 */
export function openSops(
  file: SopsFile,
  dataKey: Plaintext,
  selects: Selects,
  known?: KnownCiphertexts,
): OpenedSops {
  const opened = openLeaves(file.tree, dataKey, selects, known);
  checkMac(file, dataKey, opened);
  return opened;
}

/** Opens all values and leaves the MAC alone. */
export function openLeaves(
  tree: SopsText,
  dataKey: Plaintext,
  selects: Selects,
  known?: KnownCiphertexts,
): OpenedSops {
  const values: OpenedSopsValue[] = [];
  const comments: OpenedSopsComment[] = [];
  walkSops(tree, (leaf) => {
    const encrypted = selects(leaf, isComment(leaf));
    if (isComment(leaf)) {
      if (encrypted) comments.push(...openComment(leaf, dataKey));
      return;
    }
    if (!isValue(leaf)) return;
    const { document, node, place, path, shared } = leaf;
    const { type, bytes } = encrypted ? openValue(tree, leaf, dataKey, known) : clearValue(tree, leaf);
    const plaintext = new Plaintext(bytes);
    if (type === 'comment') comments.push({ document, node, plaintext, path });
    else values.push({ document, place, node, type, plaintext, encrypted, shared });
  });
  return { values, comments };
}

function openValue(
  tree: SopsText,
  leaf: SopsLeaf<SopsScalar>,
  dataKey: Plaintext,
  known: KnownCiphertexts | undefined,
): SopsValue {
  const { scalar, text } = leaf.node;
  if (scalar.type !== 'str' || (text !== '' && !text.startsWith('ENC[')))
    throw new Failure('sops.clear-value', {}, placeOf(tree, leaf));
  const aad = sopsAad(leaf.path);
  const knownValue = known?.valueOf(text, aad);
  if (knownValue !== undefined) return knownValue;
  try {
    const opened = openSopsValue(text, dataKey, aad);
    if (opened !== undefined) return canonicalValue(opened);
  } catch (error) {
    throw error instanceof Failure ? error.at(placeOf(tree, leaf)) : error;
  }
  throw notHere(tree, leaf, dataKey);
}

/** A value that SOPS leaves in the clear, which its MAC covers all the same. */
export function clearValue(tree: SopsText, leaf: SopsLeaf<SopsScalar>): SopsValue {
  const { type, bytes } = leaf.node.scalar;
  if (type === 'unsupported' || type === 'null')
    throw new Failure(
      'sops.unreadable',
      { reason: 'this value is nothing that SOPS can hold' },
      placeOf(tree, leaf),
    );
  return { type, bytes };
}

/** Comments were not always encrypted: one that does not open is left as it is, as SOPS does. */
function openComment(leaf: SopsLeaf<SopsComment>, dataKey: Plaintext): readonly OpenedSopsComment[] {
  const { document, node, path } = leaf;
  // Which mapping a comment belongs to is for Go's parser to say: where it is bound to shows.
  for (let length = path.length; length >= 0; length--) {
    const candidate = path.slice(0, length);
    const opened = openedComment(node.text, dataKey, candidate);
    if (opened !== undefined)
      return [{ document, node, plaintext: new Plaintext(opened.bytes), path: candidate }];
  }
  return [];
}

function openedComment(text: string, dataKey: Plaintext, path: readonly string[]): SopsValue | undefined {
  if (!text.startsWith('ENC[')) return undefined;
  try {
    return openSopsValue(text, dataKey, sopsAad(path));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Why a value does not open: it was made for another place of this file, or is altered. */
function notHere(tree: SopsText, leaf: SopsLeaf<SopsScalar>, dataKey: Plaintext): Failure {
  const at = placeOf(tree, leaf);
  const tried = new Set<string>();
  let from: SopsPlace | undefined;
  walkSops(tree, ({ path, place }) => {
    const aad = sopsAad(path);
    if (from !== undefined || tried.has(aad)) return;
    tried.add(aad);
    if (openSopsValue(leaf.node.text, dataKey, aad) !== undefined) from = place;
  });
  if (from === undefined) return new Failure('open.failed', { scheme: 'sops' }, at);
  return new Failure('entry.moved', { boundTo: placeName(from), standsAt: placeName(leaf.place) }, at);
}

/** Where a leaf stands, for a message. */
export function placeOf(tree: SopsText, leaf: Standing): Place {
  const { line } = new LineIndex(tree.text).positionAt(leaf.node.span.start);
  return { line, entry: placeName(leaf.place) };
}
