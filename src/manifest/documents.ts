import type { Span } from '../core/span.ts';
import { isBreak, isSeparator } from './yaml-lines.ts';

/** One document of a file: `span` covers its marker line too; `content` is what the readers read. */
export interface DocumentExtent {
  readonly span: Span;
  readonly content: Span;
}

/**
 * Splits a file at its document markers (YAML 1.2.2 §9.1). They cannot stand at the margin inside any scalar, so this
 * needs no parsing; what follows `---` on its line belongs to the document it opens.
 */
export function splitDocuments(text: string): readonly DocumentExtent[] {
  const documents: DocumentExtent[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let contentStart = start;
  for (const at of markersOf(text)) {
    push(documents, text, { start, end: at }, contentStart);
    start = at;
    contentStart = at + 3;
  }
  push(documents, text, { start, end: text.length }, contentStart);
  return documents;
}

/** Where `---` and `...` stand alone at the margin. A search for the word is many times faster than a pattern by line. */
function markersOf(text: string): readonly number[] {
  const found: number[] = [];
  for (const marker of ['---', '...']) {
    for (let at = text.indexOf(marker); at !== -1; at = text.indexOf(marker, at + 1)) {
      const margin =
        at === 0 || isBreak(text.charCodeAt(at - 1)) || (at === 1 && text.charCodeAt(0) === 0xfeff);
      if (margin && isSeparator(text, at + 3, text.length)) found.push(at);
    }
  }
  return found.sort((a, b) => a - b);
}

function push(documents: DocumentExtent[], text: string, span: Span, contentStart: number): void {
  if (span.end <= span.start && documents.length + text.length > 0) return;
  documents.push({ span, content: { start: contentStart, end: span.end } });
}
