import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import {
  generateDataKey,
  type KeyPlan,
  requireRecipients,
  sopsTime,
  wrapForGroups,
} from '../../crypto/sops/data-key.ts';
import { newerVersion, type SopsMetadata, writeSopsMetadata } from '../../crypto/sops/metadata.ts';
import { isSameRecipient, type KeyGroup } from '../../crypto/sops/stanza.ts';
import { sealSopsValue, sopsAad } from '../../crypto/sops/value.ts';
import { putCiphertext, putComment } from '../../manifest/sops-edit.ts';
import type { SopsOpening } from './change.ts';
import { macOf } from './check-mac.ts';
import { readSopsFile, type SopsFile } from './file.ts';
import { openSops } from './open.ts';
import type { OpenedSops, OpenedSopsComment, OpenedSopsValue } from './opened.ts';
import { type SopsTools, sharedValue } from './seal.ts';
import { sealMac } from './stamp.ts';
import { replaceBlock } from './write-block.ts';

/**
 * The edits that wrap a file's data key for other recipients. Values and MAC stay: whoever had the data key still has it.
 * Recipients of a single group who stay keep what was wrapped for them, so that nobody's key service is asked for them.
 */
export async function updateSopsRecipients(
  { file, dataKey }: Pick<SopsOpening, 'file' | 'dataKey'>,
  keys: KeyPlan,
  tools: Pick<SopsTools, 'sealer' | 'now'>,
): Promise<readonly Edit[]> {
  requireRecipients(keys);
  const [wanted] = keys.groups;
  const known = keptStanzas(file.metadata, keys);
  const isKnown = (recipient: (typeof keys.groups)[number][number]) =>
    known.some((stanza) => isSameRecipient(stanza, recipient));
  const missing = keys.groups.map((group) => group.filter((recipient) => !isKnown(recipient)));
  const wrapped = await wrapForGroups(dataKey, { ...keys, groups: missing }, tools.sealer, tools.now);
  const groups = keys.groups.length === 1 ? [merged(wanted ?? [], known, wrapped[0] ?? [])] : wrapped;
  const block = writeSopsMetadata({ ...file.metadata, groups, shamirThreshold: thresholdOf(keys) });
  return file.blocks.map((map) => replaceBlock(file.tree.text, map, block));
}

/** What new recipients leave as it is, if it is theirs. Where there are shares, each is made anew. */
export function keptStanzas({ groups }: Pick<SopsMetadata, 'groups'>, keys: KeyPlan): KeyGroup {
  const [only] = groups;
  return groups.length === 1 && keys.groups.length === 1 ? (only ?? []) : [];
}

/**
 * The edits that encrypt a file anew with a new data key: every value, every comment, the MAC.
 * @throws Failure as `openSops`; `document.not-editable`, `edit.unverified`
 */
export async function rotateSopsDataKey(
  opening: SopsOpening,
  keys: KeyPlan,
  { sealer, now }: Pick<SopsTools, 'sealer' | 'now'>,
): Promise<readonly Edit[]> {
  requireRecipients(keys);
  const { file, selects } = opening;
  const opened = openSops(file, opening.dataKey, selects);
  const dataKey = generateDataKey();
  const lastModified = sopsTime(now);
  const mac = macOf(opened.values, { onlyEncrypted: file.metadata.macOnlyEncrypted });
  const metadata: SopsMetadata = {
    ...file.metadata,
    lastModified,
    mac: sealMac(mac, dataKey, lastModified),
    groups: await wrapForGroups(dataKey, keys, sealer, now),
    shamirThreshold: thresholdOf(keys),
    version: newerVersion(file.metadata.version),
  };
  const block = writeSopsMetadata(metadata);
  const edits = [
    ...sealedAgain(file, opened, dataKey),
    ...file.blocks.map((map) => replaceBlock(file.tree.text, map, block)),
  ];
  const text = applyEdits(file.tree.text, edits);
  const { values } = openSops(readSopsFile(text, file.tree.format), dataKey, selects);
  const same = values.every((value, index) => opened.values[index]?.plaintext.equals(value.plaintext));
  if (!same || values.length !== opened.values.length) throw new Failure('edit.unverified', {});
  return edits;
}

function sealedAgain(
  { tree }: SopsFile,
  { values, comments }: OpenedSops,
  dataKey: Plaintext,
): readonly Edit[] {
  const seal = (type: OpenedSopsValue['type'], plaintext: Plaintext, path: readonly string[]) =>
    sealSopsValue({ type, bytes: plaintext.expose() }, dataKey, sopsAad(path));
  const ofValue = (value: OpenedSopsValue) => {
    if (!value.encrypted || value.plaintext.byteLength === 0) return [];
    if (value.shared) throw sharedValue(tree, value);
    const path = value.place.filter((part) => typeof part === 'string');
    return putCiphertext(tree.text, value.node, seal(value.type, value.plaintext, path));
  };
  const ofComment = ({ node, plaintext, path }: OpenedSopsComment) => {
    const sealed = seal('comment', plaintext, path);
    return node.kind === 'comment' ? [putComment(node, sealed)] : putCiphertext(tree.text, node, sealed);
  };
  return [...values.flatMap(ofValue), ...comments.flatMap(ofComment)];
}

/** The stanzas in the order wanted, those that stay as they are. */
function merged(wanted: KeyPlan['groups'][number], known: KeyGroup, added: KeyGroup): KeyGroup {
  return wanted.flatMap(
    (recipient) => [...known, ...added].find((stanza) => isSameRecipient(stanza, recipient)) ?? [],
  );
}

function thresholdOf({ groups, shamirThreshold }: KeyPlan): number {
  return groups.length > 1 ? shamirThreshold || groups.length : 0;
}
