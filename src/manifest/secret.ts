import { toBase64, utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { Entry, EntryMapName } from './manifest.ts';

/**
 * Decodes a Secret's `data` value as kube-apiserver does: Go's `base64.StdEncoding`, which skips CR and LF and takes
 * padded standard base64 only. Undefined for anything else.
 */
export function decodeData(text: string): Uint8Array | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(compact)) return undefined;
  const padding = compact.indexOf('=');
  if (padding !== -1 && (padding < compact.length - 2 || /[^=]/.test(compact.slice(padding))))
    return undefined;
  return new Uint8Array(Buffer.from(compact, 'base64'));
}

/** The bytes the workload would get. Throws `entry.not-base64`. */
export function plaintextOf(entry: Entry): Plaintext {
  if (entry.map === 'stringData') return Plaintext.fromText(entry.text);
  const bytes = decodeData(entry.text);
  if (bytes === undefined) throw new Failure('entry.not-base64', {});
  return new Plaintext(bytes);
}

/** What a ciphertext in this entry would be: the text, decoded once in `data`. Undefined where that is no text. */
export function tokenOf(entry: Entry): string | undefined {
  if (entry.map === 'stringData') return entry.text;
  const bytes = decodeData(entry.text);
  return bytes === undefined ? undefined : utf8(bytes);
}

/** A ciphertext as the entry's value. */
export function tokenValue(map: EntryMapName, token: string): string {
  return map === 'stringData' ? token : toBase64(new TextEncoder().encode(token));
}

/** A plaintext as the entry's value. Throws `entry.not-text` where `stringData` would have to hold other than text. */
export function plaintextValue(map: EntryMapName, plaintext: Plaintext): string {
  if (map === 'data') return toBase64(plaintext.expose());
  const text = plaintext.exposeText();
  if (text === undefined) throw new Failure('entry.not-text', {});
  return text;
}
