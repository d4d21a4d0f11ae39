import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import type { Selects } from '../../core/sops-selection.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import { sopsAad } from '../../crypto/sops/value.ts';
import type { SopsText } from '../../manifest/sops-tree.ts';
import { macOf } from './check-mac.ts';
import { readSopsText, type SopsFile } from './file.ts';
import { KnownCiphertexts } from './known-ciphertexts.ts';
import { openLeaves, openSops } from './open.ts';
import type { OpenedSopsValue } from './opened.ts';
import { stampEdits } from './stamp.ts';
import { isSamePlace, type SopsPlace } from './walk.ts';

/** Where a value stands in a file. */
export interface SopsTarget {
  /** Counts from 0. */
  readonly document: number;
  readonly place: SopsPlace;
}

/** A file with the key to it. */
export interface SopsOpening {
  readonly file: SopsFile;
  readonly dataKey: Plaintext;
  readonly selects: Selects;
}

/**
 * Adds a new MAC to edits of values, once they are shown to leave every other value as it was.
 * @param expected what is to be read at and below the target afterwards; nothing where it is taken out
 * @throws Failure `sops.mac-mismatch` where the file's own MAC is wrong: a new one would hide it; `edit.unverified`
 */
export function withNewMac(
  { file, dataKey, selects }: SopsOpening,
  edits: readonly Edit[],
  target: SopsTarget,
  expected: Plaintext | undefined,
  now: Date,
): readonly Edit[] {
  const before = openSops(file, dataKey, selects).values;
  const { values } = openLeaves(reread(file.tree, edits), dataKey, selects, knownOf(before));
  const isTarget = (value: OpenedSopsValue) => stands(value, target);
  const there = values.filter(isTarget);
  const asMeant =
    expected === undefined
      ? there.length === 0
      : there.length === 1 && there[0]?.plaintext.equals(expected) === true;
  const others = [before, values].map((all) => all.filter((value) => !isTarget(value)));
  if (!asMeant || !isSame(others[0] ?? [], others[1] ?? [])) throw new Failure('edit.unverified', {});
  const mac = macOf(values, { onlyEncrypted: file.metadata.macOnlyEncrypted });
  return [...edits, ...stampEdits(file, mac, dataKey, now)];
}

function knownOf(values: readonly OpenedSopsValue[]): KnownCiphertexts {
  const known = new KnownCiphertexts();
  for (const { encrypted, node, type, place, plaintext } of values) {
    const path = place.filter((part) => typeof part === 'string');
    if (encrypted) known.add(node.text, sopsAad(path), { type, bytes: plaintext.expose() });
  }
  return known;
}

/** The text after edits, which SOPS must read as it read it before. */
export function reread(tree: SopsText, edits: readonly Edit[]): SopsText {
  try {
    return readSopsText(applyEdits(tree.text, edits), tree.format);
  } catch (error) {
    throw Failure.is(error, 'sops.unreadable') ? new Failure('edit.unverified', {}, {}, error) : error;
  }
}

/** Whether a value is the target or stands below it. */
function stands({ document, place }: OpenedSopsValue, target: SopsTarget): boolean {
  return document === target.document && target.place.every((part, index) => place[index] === part);
}

function isSame(a: readonly OpenedSopsValue[], b: readonly OpenedSopsValue[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        one.document === other.document &&
        one.type === other.type &&
        one.encrypted === other.encrypted &&
        one.plaintext.equals(other.plaintext) &&
        isSamePlace(one.place, other.place)
      );
    })
  );
}
