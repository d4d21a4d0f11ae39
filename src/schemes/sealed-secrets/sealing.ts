import { Failure } from '../../core/errors.ts';
import { inTurns } from '../../core/in-turns.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { failed, ok, type Result } from '../../core/result.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import type { Edit } from '../../core/span.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import type { SealingCertificate } from '../../crypto/x509.ts';
import { type SealingOptions, secretToSeal } from '../../manifest/seal-secret.ts';
import type { SealedSecret } from '../../manifest/sealed-secret.ts';
import { replaceItems, requireEditableItems, setItem } from '../../manifest/sealed-secret-edit.ts';
import { sealedWithAfter } from '../../manifest/sealed-with.ts';
import { secretToUnseal } from '../../manifest/unseal-secret.ts';

/** A value, and the place that its item is or was sealed for. */
export interface PlacedValue {
  readonly plaintext: Plaintext;
  readonly place: SealingPlace;
}

/** Values by their keys. */
export type PlacedValues = ReadonlyMap<string, PlacedValue>;

/** A file's edit, and what it seals. */
export interface SealedEdit {
  readonly edits: readonly Edit[];
  readonly values: PlacedValues;
}

/**
 * The edit that makes a SealedSecret of the Secret that begins at this offset.
 * @throws Failure as `secretToSeal`, and `document.not-editable`, `edit.unverified`
 */
export async function sealSecret(
  text: string,
  at: number,
  certificate: SealingCertificate,
  options: SealingOptions,
  signal: AbortSignal,
): Promise<SealedEdit> {
  const { place, values, sealed } = secretToSeal(text, at, options);
  const placed = new Map([...values].map(([key, plaintext]) => [key, { plaintext, place }]));
  return { edits: [sealed(await sealItems(placed, certificate, signal))], values: placed };
}

/**
 * The edit that makes a Secret of the SealedSecret that begins at this offset: all of its items, or none.
 * @param places what it may be sealed for
 * @throws Failure as `secretToUnseal` and `openItems`, and `edit.unverified`
 */
export async function unsealSecret(
  text: string,
  at: number,
  keys: readonly UnsealingKey[],
  places: readonly SealingPlace[],
  signal: AbortSignal,
): Promise<Edit> {
  const { items, opened } = secretToUnseal(text, at);
  const values = await openItems(items, keys, places, signal);
  return opened(new Map([...values].map(([key, { plaintext }]) => [key, plaintext])));
}

/**
 * The edits that seal a value into a SealedSecret for this place, in place of the item at its key or beside the others.
 * @throws Failure `sealing.unplaced`, `document.not-editable`, `edit.unverified`
 */
export async function setSealedValue(
  text: string,
  secret: SealedSecret,
  { key, plaintext, place }: PlacedValue & { readonly key: string },
  certificate: SealingCertificate,
): Promise<readonly Edit[]> {
  const { sealItem } = await import('../../crypto/sealed-secrets.ts');
  const item = sealItem(plaintext.expose(), certificate, requirePlace(place));
  return setItem(text, secret, key, item, sealedWithAfter(secret, key, certificate.fingerprint));
}

/**
 * The edits that seal every item of a SealedSecret to another certificate, for what it was sealed for: all of them, or none.
 * @param places what it may be sealed for
 * @throws Failure as `openItems`, and `document.not-editable`, `edit.unverified`
 */
export async function resealSecret(
  text: string,
  secret: SealedSecret,
  keys: readonly UnsealingKey[],
  certificate: SealingCertificate,
  places: readonly SealingPlace[],
  signal: AbortSignal,
): Promise<SealedEdit> {
  requireEditableItems(text, secret);
  const values = await openItems(itemsOf(secret), keys, places, signal);
  const sealed = await sealItems(values, certificate, signal);
  return { edits: replaceItems(text, secret, sealed, certificate.fingerprint), values };
}

/** The items of a SealedSecret by their keys. */
export function itemsOf({ entries }: SealedSecret): ReadonlyMap<string, string> {
  return new Map(entries.map(({ key, text }) => [key, text]));
}

/**
 * Opens items of `encryptedData`: all of them, or none.
 * @throws Failure, the first of `tryItems`
 */
export async function openItems(
  items: ReadonlyMap<string, string>,
  keys: readonly UnsealingKey[],
  places: readonly SealingPlace[],
  signal: AbortSignal,
): Promise<PlacedValues> {
  const open = await opener(keys, places);
  const opened = await inTurns(items, signal, ([key, item]) => {
    const result = open(key, item);
    if (!result.ok) throw result.failure;
    return [key, result.value] as const;
  });
  return new Map(opened);
}

/**
 * Opens items of `encryptedData`, one result each, in their order; a failure is told at its entry: `key.missing` with no keys, `open.failed`
 * where none of them opens the item for any of the places, `ciphertext.malformed`.
 */
export async function tryItems(
  items: Iterable<readonly [key: string, item: string]>,
  keys: readonly UnsealingKey[],
  places: readonly SealingPlace[],
  signal: AbortSignal,
): Promise<readonly Result<PlacedValue>[]> {
  const open = await opener(keys, places);
  return inTurns(items, signal, ([key, item]) => open(key, item));
}

async function opener(keys: readonly UnsealingKey[], places: readonly SealingPlace[]) {
  const { unsealItem } = await import('../../crypto/sealed-secrets.ts');
  const scheme = 'sealed-secrets';
  return (key: string, item: string): Result<PlacedValue> => {
    const where = { entry: `encryptedData.${key}` };
    if (keys.length === 0) return failed(new Failure('key.missing', { scheme, hint: undefined }, where));
    try {
      for (const place of places) {
        const bytes = unsealItem(item, keys, place);
        if (bytes !== undefined) return ok({ plaintext: new Plaintext(bytes), place });
      }
    } catch (error) {
      if (error instanceof Failure) return failed(error.at(where));
      throw error;
    }
    return failed(new Failure('open.failed', { scheme }, where));
  };
}

async function sealItems(
  values: PlacedValues,
  certificate: SealingCertificate,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { sealItem } = await import('../../crypto/sealed-secrets.ts');
  return new Map(
    await inTurns(
      values,
      signal,
      ([key, { plaintext, place }]) => [key, sealItem(plaintext.expose(), certificate, place)] as const,
    ),
  );
}

function requirePlace(place: SealingPlace): SealingPlace {
  const { name, namespace, scope } = place;
  if (scope === 'strict' && name === '') throw new Failure('sealing.unplaced', { missing: 'name' });
  if (scope !== 'cluster-wide' && namespace === '') {
    throw new Failure('sealing.unplaced', { missing: 'namespace' });
  }
  return place;
}
