import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { Failure } from '../core/errors.ts';
import { readFernetToken } from './fernet-token.ts';
import { generate32ByteKey, read32ByteKey } from './symmetric-key.ts';

/** A Fernet key: 16 bytes that sign, 16 that encrypt. */
export interface FernetKey {
  readonly signing: KeyObject;
  readonly encryption: KeyObject;
}

export interface SealFernetOptions {
  /** Written into the token in whole seconds. Rotation passes the old token's time, as MultiFernet does. */
  readonly now: Date;
  /** 16 bytes; for published vectors only. Random where it is not given. */
  readonly iv?: Uint8Array;
}

export interface OpenFernetOptions {
  readonly now: Date;
  /** How old a token may be. Zero and less mean any age, as in fernet-go. */
  readonly ttlSeconds: number;
}

/** How far ahead of ours a token's clock may be where age counts (Fernet spec, "Verifying", step 3). */
const clockSkewSeconds = 60;

/**
 * Reads a Fernet key in the spellings of `read32ByteKey`.
 * @throws Failure `key.unusable`
 */
export function readFernetKey(bytes: Uint8Array, ref: string): FernetKey {
  const key = read32ByteKey(bytes, ref).export();
  return { signing: createSecretKey(key.subarray(0, 16)), encryption: createSecretKey(key.subarray(16)) };
}

/** A new key as one line of 44 characters (URL-safe base64), without a newline. */
export function generateFernetKey(): string {
  return generate32ByteKey();
}

/** Seals bytes as a Fernet token (github.com/fernet/spec): AES-128-CBC, then HMAC-SHA256 over everything. */
export function sealFernet(plaintext: Uint8Array, key: FernetKey, options: SealFernetOptions): string {
  const iv = options.iv ?? randomBytes(16);
  const head = Buffer.alloc(9);
  head[0] = 0x80;
  head.writeBigUInt64BE(BigInt(Math.floor(options.now.getTime() / 1000)), 1);
  const cipher = createCipheriv('aes-128-cbc', key.encryption, iv);
  const signed = Buffer.concat([head, iv, cipher.update(plaintext), cipher.final()]);
  const hmac = createHmac('sha256', key.signing).update(signed).digest();
  return Buffer.concat([signed, hmac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/**
 * Opens a Fernet token. Undefined means: not sealed with this key, or not as it was sealed; nothing is decrypted
 * before the HMAC agrees.
 * @throws Failure `ciphertext.malformed`; `ciphertext.refused` where an age is asked for and the token's is wrong;
 * `open.failed` where the HMAC agrees and the padding does not (a broken writer)
 */
export function openFernet(token: string, key: FernetKey, age?: OpenFernetOptions): Uint8Array | undefined {
  const parts = readFernetToken(token);
  const expected = createHmac('sha256', key.signing).update(parts.signed).digest();
  if (!timingSafeEqual(expected, parts.hmac)) return undefined;
  if (age !== undefined) checkAge(parts.seconds, age);
  const decipher = createDecipheriv('aes-128-cbc', key.encryption, parts.iv);
  try {
    return new Uint8Array(Buffer.concat([decipher.update(parts.ciphertext), decipher.final()]));
  } catch {
    throw new Failure('open.failed', { scheme: 'fernet' });
  }
}

function checkAge(seconds: number, { now, ttlSeconds }: OpenFernetOptions): void {
  if (ttlSeconds <= 0) return;
  const present = Math.floor(now.getTime() / 1000);
  if (seconds + ttlSeconds < present) throw refused('it is older than allowed');
  if (seconds > present + clockSkewSeconds) throw refused('its time lies in the future');
}

function refused(reason: string): Failure {
  return new Failure('ciphertext.refused', { scheme: 'fernet', reason });
}
