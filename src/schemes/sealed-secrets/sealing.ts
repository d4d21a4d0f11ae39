import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import type { Edit } from '../../core/span.ts';
import type { UnsealingKey } from '../../crypto/unsealing-keys.ts';
import type { SealingCertificate } from '../../crypto/x509.ts';
import { type SealingOptions, secretToSeal } from '../../manifest/seal-secret.ts';
import type { SealedSecret } from '../../manifest/sealed-secret.ts';
import { replaceItems, requireEditableItems, setItem } from '../../manifest/sealed-secret-edit.ts';
import { secretToUnseal } from '../../manifest/unseal-secret.ts';
import { inTurns } from './in-turns.ts';

/** Values by their keys, opened. */
export type OpenedItems = ReadonlyMap<string, Plaintext>;

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
): Promise<Edit> {
  const { place, values, sealed } = secretToSeal(text, at, options);
  return sealed(await sealItems(values, place, certificate, signal));
}

/**
 * The edit that makes a Secret of the SealedSecret that begins at this offset: all of its items, or none.
 * @param namespace the one it is applied to, where it states none
 * @throws Failure as `secretToUnseal` and `openItems`, and `edit.unverified`
 */
export async function unsealSecret(
  text: string,
  at: number,
  keys: readonly UnsealingKey[],
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Edit> {
  const { place, items, opened } = secretToUnseal(text, at);
  return opened(await openItems(items, inNamespace(place, namespace), keys, signal));
}

/**
 * The edits that seal a value into a SealedSecret, in place of the item at its key or beside the others.
 * @param namespace the one it is applied to, where it states none
 * @throws Failure `sealing.unplaced`, `document.not-editable`, `edit.unverified`
 */
export async function setSealedValue(
  text: string,
  secret: SealedSecret,
  { key, plaintext }: { readonly key: string; readonly plaintext: Plaintext },
  certificate: SealingCertificate,
  namespace: string | undefined,
): Promise<readonly Edit[]> {
  const { sealItem } = await import('../../crypto/sealed-secrets.ts');
  const place = requirePlace(inNamespace(secret.place, namespace));
  return setItem(text, secret, key, sealItem(plaintext.expose(), certificate, place));
}

/**
 * The edits that seal every item of a SealedSecret to another certificate: all of them, or none.
 * @throws Failure as `openItems`, and `sealing.unplaced`, `document.not-editable`, `edit.unverified`
 */
export async function resealSecret(
  text: string,
  secret: SealedSecret,
  keys: readonly UnsealingKey[],
  certificate: SealingCertificate,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly Edit[]> {
  const place = requirePlace(inNamespace(secret.place, namespace));
  requireEditableItems(text, secret);
  const items = new Map(secret.entries.map(({ key, text: item }) => [key, item]));
  const opened = await openItems(items, place, keys, signal);
  const sealed = await sealItems(opened, place, certificate, signal);
  return replaceItems(text, secret, sealed, certificate.fingerprint);
}

/**
 * Opens items of `encryptedData`: all of them, or none.
 * @throws Failure, told at its entry: `key.missing` with no keys, `open.failed` where none of them opens an item,
 * `ciphertext.malformed`
 */
export async function openItems(
  items: ReadonlyMap<string, string>,
  place: SealingPlace,
  keys: readonly UnsealingKey[],
  signal: AbortSignal,
): Promise<OpenedItems> {
  const { unsealItem } = await import('../../crypto/sealed-secrets.ts');
  const scheme = 'sealed-secrets';
  const opened = await inTurns(items, signal, ([key, item]) => {
    const where = { entry: `encryptedData.${key}` };
    if (keys.length === 0) throw new Failure('key.missing', { scheme, hint: undefined }, where);
    try {
      const bytes = unsealItem(item, keys, place);
      if (bytes !== undefined) return [key, new Plaintext(bytes)] as const;
    } catch (error) {
      throw error instanceof Failure ? error.at(where) : error;
    }
    throw new Failure('open.failed', { scheme }, where);
  });
  return new Map(opened);
}

async function sealItems(
  values: OpenedItems,
  place: SealingPlace,
  certificate: SealingCertificate,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const { sealItem } = await import('../../crypto/sealed-secrets.ts');
  return new Map(
    await inTurns(
      values,
      signal,
      ([key, plaintext]) => [key, sealItem(plaintext.expose(), certificate, place)] as const,
    ),
  );
}

function inNamespace(place: SealingPlace, namespace: string | undefined): SealingPlace {
  return place.namespace === '' ? { ...place, namespace: namespace ?? '' } : place;
}

function requirePlace(place: SealingPlace): SealingPlace {
  const { name, namespace, scope } = place;
  if (scope === 'strict' && name === '') throw new Failure('sealing.unplaced', { missing: 'name' });
  if (scope !== 'cluster-wide' && namespace === '') {
    throw new Failure('sealing.unplaced', { missing: 'namespace' });
  }
  return place;
}
