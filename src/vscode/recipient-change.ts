import { l10n, Uri, window, workspace } from 'vscode';
import type { DocumentEdit, DocumentFile } from '../app/documents/document-work.ts';
import { shown } from '../app/sentence.ts';
import { applyEdits } from '../core/span.ts';
import { scan } from '../manifest/scan.ts';
import type { DocumentRecipient, SealedDocument } from '../schemes/document-scheme.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { recipientLine } from './recipient-line.ts';

/** Whom an edit makes a document readable for, and whom no longer. */
export interface RecipientChange {
  readonly added: readonly DocumentRecipient[];
  readonly removed: readonly DocumentRecipient[];
}

/** What an edit changes about the recipients of a document, as both of its texts say it. */
export function recipientChange(
  { text }: DocumentFile,
  { recipients, scheme, heading }: SealedDocument,
  { edits }: Pick<DocumentEdit, 'edits'>,
  registry: SchemeRegistry,
): RecipientChange {
  const found = (some: string) => registry.findDocuments(scan(some)).documents;
  const at = found(text).findIndex((one) => one.scheme === scheme && one.heading === heading);
  const after = found(applyEdits(text, edits))[at]?.recipients ?? [];
  return { added: without(after, recipients), removed: without(recipients, after) };
}

function without(
  all: readonly DocumentRecipient[],
  others: readonly DocumentRecipient[],
): readonly DocumentRecipient[] {
  return all.filter(({ kind, name }) => !others.some((one) => one.kind === kind && one.name === name));
}

/**
 * Shows whom a change adds and removes, and asks. Which of the buttons was chosen; undefined where the person gave up.
 * @param buttons what it can do, as it calls it
 */
export async function confirmRecipients<B extends string>(
  path: string,
  { added, removed }: RecipientChange,
  buttons: readonly B[],
): Promise<B | undefined> {
  const lines = [
    ...(await section(l10n.t('Added:'), added)),
    ...(await section(l10n.t('Removed:'), removed)),
    ...(added.length + removed.length === 0
      ? [l10n.t('Nobody is added or removed: their groups change.'), '']
      : []),
    ...(removed.length === 0 ? [] : [couldRead()]),
  ];
  const question = l10n.t('Update the recipients of {0}?', shown(workspace.asRelativePath(Uri.file(path))));
  return window.showWarningMessage(question, { modal: true, detail: lines.join('\n').trimEnd() }, ...buttons);
}

function couldRead(): string {
  const past = l10n.t(
    'Whoever is removed could read the values, and still can in older versions of the file: change the secrets themselves.',
  );
  const future = l10n.t('Who kept the data key could read new values too, unless it is rotated.');
  return `${past} ${future}`;
}

async function section(title: string, recipients: readonly DocumentRecipient[]): Promise<readonly string[]> {
  if (recipients.length === 0) return [];
  return [title, ...(await Promise.all(recipients.map(recipientLine))), ''];
}
