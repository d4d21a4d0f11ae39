import { Failure } from '../core/errors.ts';
import { applyEdits, type Edit } from '../core/span.ts';
import { splitDocuments } from './documents.ts';
import { addPair, replaceValue } from './edit.ts';
import { parseDocument } from './parse.ts';
import { findSealedSecrets, type SealedSecret } from './sealed-secret.ts';
import type { SealedEntry } from './sealed-secret-entries.ts';
import { notEditable } from './write-block-object.ts';
import { lineEnd, nextLine } from './yaml-lines.ts';

/**
 * The edits that give a SealedSecret this item: in place of the one at its key, else at the end of `encryptedData`.
 * @param sealedWith what its annotation says from then on, where the SealedSecret has one
 * @throws Failure `document.not-editable`, `edit.unverified`
 */
export function setItem(
  text: string,
  secret: SealedSecret,
  key: string,
  item: string,
  sealedWith: string,
): readonly Edit[] {
  const items = new Map([...itemsOf(secret), [key, item]]);
  const edits = [...itemEdits(text, secret, key, item), ...annotationEdits(text, secret, sealedWith)];
  return checked(text, secret, items, edits);
}

function itemEdits(text: string, secret: SealedSecret, key: string, item: string): readonly Edit[] {
  const present = secret.entries.find((entry) => entry.key === key);
  if (present !== undefined) return replaceValue(text, editable(text, present), item);
  const { items: map, entries, span } = secret;
  if (map === undefined) {
    throw notEditable('it has no encryptedData that an item could be added to', text, span.start);
  }
  const shared = entries.find(({ refusal }) => refusal?.why === 'duplicate' || refusal?.why === 'alias');
  if (shared !== undefined) editable(text, shared);
  return [addPair(text, map, entries.at(-1), key, item)];
}

function annotationEdits(
  text: string,
  { sealedWith: entry }: SealedSecret,
  sealedWith: string,
): readonly Edit[] {
  return entry === undefined || entry.text === sealedWith
    ? []
    : replaceValue(text, editable(text, entry), sealedWith);
}

/**
 * The edits that give every item of a SealedSecret anew, sealed to another certificate.
 * @param sealedWith the fingerprint to write where the SealedSecret has one
 * @throws Failure `document.not-editable`, `edit.unverified`
 */
export function replaceItems(
  text: string,
  secret: SealedSecret,
  items: ReadonlyMap<string, string>,
  sealedWith: string,
): readonly Edit[] {
  const edits = secret.entries.flatMap((entry) =>
    replaceValue(text, editable(text, entry), items.get(entry.key) ?? entry.text),
  );
  edits.push(...annotationEdits(text, secret, sealedWith));
  return checked(text, secret, new Map([...itemsOf(secret), ...items]), edits);
}

/**
 * The edits that take an item out. Comments on lines of their own stay.
 * @throws Failure `entry.not-found`, `document.not-editable`, `edit.unverified`
 */
export function removeItem(text: string, secret: SealedSecret, key: string): readonly Edit[] {
  const items = itemsOf(secret);
  items.delete(key);
  return checked(text, secret, items, [removal(text, secret, key)]);
}

/** Refuses a SealedSecret of which not every item can be written anew. Throws `document.not-editable`. */
export function requireEditableItems(text: string, { entries }: SealedSecret): void {
  for (const entry of entries) editable(text, entry);
}

function removal(text: string, { items, entries }: SealedSecret, key: string): Edit {
  const at = entries.findIndex((entry) => entry.key === key);
  const found = entries[at];
  if (found === undefined || items === undefined) {
    throw new Failure('entry.not-found', { wanted: `encryptedData.${key}` });
  }
  const entry = editable(text, found);
  if (entries.length === 1) return emptied(text, entry, items.keySpan.end);
  if (entry.flow) return withoutPair(entry, entries[at - 1], entries[at + 1]);
  const start = text.lastIndexOf('\n', entry.keySpan.start - 1) + 1;
  if (text.slice(start, entry.keySpan.start).trim() !== '') {
    throw notEditable('its keys and values are not on lines of their own', text, entry.keySpan.start);
  }
  return { span: { start, end: nextLine(text, lastOf(entry), text.length) }, text: '' };
}

function itemsOf({ entries }: SealedSecret): Map<string, string> {
  return new Map(entries.map(({ key, text }) => [key, text]));
}

/** The edits, if the SealedSecret then holds these items, and its document parses if it did before. */
function checked(
  text: string,
  { span }: SealedSecret,
  items: ReadonlyMap<string, string>,
  edits: readonly Edit[],
): readonly Edit[] {
  const after = applyEdits(text, edits);
  const documents = splitDocuments(after).map((document) => ({ span: document }));
  const now = findSealedSecrets({ text: after, documents }).find(
    (secret) => secret.span.start === span.start,
  );
  const same =
    now?.entries.length === items.size && now.entries.every((entry) => items.get(entry.key) === entry.text);
  if (!same || (parsesAt(text, span.start) && !parsesAt(after, span.start))) {
    throw new Failure('edit.unverified', {});
  }
  return edits;
}

function parsesAt(text: string, at: number): boolean {
  const document = splitDocuments(text).find(({ start, end }) => start <= at && at < end);
  return document !== undefined && parseDocument(text, document).problems.length === 0;
}

function lastOf({ keySpan, span }: SealedEntry): number {
  return Math.max(keySpan.end, span.end);
}

/** In flow style, the comma that goes with a pair is the one before it, or after the first. */
function withoutPair(
  entry: SealedEntry,
  before: SealedEntry | undefined,
  after: SealedEntry | undefined,
): Edit {
  if (before !== undefined) return { span: { start: lastOf(before), end: lastOf(entry) }, text: '' };
  return { span: { start: entry.keySpan.start, end: after?.keySpan.start ?? lastOf(entry) }, text: '' };
}

/** A map whose last pair went is written as one that is empty: nothing at all would be no map. */
function emptied(text: string, entry: SealedEntry, keyEnd: number): Edit {
  if (entry.flow) return { span: { start: entry.keySpan.start, end: lastOf(entry) }, text: '' };
  const colon = text.indexOf(':', keyEnd) + 1;
  const between = text.slice(colon, entry.keySpan.start).trimEnd();
  const end = lineEnd(text, lastOf(entry), text.length);
  return { span: { start: colon, end }, text: ` {}${between}` };
}

function editable(text: string, entry: SealedEntry): SealedEntry {
  const { refusal, keySpan } = entry;
  if (refusal === undefined) return entry;
  const reasons = {
    alias: 'an anchor or an alias shares this item',
    duplicate: 'a key stands twice',
    tagged: 'an item has a tag',
    'not-scalar': 'an item is a list or a mapping',
  } as const;
  throw notEditable(reasons[refusal.why], text, keySpan.start);
}
