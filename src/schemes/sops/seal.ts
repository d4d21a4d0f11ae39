import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
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
import { type CompilePattern, type SelectionRule, selectionOf } from '../../crypto/sops/selection.ts';
import { sealSopsValue, sopsAad } from '../../crypto/sops/value.ts';
import { putCiphertext, putComment } from '../../manifest/sops-edit.ts';
import type { SopsFormat, SopsText } from '../../manifest/sops-tree.ts';
import { macOf } from './check-mac.ts';
import { blockOf, readSopsFile, readSopsText } from './file.ts';
import { clearValue, openSops, placeOf } from './open.ts';
import type { OpenedSopsValue } from './opened.ts';
import { sealMac } from './stamp.ts';
import { isComment, isValue, type Standing, walkSops } from './walk.ts';
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
  const sealed = sealLeaves(tree, dataKey, request, tools.compile);
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
  const selects = selectionOf(request.rule, tools.compile);
  const reread = openSops(readSopsFile(applyEdits(text, edits), format), dataKey, selects).values;
  if (!isSame(reread, sealed.values)) throw new Failure('edit.unverified', {});
  return edits;
}

type SealedValue = Pick<OpenedSopsValue, 'encrypted' | 'plaintext'>;

function sealLeaves(
  tree: SopsText,
  dataKey: Plaintext,
  { rule }: SopsSealRequest,
  compile: CompilePattern,
): { readonly edits: readonly Edit[]; readonly values: readonly SealedValue[] } {
  const selects = selectionOf(rule, compile);
  const edits: Edit[] = [];
  const values: SealedValue[] = [];
  let count = 0;
  const decides = rule.name.endsWith('_comment_regex') ? compile(rule.text) : undefined;
  walkSops(tree, (leaf) => {
    const encrypted = selects(leaf, isComment(leaf));
    if (isComment(leaf) && !leaf.node.firm && decides?.(leaf.node.text) === true)
      throw looseComment(tree, leaf);
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
    edits.push(...putCiphertext(tree.text, leaf.node, sealSopsValue(value, dataKey, sopsAad(leaf.path))));
  });
  if (count === 0) throw new Failure('sops.nothing-selected', { rule: `${rule.name}: ${rule.text}` });
  return { edits, values };
}

/** A ciphertext is made for one place: SOPS itself writes an alias out as what it refers to. */
export function sharedValue(tree: SopsText, leaf: Standing): Failure {
  const reason = 'this value stands at several places, by an anchor and an alias';
  return new Failure('document.not-editable', { reason }, placeOf(tree, leaf));
}

/** Go's parser may hang it to something else, and SOPS would not find encrypted what it looks for. */
function looseComment(tree: SopsText, leaf: Standing): Failure {
  const reason = 'this comment decides what is encrypted, and does not stand right above a key';
  return new Failure('document.not-editable', { reason }, placeOf(tree, leaf));
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
