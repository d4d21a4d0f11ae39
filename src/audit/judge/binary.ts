import * as l10n from '@vscode/l10n';
import { binaryCiphertext } from './encrypted.ts';
import type { KeyEvidence } from './keys.ts';
import { AMBIGUOUS_ARCHIVE, because, keyNameSays, type Verdict } from './verdict.ts';

/** Bytes of which nothing is known. */
export const RANDOM_BYTES: Verdict = because('plaintext', () => l10n.t('random-looking bytes'));

const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** Decoded bytes that are not text, by their first bytes: key stores, DER, archives, pictures; else random bytes. */
export function judgeBinary(bytes: Uint8Array, key: KeyEvidence): Verdict {
  const ciphertext = binaryCiphertext(bytes);
  if (ciphertext !== undefined) return because('encrypted', ciphertext);
  if (isKeyStore(bytes)) {
    return key.role === 'certificate'
      ? because('public', () => l10n.t('a trust store'))
      : because('plaintext', () => l10n.t('a key store'));
  }
  const der = derContent(bytes);
  if (der === 'private') return because('plaintext', () => l10n.t('a private key'));
  if (der === 'public') return because('public', () => l10n.t('a certificate or public key'));
  if (bytes[0] === 5 && bytes[1] === 2 && bytes[2] === 0)
    return because('plaintext', () => l10n.t('a Kerberos keytab'));
  if (isMedia(bytes)) return because('public', () => l10n.t('a picture or font'));
  if (isArchive(bytes)) {
    return key.role === 'credential' ? because('plaintext', keyNameSays, key.word) : AMBIGUOUS_ARCHIVE;
  }
  if (key.role === 'certificate' || key.role === 'identifier')
    return because('public', keyNameSays, key.word);
  return RANDOM_BYTES;
}

function u32(bytes: Uint8Array): number {
  return (((bytes[0] ?? 0) << 24) | ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)) >>> 0;
}

/** JKS, JCEKS and BouncyCastle stores, and PKCS#12 (RFC 7292: SEQUENCE, INTEGER 3). */
function isKeyStore(bytes: Uint8Array): boolean {
  const magic = u32(bytes);
  if (magic === 0xfeedfeed || magic === 0xcececece) return true;
  const at = contentOffset(bytes);
  return at !== undefined && bytes[at] === INTEGER && bytes[at + 1] === 1 && bytes[at + 2] === 3;
}

/** Private keys (RFC 5958, 8017, 5915) begin with a version number, certificates and public keys with a SEQUENCE. */
function derContent(bytes: Uint8Array): 'private' | 'public' | undefined {
  const at = contentOffset(bytes);
  if (at === undefined) return undefined;
  if (bytes[at] === INTEGER && bytes[at + 1] === 1) return 'private';
  return bytes[at] === SEQUENCE ? 'public' : undefined;
}

function contentOffset(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== SEQUENCE || bytes.length < 32) return undefined;
  const length = bytes[1] ?? 0;
  if (length < 0x80) return length + 2 === bytes.length ? 2 : undefined;
  return length === 0x80 || length > 0x84 ? undefined : 2 + (length & 0x7f);
}

function isMedia(bytes: Uint8Array): boolean {
  const magic = u32(bytes);
  return (
    magic === 0x89504e47 || // PNG
    magic >>> 8 === 0xffd8ff || // JPEG
    magic === 0x47494638 || // GIF
    magic === 0x00000100 || // ICO
    magic === 0x00010000 || // TrueType
    magic === 0x774f4646 || // WOFF
    magic === 0x774f4632 // WOFF2
  );
}

function isArchive(bytes: Uint8Array): boolean {
  const magic = u32(bytes);
  return (
    magic >>> 16 === 0x1f8b || // gzip
    magic === 0x504b0304 || // zip
    magic === 0xfd377a58 || // xz
    magic === 0x28b52ffd || // zstd
    magic >>> 8 === 0x425a68 || // bzip2
    magic === 0x7f454c46 || // ELF
    magic === 0x0061736d || // WebAssembly
    magic === 0x25504446 // PDF
  );
}
