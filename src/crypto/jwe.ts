import { CompactEncrypt, errors, flattenedDecrypt } from 'jose';
import { Failure } from '../core/errors.ts';
import {
  contentEncryptions,
  isPasswordAlgorithm,
  mostPasswordRounds,
  passwordRounds,
  refusedAlgorithm,
  weaknessOf,
} from './jwe-algorithms.ts';
import type { JweHeader } from './jwe-header.ts';
import type { JweKey } from './jwe-key.ts';
import type { JweToken } from './jwe-shape.ts';
import { readJweToken } from './jwe-token.ts';
import { unusable } from './unusable.ts';

/** The most that compressed content may grow to, in bytes; go-jose's floor is the same. */
const largestDecompressed = 250_000;

export interface SealJweOptions {
  /** `ns/name#KEY`, written into the protected header as `purser.for`: authenticated, and readable without a key. */
  readonly for?: string | undefined;
}

/**
 * Seals bytes to a key as compact JWE (RFC 7516), with the key's `alg`, `enc` and `kid`. The `purser` member is a
 * private one (RFC 7515 §4.3) that other readers ignore: it never stands in `crit`. A private key seals to its
 * public half.
 * @throws Failure `key.unusable` for a key whose own `alg` is one that is only opened
 */
export async function sealJwe(
  plaintext: Uint8Array,
  key: JweKey,
  options: SealJweOptions = {},
): Promise<string> {
  const { alg, enc, kid } = key;
  const weakness = weaknessOf(alg);
  if (weakness !== undefined)
    throw unusable(key.ref, `its "alg" says ${weakness}, which Purser opens and never seals with`);
  const header = kid === undefined ? { alg, enc } : { alg, enc, kid };
  const sealing = new CompactEncrypt(plaintext).setProtectedHeader(
    options.for === undefined ? header : { ...header, purser: { for: options.for } },
  );
  if (isPasswordAlgorithm(alg)) sealing.setKeyManagementParameters({ p2c: passwordRounds });
  return sealing.encrypt(key.sealingKey);
}

/**
 * Refuses what no key opens: its algorithm is unsafe or unknown, it demands extensions, or it asks for more than a million
 * rounds of password hashing.
 * @throws Failure `ciphertext.malformed` (no JWE), `ciphertext.unsupported` (several recipients), `ciphertext.refused`
 */
export function requireOpenableJwe(text: string): JweToken {
  const token = readJweToken(text);
  if (token.recipients > 1) {
    const reason = `it is sealed to ${token.recipients} recipients, and Purser opens what is sealed to one`;
    throw new Failure('ciphertext.unsupported', { scheme: 'jwe', reason });
  }
  const reason = refusal(token.header);
  if (reason !== undefined) throw refused(reason);
  return token;
}

/**
 * Opens a JWE. Undefined means: not sealed to this key; keys can be tried in turn.
 * @throws Failure `ciphertext.malformed`, `ciphertext.refused` (see `requireOpenableJwe`; or its content grows past 250 000
 * bytes, or it names this key with an algorithm that the key is not for), `open.failed` (it names this key and does not
 * verify: damaged or forged)
 */
export async function openJwe(text: string, key: JweKey): Promise<Uint8Array | undefined> {
  const { header, parts } = requireOpenableJwe(text);
  if (key.kind === 'public') return undefined;
  const named = header.kid !== undefined && header.kid === key.kid;
  if (!key.opens.alg.includes(header.alg) || !key.opens.enc.includes(header.enc)) {
    if (named) throw refused('it names this key, but with an algorithm that the key is not for');
    return undefined;
  }
  try {
    const opened = await flattenedDecrypt(parts, key.key, {
      keyManagementAlgorithms: [...key.opens.alg],
      contentEncryptionAlgorithms: [...key.opens.enc],
      maxDecompressedLength: largestDecompressed,
      maxPBES2Count: mostPasswordRounds,
    });
    return opened.plaintext;
  } catch (error) {
    // Content is decompressed only after it verified, so this one is not about the key.
    if (header.zip !== undefined && error instanceof errors.JWEInvalid) {
      throw refused(`its compressed content is damaged or larger than ${largestDecompressed} bytes`);
    }
    if (named) throw new Failure('open.failed', { scheme: 'jwe' });
    return undefined;
  }
}

function refusal(header: JweHeader): string | undefined {
  if (header.critical) return 'it demands extensions ("crit") that Purser does not know';
  if (header.zip !== undefined && header.zip !== 'DEF') return 'its compression ("zip") is not DEF';
  if (!contentEncryptions.has(header.enc))
    return 'its content encryption ("enc") is not one that Purser knows';
  if (header.p2c !== undefined && header.p2c > mostPasswordRounds)
    return `it asks for ${header.p2c} rounds of password hashing ("p2c"); ${mostPasswordRounds} are the most`;
  return refusedAlgorithm(header.alg);
}

function refused(reason: string): Failure {
  return new Failure('ciphertext.refused', { scheme: 'jwe', reason });
}
