import { onOneLine } from '../app/sentence.ts';
import type { DocumentRecipient } from '../schemes/document-scheme.ts';

/** A modal has little room: post-quantum recipients have two thousand characters, ssh-rsa ones hundreds. */
const shownWhole = 120;

/**
 * A recipient as questions name it: in full, or by both of its ends and the SHA-256 of all of it, which tell it from any other.
 * `printf %s RECIPIENT | sha256sum` gives the same.
 */
export async function recipientLine({ kind, name }: DocumentRecipient): Promise<string> {
  const plain = onOneLine(name);
  // Such a name says its kind, and with another word before it would not fit on a line.
  const before = plain.startsWith('age1') ? '' : `${kind} `;
  if (name.length <= shownWhole) return `${before}${plain}`;
  const { sha256Hex } = await import('../crypto/fingerprint.ts');
  return `${before}${plain.slice(0, 24)}…${plain.slice(-8)} (SHA-256 ${sha256Hex(name)})`;
}
