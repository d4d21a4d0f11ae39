import { l10n } from 'vscode';
import type { DocumentRecipient, SealedDocument, SealedItem } from '../schemes/document-scheme.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';

/** A hover is no list of a whole team. */
const recipientsShown = 8;
/** What fits is said in full: fingerprints, IDs and short resource names. */
const shortAtMost = 64;

/** What can be told of an item of a sealed document without a key, a line each. */
export function linesOfItem(
  { scheme, recipients, notes, lastModified }: SealedDocument,
  { name }: SealedItem,
  registry: SchemeRegistry,
): readonly string[] {
  const more = recipients.length - recipientsShown;
  return [
    `${registry.titleOf(scheme)}: ${name}`,
    ...notes,
    ...recipients
      .slice(0, recipientsShown)
      .map((recipient) => l10n.t('sealed to {0}', shortRecipient(recipient))),
    ...(more > 0 ? [l10n.t('and to {0} more', more)] : []),
    ...(lastModified === undefined ? [] : [l10n.t('last modified {0}', lastModified)]),
  ];
}

/** `age1ql3z7hjy…q9z2ct`: what is long is told by both of its ends. */
function shortRecipient({ kind, name }: DocumentRecipient): string {
  const [word = '', key] = name.split(' ');
  const isSsh = word.startsWith('ssh-') && key !== undefined;
  if (isSsh) return `${kind} ${word} …${key.slice(-12)}`;
  if (name.startsWith('age1')) return bothEnds(name);
  return `${kind} ${name.length > shortAtMost ? bothEnds(name) : name}`;
}

function bothEnds(name: string): string {
  return name.length > 24 ? `${name.slice(0, 12)}…${name.slice(-6)}` : name;
}
