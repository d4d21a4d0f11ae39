import { Failure } from '../core/errors.ts';
import { textOf } from '../manifest/file-text.ts';
import { scan } from '../manifest/scan.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup, Scheme, SchemeCrypto } from '../schemes/scheme.ts';
import { withoutComment } from './keys/sealed-to.ts';

/** Counts the ciphertexts of a file that are sealed to a key: by the name they carry, else by opening them. */
export async function countSealedTo(
  key: KeyMaterial,
  scheme: Scheme,
  registry: SchemeRegistry,
  bytes: Uint8Array,
): Promise<number> {
  const text = textOf(bytes);
  if (text === undefined) return 0;
  const crypto = await scheme.load();
  const { id } = crypto.inspect(key);
  if (scheme.token?.recognise(text.trim()).is === 'yes')
    return (await isWholeSealedTo(text.trim(), key, id, scheme, crypto)) ? 1 : 0;
  let count = 0;
  for (const group of registry.find(scan(text)).groups) {
    if (group.scheme === scheme.id && (await isSealedTo(group, key, id, scheme, crypto))) count++;
  }
  return count;
}

async function isSealedTo(
  group: EnvelopeGroup,
  key: KeyMaterial,
  id: string | undefined,
  scheme: Scheme,
  crypto: SchemeCrypto,
): Promise<boolean> {
  const { recipient } = scheme.describe(group);
  if (recipient !== undefined && id !== undefined) return recipient === id;
  const results = await crypto.open(group, [key]);
  return results.some(({ ok }) => ok);
}

async function isWholeSealedTo(
  token: string,
  key: KeyMaterial,
  id: string | undefined,
  scheme: Scheme,
  crypto: SchemeCrypto,
): Promise<boolean> {
  const recipient = scheme.token?.describe(token).recipient;
  if (recipient !== undefined && id !== undefined) return recipient === id;
  try {
    await crypto.token?.open(token, [key]);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/**
 * Counts the values of documents sealed as a whole that say that they are sealed to one of these: a recipient of age, or the
 * fingerprint of a certificate. Of documents that do not say it, nothing is known.
 */
export function countSealedDocumentsTo(
  names: ReadonlySet<string>,
  registry: SchemeRegistry,
  bytes: Uint8Array,
): number {
  const text = textOf(bytes);
  if (text === undefined) return 0;
  const sealed = registry
    .findDocuments(scan(text))
    .documents.filter(({ recipients }) => recipients.some(({ name }) => names.has(withoutComment(name))));
  return sealed.reduce((count, { items }) => count + items.length, 0);
}
