import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import {
  type CompilePattern,
  type SelectionRule,
  type Selects,
  selectionOf,
} from '../../core/sops-selection.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import {
  type DataKeySealer,
  generateDataKey,
  type KeyPlan,
  requireRecipients,
  sopsTime,
  wrapForGroups,
} from '../../crypto/sops/data-key.ts';
import { type SopsMetadata, sopsVersion, writeSopsMetadata } from '../../crypto/sops/metadata.ts';
import { SopsIvs, sealSopsValue, sopsAad } from '../../crypto/sops/value.ts';
import { putCiphertext, putComment } from '../../manifest/sops-edit.ts';
import type { SopsComment, SopsFormat, SopsText } from '../../manifest/sops-tree.ts';
import { macOf } from './check-mac.ts';
import { blockOf, readSopsFile, readSopsText } from './file.ts';
import { KnownCiphertexts } from './known-ciphertexts.ts';
import { clearValue, openSops, placeOf } from './open.ts';
import type { OpenedSopsValue } from './opened.ts';
import { sealMac } from './stamp.ts';
import { isComment, isValue, type SopsLeaf, type Standing, walkSops } from './walk.ts';
import { appendBlock } from './write-block.ts';

/** What a new file is sealed by: a creation rule of `.sops.yaml`, resolved. */
export interface SopsSealRequest {
  readonly rule: SelectionRule;
  readonly macOnlyEncrypted: boolean;
  readonly keys: KeyPlan;
}

/** What the operations need besides a file. */
export interface SopsTools {
  /** RE2, unanchored: patterns come from the repository. */
  readonly compile: CompilePattern;
  readonly sealer: DataKeySealer;
  readonly now: Date;
}

/**
 * The edits that encrypt a file: every value and comment that the rule selects, and the `sops` mapping at the end of each
 * document.
 * @throws Failure `sops.unreadable`, `sops.encrypted-already`, `sops.nothing-selected`; `document.not-editable` for aliases of
 * what is encrypted; `edit.unverified`
 */
export async function sealSops(
  text: string,
  format: SopsFormat,
  request: SopsSealRequest,
  tools: SopsTools,
): Promise<readonly Edit[]> {
  requireRecipients(request.keys);
  const tree = readSopsText(text, format);
  if (tree.documents.some(({ root }) => blockOf(root) !== undefined))
    throw new Failure('sops.encrypted-already', {});
  const dataKey = generateDataKey();
  const selects = selectionOf(request.rule, tools.compile);
  const sealed = sealLeaves(tree, dataKey, request, { selects, compile: tools.compile });
  const lastModified = sopsTime(tools.now);
  const mac = macOf(sealed.values, { onlyEncrypted: request.macOnlyEncrypted });
  const metadata: SopsMetadata = {
    lastModified,
    mac: sealMac(mac, dataKey, lastModified),
    macOnlyEncrypted: request.macOnlyEncrypted,
    rule: request.rule,
    groups: await wrapForGroups(dataKey, request.keys, tools.sealer, tools.now),
    shamirThreshold:
      request.keys.groups.length > 1 ? request.keys.shamirThreshold || request.keys.groups.length : 0,
    version: sopsVersion,
  };
  const block = writeSopsMetadata(metadata);
  const edits = [...sealed.edits, ...tree.documents.map((document) => appendBlock(tree, document, block))];
  const after = readSopsFile(applyEdits(text, edits), format);
  const { values } = openSops(after, dataKey, selects, sealed.known);
  if (!isSame(values, sealed.values)) throw new Failure('edit.unverified', {});
  return edits;
}

type SealedValue = Pick<OpenedSopsValue, 'encrypted' | 'plaintext'>;

interface SealedLeaves {
  readonly edits: readonly Edit[];
  /** Those in the clear, too. */
  readonly values: readonly SealedValue[];
  readonly known: KnownCiphertexts;
}

function sealLeaves(
  tree: SopsText,
  dataKey: Plaintext,
  { rule }: SopsSealRequest,
  { selects, compile }: { readonly selects: Selects; readonly compile: CompilePattern },
): SealedLeaves {
  const edits: Edit[] = [];
  const values: SealedValue[] = [];
  const known = new KnownCiphertexts();
  const ivs = new SopsIvs();
  let count = 0;
  const decides = rule.name.endsWith('_comment_regex') ? compile(rule.text) : undefined;
  walkSops(tree, (leaf) => {
    const encrypted = selects(leaf, isComment(leaf));
    if (isComment(leaf) && decides?.(leaf.node.text) === true) requireFirm(tree, leaf);
    if (isComment(leaf) && encrypted && leaf.node.text !== '') {
      const value = { type: 'comment', bytes: new TextEncoder().encode(leaf.node.text) } as const;
      edits.push(putComment(leaf.node, sealSopsValue(value, dataKey, sopsAad(leaf.path))));
    }
    if (!isValue(leaf)) return;
    const value = clearValue(tree, leaf);
    values.push({ encrypted, plaintext: new Plaintext(value.bytes) });
    if (!encrypted || value.bytes.length === 0) return;
    count++;
    if (leaf.shared) throw sharedValue(tree, leaf);
    const aad = sopsAad(leaf.path);
    const ciphertext = sealSopsValue(value, dataKey, aad, { iv: ivs.next() });
    known.add(ciphertext, aad, value);
    edits.push(...putCiphertext(tree.text, leaf.node, ciphertext));
  });
  if (count === 0) throw new Failure('sops.nothing-selected', { rule: `${rule.name}: ${rule.text}` });
  return { edits, values, known };
}

/** A ciphertext is made for one place: SOPS itself writes an alias out as what it refers to. */
export function sharedValue(tree: SopsText, leaf: Standing): Failure {
  const reason = 'this value stands at several places, by an anchor and an alias';
  return new Failure('document.not-editable', { reason }, placeOf(tree, leaf));
}

/** Go's parser may hang a comment to something else, and SOPS would not find encrypted what it looks for. */
function requireFirm(tree: SopsText, leaf: SopsLeaf<SopsComment>): void {
  // Behind a list, the parser looks for the comment's column across a line feed, and finds none across CR LF.
  const isFirm = leaf.node.firm && tree.text[leaf.node.span.end] !== '\r';
  if (isFirm) return;
  const why = leaf.node.firm ? 'its line ends in CR LF' : 'it does not stand right above a key';
  const reason = `this comment decides what is encrypted, and ${why}, so that SOPS may take it for another key's`;
  throw new Failure('document.not-editable', { reason }, placeOf(tree, leaf));
}

function isSame(a: readonly SealedValue[], b: readonly SealedValue[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined && one.encrypted === other.encrypted && one.plaintext.equals(other.plaintext)
      );
    })
  );
}
