import { isSopsFile } from '../../audit/flux-file-size.ts';
import { Failure } from '../../core/errors.ts';
import { readAgeRecipient, shortRecipient } from '../../crypto/age/recipient.ts';
import type { SopsMetadata } from '../../crypto/sops/metadata.ts';
import { type KeyGroup, type KeyStanza, recipientName } from '../../crypto/sops/stanza.ts';
import { splitDocuments } from '../../manifest/documents.ts';
import { readSopsFile } from '../../schemes/sops/file.ts';
import { shown } from '../sentence.ts';
import type { HeldKey } from './decryption.ts';

/** A file that SOPS encrypted, by its path from the repository's root. */
export interface SealedFile {
  readonly path: string;
  readonly text: string;
}

/** Whether keys open something; `unknown` where only a service would tell. */
export type Opens = 'yes' | 'no' | 'unknown';

/** What a file is sealed to, against the keys of a cluster. */
export interface FileKeys {
  readonly opens: Opens;
  /** Recipients as sentences call them. */
  readonly sealedTo: readonly string[];
  /** How many key groups there are, how many it takes, and how many can be opened. */
  readonly groups: { readonly count: number; readonly needed: number; readonly opened: number };
}

/** What opens worst first. */
export const byOpens: readonly Opens[] = ['no', 'unknown', 'yes'];

/**
 * Judges a file by its document that opens worst: Flux decrypts each alone, and each has its own metadata.
 * @throws Failure `sops.unreadable`, `entry.not-encrypted`
 */
export function judgeFile({ path, text }: SealedFile, held: readonly HeldKey[]): FileKeys {
  if (path.endsWith('.json')) return judgeMetadata(readSopsFile(text, 'json').metadata, held);
  const documents = splitDocuments(text).map(({ start, end }) => text.slice(start, end));
  const sealed = documents.filter(isSopsFile);
  const judged = (sealed.length === 0 ? [text] : sealed).map((document) =>
    judgeMetadata(readSopsFile(document, 'yaml').metadata, held),
  );
  return judged.reduce((a, b) => (byOpens.indexOf(b.opens) < byOpens.indexOf(a.opens) ? b : a));
}

/** As SOPS opens it: any key of a group, and as many groups as the threshold says. */
function judgeMetadata({ groups, shamirThreshold }: SopsMetadata, held: readonly HeldKey[]): FileKeys {
  const needed = groups.length === 1 ? 1 : shamirThreshold || groups.length;
  const judged = groups.map((group) => judgeGroup(group, held));
  const opened = judged.filter((opens) => opens === 'yes').length;
  const possible = judged.filter((opens) => opens !== 'no').length;
  return {
    opens: opened >= needed ? 'yes' : possible >= needed ? 'unknown' : 'no',
    sealedTo: [...new Set(groups.flat().map(stanzaName))],
    groups: { count: groups.length, needed, opened },
  };
}

function judgeGroup(group: KeyGroup, held: readonly HeldKey[]): Opens {
  const opens = group.map((stanza) => judgeStanza(stanza, held));
  return opens.find((each) => each === 'yes') ?? opens.find((each) => each === 'unknown') ?? 'no';
}

function judgeStanza(stanza: KeyStanza, held: readonly HeldKey[]): Opens {
  const name = recipientName(stanza);
  if (stanza.kind === 'age') {
    const id = recipientId(name);
    return held.some((key) => key.kind === 'age' && key.recipients.includes(id)) ? 'yes' : 'no';
  }
  // What a controller may do at a service, its own cloud identity decides as well.
  if (stanza.kind !== 'pgp') return 'unknown';
  const keys = held.flatMap((key) => (key.kind === 'pgp' ? [key.fingerprints] : []));
  const wanted = name.toUpperCase();
  // Files name the primary key, a subkey, or the end of one.
  const isIt = (fingerprint: string) => wanted.length >= 16 && fingerprint.endsWith(wanted);
  if (keys.flat().some(isIt)) return 'yes';
  return keys.some((fingerprints) => fingerprints.length === 0) ? 'unknown' : 'no';
}

/** An age recipient without what an SSH key's comment adds. */
function recipientId(text: string): string {
  return readRecipient(text)?.id ?? text;
}

/** An age recipient in few characters. */
export function shortName(recipient: string): string {
  const read = readRecipient(recipient);
  return read === undefined ? shown(recipient) : shortRecipient(read);
}

function stanzaName(stanza: KeyStanza): string {
  const name = recipientName(stanza);
  if (stanza.kind === 'age') return shortName(name);
  return stanza.kind === 'pgp' ? `PGP ${shown(name)}` : shown(name);
}

function readRecipient(text: string): ReturnType<typeof readAgeRecipient> | undefined {
  try {
    return readAgeRecipient(text, 'a recipient');
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
