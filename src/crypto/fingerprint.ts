import { createHash, type KeyObject } from 'node:crypto';

/** `SHA256:` and the padded base64 of the SHA-256 of a public key's SPKI DER. */
export function spkiFingerprint(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

/** The SHA-256 of a text's UTF-8, in hexadecimal digits, as `sha256sum` prints it. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether two fingerprints are one, with or without base64 padding. Fingerprints are public: no constant time. */
export function fingerprintsEqual(a: string, b: string): boolean {
  return a.replace(/={0,2}$/, '') === b.replace(/={0,2}$/, '');
}
