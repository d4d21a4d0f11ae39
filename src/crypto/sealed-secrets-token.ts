import { Failure } from '../core/errors.ts';
import type { Recognition } from './recognition.ts';

/** One value of a SealedSecret's `encryptedData` taken apart: base64(u16be(length of E) ‖ E ‖ C). */
export interface SealedItem {
  /** E: the AES key of this item alone, under RSA-OAEP. As long as the modulus of the certificate it is sealed to. */
  readonly wrappedKey: Uint8Array;
  /** C: AES-256-GCM, its tag of 16 bytes at the end. */
  readonly ciphertext: Uint8Array;
  /** Length of what is sealed, which the format does not hide. */
  readonly bytes: number;
}

const lengthBytes = 2;
const tagBytes = 16;
/** Of an RSA modulus in bytes: nothing is sealed to smaller keys, and OpenSSL takes no larger ones. */
const modulus = { least: 256, most: 2048 };

type Reading = { readonly is: 'yes'; readonly item: SealedItem } | Exclude<Recognition, { is: 'yes' }>;

/**
 * Whether a value of `encryptedData` is an item, and else why not: whatever stands there is meant as one. Linear and free
 * of cryptography.
 */
export function recogniseSealedItem(text: string): Recognition {
  const reading = read(text);
  return reading.is === 'yes' ? { is: 'yes' } : reading;
}

/**
 * Takes an item apart.
 * @throws Failure `ciphertext.malformed`
 */
export function readSealedItem(text: string): SealedItem {
  const reading = read(text);
  if (reading.is === 'yes') return reading.item;
  const reason = reading.is === 'malformed' ? reading.reason : 'it is no item';
  throw new Failure('ciphertext.malformed', { scheme: 'sealed-secrets', reason });
}

function read(text: string): Reading {
  if (text.trim() === '') return { is: 'malformed', reason: 'it is empty' };
  const bytes = decode(text);
  if (bytes === undefined) return { is: 'malformed', reason: 'it is not standard base64' };
  const wrapped = bytes.byteLength < lengthBytes ? 0 : bytes.readUInt16BE(0);
  if (wrapped < modulus.least || wrapped > modulus.most) {
    return { is: 'malformed', reason: 'it does not begin as items do' };
  }
  const length = bytes.byteLength - lengthBytes - wrapped - tagBytes;
  if (length < 0) return { is: 'malformed', reason: 'it is cut short' };
  const wrappedKey = bytes.subarray(lengthBytes, lengthBytes + wrapped);
  return {
    is: 'yes',
    item: { wrappedKey, ciphertext: bytes.subarray(lengthBytes + wrapped), bytes: length },
  };
}

/** Go's `base64.StdEncoding`, which the controller decodes with: line breaks are skipped, padding is not optional. */
function decode(text: string): Buffer | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64');
}
