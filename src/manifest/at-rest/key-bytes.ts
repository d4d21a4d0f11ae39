import { Plaintext } from '../../core/plaintext.ts';
import type { SecretField } from './configuration.ts';

/** A key's bytes; undefined where it is not base64 to Go, which reads past line breaks, wants padding and takes loose last bits. */
export function keyBytes(secret: SecretField): Plaintext | undefined {
  const text = secret.text.exposeText()?.replace(/[\r\n]/g, '');
  if (text === undefined || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return new Plaintext(new Uint8Array(Buffer.from(text, 'base64')));
}
