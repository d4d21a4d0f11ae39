import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { fromBase64, fromBase64Url, utf8 } from '../core/bytes.ts';
import { unusable } from './unusable.ts';

/**
 * Reads a 32-byte key from the spellings in use: 64 hex digits, standard base64, URL-safe base64 with padding
 * (fernet-go's `DecodeKey`), white space around it ignored. The bytes stay in a KeyObject, which prints none of them.
 * @throws Failure `key.unusable`
 */
export function read32ByteKey(bytes: Uint8Array, ref: string): KeyObject {
  const text = utf8(bytes)?.trim();
  if (text === undefined) throw unusable(ref, 'it is not text');
  if (text === '') throw unusable(ref, 'it is empty');
  if (/^[0-9A-Fa-f]{64}$/.test(text)) return createSecretKey(Buffer.from(text, 'hex'));
  if (text.length !== 44) {
    throw unusable(ref, `it has ${text.length} characters; 44 of base64 or 64 hex digits make 32 bytes`);
  }
  const key = fromBase64(text) ?? fromBase64Url(text);
  if (key?.byteLength !== 32) throw unusable(ref, 'it is not 32 bytes of base64');
  return createSecretKey(key);
}

/** A new 32-byte key as 44 characters of URL-safe base64, padding kept, without a final newline. */
export function generate32ByteKey(): string {
  return `${randomBytes(32).toString('base64url')}=`;
}
