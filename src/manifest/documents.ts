import type { Span } from '../core/span.ts';

const marker = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;

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
  for (const match of text.matchAll(marker)) {
    push(documents, text, { start, end: match.index }, contentStart);
    start = match.index;
    contentStart = match.index + 3;
  }
  push(documents, text, { start, end: text.length }, contentStart);
  return documents;
}

function push(documents: DocumentExtent[], text: string, span: Span, contentStart: number): void {
  if (span.end <= span.start && documents.length + text.length > 0) return;
  documents.push({ span, content: { start: contentStart, end: span.end } });
}
