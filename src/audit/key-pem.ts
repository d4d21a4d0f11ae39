import * as l10n from '@vscode/l10n';
import type { FoundKey } from './found-key.ts';
import { blockContent, pemBlocks } from './judge/pem.ts';
import { isLockedPgpKey } from './key-openpgp.ts';

/** Private keys in PEM (RFC 7468) and in OpenSSH's and OpenPGP's armor, whose bodies are those of keys. */
export function* privatePems(text: string): Iterable<FoundKey> {
  for (const { label, body, start, end } of pemBlocks(text)) {
    if (!label.includes('PRIVATE KEY') || blockContent(label, body) !== 'private') continue;
    if (isKey(label, body)) yield { span: { start, end }, what: nameOf(label) };
  }
}

function nameOf(label: string): string {
  if (label.startsWith('PGP')) return l10n.t('a PGP private key');
  const kind = /^(\S+) PRIVATE KEY$/.exec(label)?.[1];
  if (kind === undefined) return l10n.t('a private key');
  if (kind === 'OPENSSH') return l10n.t('an OpenSSH private key');
  return /^[AEIOR]/.test(kind) ? l10n.t('an {0} private key', kind) : l10n.t('a {0} private key', kind);
}

/** Shorter ones are samples: an Ed25519 key in PKCS#8 has 48 bytes. */
const shortest = 44;
const fewestLetters = 16;

function isKey(label: string, body: string): boolean {
  const base64 = label.startsWith('PGP') ? withoutArmorHeaders(body) : withoutMarks(body);
  if (!/^[A-Za-z0-9+/]{40}/.test(base64) || new Set(base64).size < fewestLetters) return false;
  const bytes = Buffer.from(base64, 'base64');
  if (label.startsWith('NEBULA')) return bytes.length === 32 || bytes.length === 64;
  if (bytes.length < shortest) return false;
  if (label.startsWith('PGP')) return isSecretPacket(bytes) && !isLockedPgpKey(bytes);
  return label.startsWith('OPENSSH') ? isOpenSsh(bytes) : isDerKey(bytes);
}

/** The body's base64: line breaks may be escaped, and lines begin with the sign of a comment. */
function withoutMarks(body: string): string {
  return body.replace(/\\+[nrt]|[\s"'#\\>]/g, '');
}

/** RFC 9580 §6.2: headers end with an empty line, and a checksum comes last. */
function withoutArmorHeaders(body: string): string {
  const [, headers = ''] =
    /^((?:(?:\\n|[\s#"'])*(?:Version|Comment|Hash|Charset|MessageID): [^\n\\]*)*)/.exec(body) ?? [];
  return withoutMarks(body.slice(headers.length)).replace(/=[A-Za-z0-9+/]{4}$/, '');
}

/** PKCS#1, PKCS#8 and SEC 1 keys (RFC 8017, 5958, 5915) are a SEQUENCE that begins with a small version number. */
function isDerKey(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const at = length < 0x80 ? 2 : 2 + (length & 0x7f);
  return at <= 6 && bytes[at] === 0x02 && bytes[at + 1] === 1 && (bytes[at + 2] ?? 9) <= 3;
}

const openSshMagic = 'openssh-key-v1\0\0\0\0\x04none';

/** OpenSSH's PROTOCOL.key: the name of the cipher comes first, `none` where there is no passphrase. */
function isOpenSsh(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, openSshMagic.length) === openSshMagic;
}

/** RFC 9580 §4.2: the tag of a secret-key packet, in the old and the new form. */
function isSecretPacket(bytes: Uint8Array): boolean {
  const tag = bytes[0] ?? 0;
  return (tag & 0xfc) === 0x94 || tag === 0xc5;
}
