import { fromBase64 } from '../../core/bytes.ts';

const begin = '-----BEGIN AGE ENCRYPTED FILE-----';
const end = '-----END AGE ENCRYPTED FILE-----';

/** How an armored age file begins, white space before it aside. */
export const armorBegin = begin;

/**
 * The bytes of an ASCII-armored age file, or undefined where the text is none. As strict as the format: full lines of 64
 * characters, canonical base64; white space around the whole and CRLF are let through. Source: age-encryption.org/v1.
 */
export function readArmor(text: string): Uint8Array | undefined {
  const lines = text.trim().replaceAll('\r\n', '\n').split('\n');
  if (lines.shift() !== begin || lines.pop() !== end) return undefined;
  const last = lines.pop();
  if (last === undefined || last.length === 0 || last.length > 64) return undefined;
  if (lines.some((line) => line.length !== 64)) return undefined;
  return fromBase64(`${lines.join('')}${last}`);
}
