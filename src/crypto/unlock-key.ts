import { createPrivateKey, type KeyObject } from 'node:crypto';
import { fromBase64, utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { type DerElement, derNumber, derSequence, derTags, readDer } from './der.ts';
import { algorithmsOf, mostPasswordRounds } from './jwe-algorithms.ts';
import { membersOf, parseJson } from './jwe-header.ts';
import { pemBlock } from './key-file.ts';
import { unusable } from './unusable.ts';

/**
 * An encrypted private key, opened: as PEM (PKCS#8), in memory. Reads PKCS#8 under a passphrase, as PEM or DER, and
 * OpenSSL's own PEM with a `DEK-Info` header.
 * @throws Failure `key.locked` for another passphrase, `key.unusable` for what OpenSSL cannot read or what asks for too much work
 */
export function unlockPrivateKey(bytes: Uint8Array, passphrase: string, ref: string): Uint8Array {
  const key =
    bytes[0] === 0x30 ? importDer(bytes, passphrase, ref) : importPem(utf8(bytes) ?? '', passphrase, ref);
  return new TextEncoder().encode(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** A password as the JWK that left it out, which names its algorithm and perhaps itself. */
export function passwordJwk(bytes: Uint8Array, password: string): Uint8Array {
  const jwk = membersOf(parseJson(utf8(bytes)?.trim() ?? '')) ?? new Map();
  return json({ ...Object.fromEntries(jwk), k: encoded(password) });
}

/** A password that no file speaks of, as a JWK Set: it opens what any of the algorithms sealed, and names none. */
export function passwordJwks(password: string): Uint8Array {
  const k = encoded(password);
  return json({ keys: algorithmsOf('password').map((alg) => ({ kty: 'oct', alg, k })) });
}

function encoded(password: string): string {
  return Buffer.from(password, 'utf8').toString('base64url');
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function bodyOf(pem: string): Uint8Array {
  return fromBase64(pem.replace(/-----[^-]+-----|\s+/g, '')) ?? new Uint8Array();
}

/** OpenSSL works on this thread until it is done, so what a file may ask for is bounded before. */
function requireLittleWork(der: Uint8Array, ref: string): void {
  const work = workOf(der);
  if (work === undefined) throw unusable(ref, 'its encrypted private key is damaged');
  if (work > mostPasswordRounds)
    throw unusable(ref, `its passphrase takes ${work} rounds; ${mostPasswordRounds} are the most`);
}

const pbes2 = '2a864886f70d01050d';
const scrypt = '2b06010401da47040b';

/** How many rounds an EncryptedPrivateKeyInfo (RFC 5958 §3, RFC 8018 appendix A, RFC 7914 §7) takes to open. */
function workOf(der: Uint8Array): number | undefined {
  const [info] = derSequence(readDer(der)?.[0]) ?? [];
  const [scheme, parameters] = derSequence(info) ?? [];
  if (scheme?.tag !== derTags.identifier) return undefined;
  if (nameOf(scheme) !== pbes2) return derNumber(derSequence(parameters)?.[1]);
  const [derivation, values] = derSequence(derSequence(parameters)?.[0]) ?? [];
  const [, first, second, third] = derSequence(values) ?? [];
  const rounds = derNumber(first);
  if (derivation === undefined || nameOf(derivation) !== scrypt || rounds === undefined) return rounds;
  return rounds * (derNumber(second) ?? 1) * (derNumber(third) ?? 1);
}

function nameOf({ content }: DerElement): string {
  return Buffer.from(content).toString('hex');
}

function importPem(text: string, passphrase: string, ref: string): KeyObject {
  const pkcs8 = pemBlock(text, 'ENCRYPTED PRIVATE KEY');
  // OpenSSL is given the bytes that were looked at: it passes over things in PEM that would hide others.
  if (pkcs8 !== undefined) return importDer(bodyOf(pkcs8), passphrase, ref);
  // OpenSSL's own PEM takes one round of MD5, whatever it says.
  return imported(() => createPrivateKey({ key: text, passphrase }), ref);
}

function importDer(bytes: Uint8Array, passphrase: string, ref: string): KeyObject {
  requireLittleWork(bytes, ref);
  const key = Buffer.from(bytes);
  return imported(() => createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase }), ref);
}

function imported(importer: () => KeyObject, ref: string): KeyObject {
  try {
    return importer();
  } catch (error) {
    // What the importer says may quote the key; its code does not.
    const { code } = error as { readonly code?: unknown };
    if (code === 'ERR_OSSL_EVP_UNSUPPORTED') {
      throw unusable(
        ref,
        'it is encrypted in a way that OpenSSL gave up; openssl pkcs8 -topk8 writes it anew',
      );
    }
    throw new Failure('key.locked', { ref, given: true });
  }
}
