import { utf8 } from '../core/bytes.ts';
import { isPasswordAlgorithm } from './jwe-algorithms.ts';
import { type Members, membersOf, parseJson } from './jwe-header.ts';

/** What only a person can add to a key file: the passphrase of an encrypted key, or the password that the key is. */
export interface KeyFileLock {
  readonly needs: 'passphrase' | 'password';
  /** What ciphertexts call the key, where the file says it. */
  readonly id: string | undefined;
}

/** What is missing from a key file: an encrypted private key, or a JWK of PBES2 without a `k`. Needs no cryptography. */
export function lockOf(bytes: Uint8Array): KeyFileLock | undefined {
  if (bytes[0] === 0x30) return isEncryptedDer(bytes) ? passphrase : undefined;
  // As keys are read: a byte order mark is white space.
  const text = utf8(bytes)?.trim() ?? '';
  if (isEncryptedPem(text)) return passphrase;
  const jwk = text.startsWith('{') ? membersOf(parseJson(text)) : undefined;
  if (jwk === undefined || !isPasswordJwk(jwk)) return undefined;
  const kid = jwk.get('kid');
  return { needs: 'password', id: typeof kid === 'string' && kid !== '' ? kid : undefined };
}

const passphrase: KeyFileLock = { needs: 'passphrase', id: undefined };

/** PKCS#8 under a passphrase (RFC 7468 §11), or OpenSSL's own form with headers (RFC 1421 §4.6.1.1). */
export function isEncryptedPem(text: string): boolean {
  return text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || text.includes('Proc-Type: 4,ENCRYPTED');
}

/** A JWK that names a password's algorithm and leaves the password out: whoever reads the file learns nothing. */
export function isPasswordJwk(jwk: Members): boolean {
  const alg = jwk.get('alg');
  return jwk.get('kty') === 'oct' && !jwk.has('k') && typeof alg === 'string' && isPasswordAlgorithm(alg);
}

/**
 * EncryptedPrivateKeyInfo (RFC 5958 §3): a sequence that begins with an AlgorithmIdentifier of password-based encryption,
 * PKCS #5 (1.2.840.113549.1.5) or PKCS #12 (1.2.840.113549.1.12.1).
 */
function isEncryptedDer(bytes: Uint8Array): boolean {
  const begin = Buffer.from(bytes.subarray(0, 24)).toString('hex');
  return /^30(?:[0-7].|81..|82.{4})30[0-7].06(?:092a864886f70d0105|0a2a864886f70d010c01)/.test(begin);
}
