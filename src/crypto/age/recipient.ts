import { createHash } from 'node:crypto';
import { Encrypter, type Recipient } from 'age-encryption';
import { toBase64 } from '../../core/bytes.ts';
import { unusable } from '../unusable.ts';
import { SshEd25519Recipient } from './ssh-ed25519.ts';
import { readSshPublicKeyLine, type SshPublicKey } from './ssh-public-key.ts';
import { SshRsaRecipient } from './ssh-rsa.ts';

/** A public key that age files are sealed to. */
export interface AgeRecipient {
  /** `hybrid` is X25519 with ML-KEM-768, against quantum computers: `age1pq1…`. */
  readonly kind: 'x25519' | 'hybrid' | 'ssh-ed25519' | 'ssh-rsa';
  /** As it was written, white space around it aside: what stands in a SOPS file. */
  readonly text: string;
  /** The key alone, without an SSH key's comment. */
  readonly id: string;
}

/** As long as a line of sshd's may be; the longest in use has some 3,000 characters. */
const longest = 8192;

/**
 * Reads a recipient as sops takes it.
 * @param ref how a failure calls it
 * @throws Failure `key.unusable`, also for a recipient that only a plugin could seal to
 */
export function readAgeRecipient(written: string, ref: string): AgeRecipient {
  const text = written.trim();
  if (text.length > longest) throw unusable(ref, `it is longer than ${longest} characters`);
  if (/[\r\n]/.test(text)) throw unusable(ref, 'it is more than one line');
  // Whoever calls recipients by their text must not come to say this one.
  if (/^AGE-|-----BEGIN /i.test(text))
    throw unusable(
      ref.includes(text) ? 'a recipient' : ref,
      'it is a private key where a public one belongs',
    );
  if (text.startsWith('ssh-')) return sshRecipient(readSshPublicKeyLine(text, ref), text);
  if (text.startsWith('age1pq1')) return nativeRecipient('hybrid', text, ref);
  if (!text.startsWith('age1')) throw unusable(ref, 'it is neither age1…, ssh-ed25519 nor ssh-rsa');
  // Whatever its name is: nothing here makes a program's name of it.
  if (text.lastIndexOf('1') > 3) throw unusable(ref, 'it needs a plugin of age, and Purser runs none');
  return nativeRecipient('x25519', text, ref);
}

/** The recipient that an SSH key is, in the words of its `.pub` file unless others are given. */
export function sshRecipient(key: SshPublicKey, text?: string): AgeRecipient {
  const id = `${key.kind} ${toBase64(key.wire)}`;
  return { kind: key.kind, text: text ?? id, id };
}

function nativeRecipient(kind: 'x25519' | 'hybrid', text: string, ref: string): AgeRecipient {
  try {
    new Encrypter().addRecipient(text);
  } catch {
    throw unusable(ref, 'it is cut short or mistyped: its checksum does not fit');
  }
  return { kind, text, id: text };
}

/** Whether two recipients are one key. */
export function isSameRecipient(a: AgeRecipient, b: AgeRecipient): boolean {
  return a.id === b.id;
}

/** A recipient in few characters: `age1ql3z7hjy…q9z2ct`, or an SSH key's fingerprint as `ssh-keygen -l` prints it. */
export function shortRecipient({ kind, id }: AgeRecipient): string {
  if (kind === 'x25519' || kind === 'hybrid') return `${id.slice(0, 12)}…${id.slice(-6)}`;
  const wire = Buffer.from(id.slice(kind.length + 1), 'base64');
  return `${kind} SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`;
}

/** What the age library seals with. */
export function sealerOf({ kind, id }: AgeRecipient): string | Recipient {
  if (kind === 'x25519' || kind === 'hybrid') return id;
  const key = readSshPublicKeyLine(id, kind);
  return key.kind === 'ssh-rsa' ? new SshRsaRecipient(key) : new SshEd25519Recipient(key);
}
