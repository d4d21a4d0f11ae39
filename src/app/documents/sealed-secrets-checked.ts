import { Failure } from '../../core/errors.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import { scan } from '../../manifest/scan.ts';
import { findSealedSecrets } from '../../manifest/sealed-secret.ts';
import { itemsOf, type PlacedValues, tryItems } from '../../schemes/sealed-secrets/sealing.ts';
import type { Verification } from '../encrypt.ts';

/** An object that was changed, and what its items must hold now. */
export interface ChangedSecret {
  /** Where it began in the text as it was. */
  readonly start: number;
  readonly values: PlacedValues;
}

/**
 * Reads a text with these edits again: each changed object must be a SealedSecret with these items.
 * @param ownHalf opens items again, where it is at hand
 * @param all to open all of them again, until the signal ends it; else one
 * @throws Failure `edit.unverified`
 */
export async function checkSealed(
  text: string,
  edits: readonly Edit[],
  changed: readonly ChangedSecret[],
  ownHalf: UnsealingKey | undefined,
  all?: AbortSignal,
): Promise<Verification> {
  const after = findSealedSecrets(scan(applyEdits(text, edits)));
  const pairs = changed.flatMap(({ start, values }) => {
    const now = after.find(({ span }) => span.start === start + shiftBefore(start, edits));
    const items = now && itemsOf(now);
    return [...values].map(([key, value]) => ({ key, item: items?.get(key), ...value }));
  });
  if (pairs.some(({ item }) => item === undefined)) throw new Failure('edit.unverified', {});
  if (ownHalf === undefined) return 'read';
  for (const { key, item = '', plaintext, place } of all === undefined ? pairs.slice(0, 1) : pairs) {
    all?.throwIfAborted();
    const [opened] = await tryItems([[key, item]], [ownHalf], [place], new AbortController().signal);
    if (opened?.ok !== true || !opened.value.plaintext.equals(plaintext))
      throw new Failure('edit.unverified', {});
  }
  return 'opened';
}

function shiftBefore(offset: number, edits: readonly Edit[]): number {
  const before = edits.filter(({ span }) => span.end <= offset);
  return before.reduce((shift, { span, text }) => shift + text.length - (span.end - span.start), 0);
}
