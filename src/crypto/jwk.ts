import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { fromBase64Url } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { contentEncryptions, keyManagements } from './jwe-algorithms.ts';
import { type Members, membersOf, parseJson } from './jwe-header.ts';
import { isPasswordJwk } from './key-lock.ts';
import { unusable } from './unusable.ts';

/** A key of a key file: the key, and what a JWK says beside it. */
export interface KeyMaterial {
  readonly key: KeyObject;
  readonly kid?: string;
  /** The JWK's own `alg`, one that Purser knows as `alg` or as `enc`. */
  readonly alg?: string;
}

/** Members that make the key itself (RFC 7518 §6, RFC 8037 §2); the rest of a JWK never reaches the key importer. */
const keyMembers = ['kty', 'crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi'];

/** Operations of a key that is for encryption (RFC 7517 §4.3). */
const encryptionOperations = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey', 'deriveKey', 'deriveBits'];

/**
 * Reads a JSON Web Key that is for encryption, or those of a set (RFC 7517 §5), which passes over the others. Keys that say
 * that they are for encryption come first; else they keep the set's order.
 * @throws Failure `key.unusable`
 */
export function readJwks(text: string, ref: string): readonly KeyMaterial[] {
  const jwk = membersOf(parseJson(text));
  if (jwk === undefined) throw unusable(ref, 'it is not a JSON Web Key');
  const set = jwk.get('keys');
  if (set === undefined) return [readJwk(jwk, ref)];
  const members = (Array.isArray(set) ? set : []).flatMap((one) => membersOf(one) ?? []);
  const keys = members.toSorted((a, b) => rank(a) - rank(b)).flatMap((one) => tryJwk(one, ref) ?? []);
  if (keys.length === 0) throw unusable(ref, 'it is a set of keys without one for encryption');
  return keys;
}

function rank(jwk: Members): number {
  return jwk.has('use') || jwk.has('alg') ? 0 : 1;
}

function tryJwk(jwk: Members, ref: string): KeyMaterial | undefined {
  try {
    return readJwk(jwk, ref);
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return undefined;
    throw error;
  }
}

function readJwk(jwk: Members, ref: string): KeyMaterial {
  const purpose = wrongPurpose(jwk);
  if (purpose !== undefined) throw unusable(ref, purpose);
  if (isPasswordJwk(jwk)) throw unusable(ref, 'it is a password, which is not written in it');
  const key = importJwk(jwk);
  if (key === undefined) throw unusable(ref, 'it is not a complete JSON Web Key of a known kind');
  const kid = jwk.get('kid');
  const alg = jwk.get('alg');
  return {
    key,
    ...(typeof kid === 'string' && kid !== '' ? { kid } : {}),
    ...(typeof alg === 'string' ? { alg } : {}),
  };
}

/**
 * RFC 7638 SHA-256 thumbprint, base64url. A private key has its public half's; a symmetric key's is taken over the
 * secret itself, which is safe only because such keys are random: never take a password's.
 */
export function thumbprint(key: KeyObject): string {
  const { kty, crv, x, y, n, e, k } = key.export({ format: 'jwk' });
  const required = kty === 'RSA' ? { e, kty, n } : kty === 'oct' ? { k, kty } : { crv, kty, x, y };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}

function wrongPurpose(jwk: Members): string | undefined {
  const use = jwk.get('use');
  if (use !== undefined && use !== 'enc') return 'it is for signatures ("use"), not for encryption';
  const operations = jwk.get('key_ops');
  if (Array.isArray(operations) && !operations.some((name) => encryptionOperations.includes(name))) {
    return 'its "key_ops" do not allow encryption';
  }
  const alg = jwk.get('alg');
  if (alg === undefined) return undefined;
  if (alg === 'RSA1_5') return 'its "alg" is RSA1_5, which is not safe';
  if (typeof alg === 'string' && (keyManagements.has(alg) || contentEncryptions.has(alg))) return undefined;
  return 'its "alg" is not an encryption algorithm that Purser knows';
}

/** Importer errors may quote the key, so nothing of them is passed on. */
function importJwk(jwk: Members): KeyObject | undefined {
  try {
    if (jwk.get('kty') === 'oct') {
      const secret = jwk.get('k');
      const bytes = typeof secret === 'string' ? fromBase64Url(secret) : undefined;
      return bytes && createSecretKey(bytes);
    }
    const key = Object.fromEntries([...jwk].filter(([name]) => keyMembers.includes(name))) as JsonWebKey;
    return jwk.has('d') ? createPrivateKey({ key, format: 'jwk' }) : createPublicKey({ key, format: 'jwk' });
  } catch {
    return undefined;
  }
}
