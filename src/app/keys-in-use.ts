import { Failure } from '../core/errors.ts';
import { textOf } from '../manifest/file-text.ts';
import { scan } from '../manifest/scan.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Scheme, SchemeCrypto } from '../schemes/scheme.ts';
import { withoutComment } from './keys/sealed-to.ts';

/** Counts the ciphertexts of a file that are sealed to a key, or to any of a set: by the name they carry, else by opening them. */
export async function countSealedTo(
  key: KeyMaterial,
  scheme: Scheme,
  registry: SchemeRegistry,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const text = textOf(bytes);
  if (text === undefined) return 0;
  const crypto = await scheme.load();
  const names = new Set(crypto.keysIn(key).map((one) => crypto.inspect(one).id));
  let count = 0;
  for (const token of tokensIn(text, scheme, registry)) {
    signal.throwIfAborted();
    const recipient = scheme.token?.describe(token).recipient;
    // Others may call the key something else.
    if ((recipient !== undefined && names.has(recipient)) || (await opens(token, key, crypto))) count++;
  }
  return count;
}

/** The ciphertexts of a scheme: those of a manifest, or the whole file. */
function tokensIn(text: string, scheme: Scheme, registry: SchemeRegistry): readonly string[] {
  const whole = text.trim();
  if (scheme.token?.recognise(whole).is === 'yes') return [whole];
  return registry
    .find(scan(text))
    .groups.filter((group) => group.scheme === scheme.id)
    .flatMap(({ envelopes }) => envelopes.map(({ token }) => token));
}

async function opens(token: string, key: KeyMaterial, crypto: SchemeCrypto): Promise<boolean> {
  try {
    return (await crypto.token?.open(token, [key])) !== undefined;
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
