import { createPublicKey, type KeyObject } from 'node:crypto';
import { Failure } from '../core/errors.ts';
import { failed, ok, type Result } from '../core/result.ts';
import { spkiFingerprint } from './fingerprint.ts';
import { algorithmsOf, contentEncryptions, keyManagements } from './jwe-algorithms.ts';
import { type KeyMaterial, thumbprint } from './jwk.ts';
import { readKeyFile } from './key-file.ts';
import { unusable } from './unusable.ts';

/**
 * A key for JWE. What it may seal and open is decided here, by the key alone: never by a token's header
 * (RFC 8725 §3.1). Printing it shows no key bytes, because they stay inside the KeyObjects.
 */
export interface JweKey {
  readonly kind: 'public' | 'private' | 'symmetric';
  /** What it seals with. */
  readonly alg: string;
  readonly enc: string;
  /** The key's own name, else its RFC 7638 thumbprint; a password has no thumbprint, because that would give it away. */
  readonly kid: string | undefined;
  /** How the person named it, for messages. */
  readonly ref: string;
  /** `RSA 4096`, `EC P-256`, `X25519`, `oct 256`, `password`. */
  readonly description: string;
  /** Of the public half (see `spkiFingerprint`); a symmetric key has none. */
  readonly fingerprint: string | undefined;
  readonly key: KeyObject;
  /** What sealing uses: the public half, or the symmetric key itself. Kept, because importing costs more than sealing. */
  readonly sealingKey: KeyObject;
  /** The `alg` and `enc` names that it may open. */
  readonly opens: { readonly alg: readonly string[]; readonly enc: readonly string[] };
}

type Profile = Pick<JweKey, 'alg' | 'enc' | 'description' | 'opens'>;

const content = { enc: 'A128CBC-HS256' };
const everyEnc: readonly string[] = [...contentEncryptions.keys()];
/** What OpenSSL works with (OPENSSL_RSA_MAX_MODULUS_BITS) is the most. */
const [leastBits, mostBits] = [2048, 16_384];
const passwordTitle = 'password';
const misfit = 'its "alg" does not fit the kind or the size of the key';

/** OpenSSL's curve names to JOSE's (RFC 7518 §6.2.1.1). */
const curves: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/**
 * Reads the keys of a file (forms: see `readKeyFile`), of which the first seals. RSA seals with RSA-OAEP-256, EC and X25519
 * with ECDH-ES+A256KW, a symmetric key directly (`dir`), unless a JWK's `alg` says otherwise; content with A128CBC-HS256.
 * Keys of a set that cannot be used are passed over.
 * @param ref how the person named the file, for messages
 * @throws Failure `key.unusable`
 */
export function readJweKeys(bytes: Uint8Array, ref: string): readonly [JweKey, ...JweKey[]] {
  const read = readKeyFile(bytes, ref).map((material) => tryKey(material, ref));
  const [first, ...others] = read.flatMap((key) => (key.ok ? [key.value] : []));
  if (first !== undefined) return [first, ...others];
  throw read.find((key) => !key.ok)?.failure ?? unusable(ref, misfit);
}

/** The key of a file with one key, or the one of a set that seals. Throws `key.unusable`. */
export function readJweKey(bytes: Uint8Array, ref: string): JweKey {
  return readJweKeys(bytes, ref)[0];
}

function tryKey(material: KeyMaterial, ref: string): Result<JweKey> {
  try {
    return ok(keyOf(material, ref));
  } catch (error) {
    if (error instanceof Failure) return failed(error);
    throw error;
  }
}

function keyOf(material: KeyMaterial, ref: string): JweKey {
  const { key } = material;
  const sealingKey = key.type === 'private' ? createPublicKey(key) : key;
  const profile = profileOf(material, ref);
  return {
    ...profile,
    kind: key.type === 'secret' ? 'symmetric' : key.type,
    kid: material.kid ?? (profile.description === passwordTitle ? undefined : thumbprint(key)),
    ref,
    fingerprint: key.type === 'secret' ? undefined : spkiFingerprint(sealingKey),
    key,
    sealingKey,
  };
}

/**
 * The public half as PEM (SPKI), with a final newline.
 * @throws Failure `key.unusable` for a symmetric key, which has none
 */
export function publicKeyPem(key: JweKey): string {
  if (key.kind === 'symmetric') throw unusable(key.ref, 'a symmetric key has no public half');
  return key.sealingKey.export({ type: 'spki', format: 'pem' }).toString();
}

function profileOf({ key, alg }: KeyMaterial, ref: string): Profile {
  if (key.type === 'secret') return symmetricProfile((key.symmetricKeySize ?? 0) * 8, alg ?? 'dir', ref);
  const type = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails ?? {};
  if (type === 'rsa') {
    const bits = details.modulusLength ?? 0;
    if (bits < leastBits) throw unusable(ref, `it is RSA with ${bits} bits; ${leastBits} are the least`);
    if (bits > mostBits) throw unusable(ref, `it is RSA with ${bits} bits; ${mostBits} are the most`);
    if ((details.publicExponent ?? 0n) < 3n) throw unusable(ref, 'its RSA exponent is not safe');
    return asymmetricProfile('rsa', `RSA ${bits}`, alg, ref);
  }
  if (type === 'x25519') return asymmetricProfile('ecdh', 'X25519', alg, ref);
  const curve = curves.get(details.namedCurve ?? '');
  if (type === 'ec' && curve !== undefined) return asymmetricProfile('ecdh', `EC ${curve}`, alg, ref);
  if (type === 'ec') throw unusable(ref, 'its curve is not P-256, P-384 or P-521');
  throw unusable(ref, `it is ${type?.toUpperCase() ?? 'of a kind'}, which cannot encrypt`);
}

function asymmetricProfile(
  family: 'rsa' | 'ecdh',
  description: string,
  alg: string | undefined,
  ref: string,
): Profile {
  const algorithms = alg === undefined ? algorithmsOf(family) : [alg];
  const [first = ''] = algorithms;
  if (keyManagements.get(first)?.family !== family) throw unusable(ref, misfit);
  return { alg: first, ...content, description, opens: { alg: algorithms, enc: everyEnc } };
}

function symmetricProfile(bits: number, alg: string, ref: string): Profile {
  const description = `oct ${bits}`;
  const management = keyManagements.get(alg);
  if (management?.family === 'password') {
    if (bits === 0) throw unusable(ref, 'its password is empty');
    return { alg, ...content, description: passwordTitle, opens: { alg: [alg], enc: everyEnc } };
  }
  if (management?.family === 'symmetric') {
    if (management.keyBytes !== bits / 8) throw unusable(ref, misfit);
    return { alg, ...content, description, opens: { alg: [alg], enc: everyEnc } };
  }
  // A JWK whose `alg` names a content encryption is for that one alone (RFC 7517 §4.4).
  const named = contentEncryptions.has(alg) ? [alg] : everyEnc;
  if (named === everyEnc && alg !== 'dir') throw unusable(ref, misfit);
  const fitting = named.filter((enc) => contentEncryptions.get(enc)?.keyBytes === bits / 8);
  const [enc] = fitting;
  if (enc === undefined)
    throw unusable(ref, `it has ${bits} bits, a size that no algorithm it may use takes`);
  return { alg: 'dir', enc, description, opens: { alg: ['dir'], enc: fitting } };
}
