import type { Span } from '../core/span.ts';
import { type Entry, isSecret, type Manifest, type ManifestDocument } from './manifest.ts';
import { mayHoldSecret } from './may-hold-secret.ts';
import { movedDocument } from './moved.ts';
import type { TextChange } from './text-change.ts';

/**
 * What `scan` gives after a change inside of one value or key of a Secret, without reading anything else; undefined for
 * any other change. Both must stand on one line, and nothing of what changes may mean anything to YAML or to templates,
 * before and after: so nothing around it is read otherwise.
 */
export function withTypedEntry(previous: Manifest, text: string, change: TextChange): Manifest | undefined {
  const { documents } = previous;
  const index = documents.findIndex(({ span }) => holds(span, change));
  const document = documents[index];
  const changed = document && inDocument(document, previous.text, text, change);
  if (changed === undefined) return undefined;
  const by = change.newEnd - change.oldEnd;
  const after = documents.slice(index + 1).map((other) => movedDocument(other, 0, by));
  return { text, documents: [...documents.slice(0, index), changed, ...after] };
}

/** Whether a change stands inside of a span and leaves its first character alone. */
function holds({ start, end }: Span, change: TextChange): boolean {
  return start < change.start && change.oldEnd <= end;
}

function inDocument(
  document: ManifestDocument,
  before: string,
  text: string,
  change: TextChange,
): ManifestDocument | undefined {
  if (document.problems.length > 0) return undefined;
  for (const [index, object] of document.objects.entries()) {
    const at = isSecret(object) ? object.entries.findIndex((entry) => isInside(entry, change)) : -1;
    const entry = object.entries[at];
    if (entry === undefined) continue;
    if (!isPlainLine(entry, before)) return undefined;
    const typed = typedEntry(entry, object.entries, before, text, change);
    if (typed === undefined) return undefined;
    const { end } = holds(entry.span, change) ? entry.span : entry.keySpan;
    const moved = movedDocument(document, end, change.newEnd - change.oldEnd);
    if (!mayHoldSecret(text.slice(moved.span.start, moved.span.end))) return undefined;
    return withEntry(moved, index, at, typed);
  }
  return undefined;
}

function isInside({ keySpan, span }: Entry, change: TextChange): boolean {
  return holds(span, change) || holds(keySpan, change);
}

type Typed = Pick<Entry, 'key' | 'text'>;

function withEntry(document: ManifestDocument, index: number, at: number, typed: Typed): ManifestDocument {
  const objects = [...document.objects];
  const object = objects[index];
  const entries = [...(object?.entries ?? [])];
  const entry = entries[at];
  if (object === undefined || entry === undefined) return document;
  entries[at] = { ...entry, ...typed };
  objects[index] = { ...object, entries };
  return { ...document, objects };
}

/** What an entry's key and value are now, where a change inside of one of them is all there is to it. */
function typedEntry(
  { map, key, keySpan, span, style, text: value }: Entry,
  entries: readonly Entry[],
  before: string,
  text: string,
  change: TextChange,
): Typed | undefined {
  const inValue = holds(span, change);
  const { start, end } = inValue ? span : keySpan;
  const pattern = inValue ? words[style] : keyWord;
  const word = pattern?.exec(text.slice(start, end + change.newEnd - change.oldEnd))?.[1];
  if (word === undefined || pattern?.test(before.slice(start, end)) !== true) return undefined;
  // A slice would keep the whole text in memory for as long as the entry is taken over.
  const typed = Buffer.from(word, 'latin1').toString('latin1');
  if (inValue) return { key, text: typed };
  return entries.some((other) => other.key === typed && other.map === map)
    ? undefined
    : { key: typed, text: value };
}

/** Whether an entry is alone on its line up to its value, and clear. */
function isPlainLine({ keySpan, span, style, flow, refusal }: Entry, text: string): boolean {
  if (flow || style === 'none' || refusal !== undefined) return false;
  const lineStart = text.lastIndexOf('\n', keySpan.start - 1) + 1;
  return (
    /^: +$/.test(text.slice(keySpan.end, span.start)) && /^ *$/.test(text.slice(lineStart, keySpan.start))
  );
}

const keyWord = /^([A-Za-z][\w.-]*)$/;

const words: Readonly<Partial<Record<Entry['style'], RegExp>>> = {
  plain: /^([A-Za-z0-9+/][A-Za-z0-9+/=_.@$;()^~-]*)$/,
  single: /^'([^"'\\{}*#\0-\x1f\x7f-\uffff]*)'$/,
  double: /^"([^"'\\{}*#\0-\x1f\x7f-\uffff]*)"$/,
};
