import type { Span } from '../core/span.ts';
import { isBreak, isSeparator } from './yaml-lines.ts';

const byteOrderMark = 0xfeff;

/**
 * Splits a file at its document markers (YAML 1.2.2 §9.1), each marker line belonging to the document it opens. Markers
 * cannot stand at the margin inside any scalar, so this needs no parsing. A part of a file is split alike, if documents
 * begin where it begins and where it ends.
 */
export function splitDocuments(
  text: string,
  { start: from, end }: Span = { start: 0, end: text.length },
): readonly Span[] {
  const documents: Span[] = [];
  let start = from === 0 && text.charCodeAt(0) === byteOrderMark ? 1 : from;
  for (const at of markersOf(text, from, end)) {
    push(documents, text, { start, end: at });
    start = at;
  }
  push(documents, text, { start, end });
  return documents;
}

/** Whether `---` or `...` stands here alone at the margin. */
export function isMarker(text: string, at: number): boolean {
  if (!text.startsWith('---', at) && !text.startsWith('...', at)) return false;
  const margin =
    at === 0 || isBreak(text.charCodeAt(at - 1)) || (at === 1 && text.charCodeAt(0) === byteOrderMark);
  return margin && isSeparator(text, at + 3, text.length);
}

/** What the readers read of a document: all but its marker. */
export function contentOf(text: string, span: Span): Span {
  const marked =
    (text.startsWith('---', span.start) || text.startsWith('...', span.start)) &&
    isSeparator(text, span.start + 3, text.length);
  return { start: marked ? span.start + 3 : span.start, end: span.end };
}

/** Where markers stand. A search for the word is many times faster than a pattern by line. */
function markersOf(text: string, from: number, end: number): readonly number[] {
  const part = text.slice(from, end);
  const found: number[] = [];
  for (const marker of ['---', '...']) {
    for (let at = part.indexOf(marker); at !== -1; at = part.indexOf(marker, at + 1)) {
      if (isMarker(text, from + at)) found.push(from + at);
    }
  }
  return found.sort((a, b) => a - b);
}

function push(documents: Span[], text: string, span: Span): void {
  if (span.end <= span.start && documents.length + text.length > 0) return;
  documents.push(span);
}
