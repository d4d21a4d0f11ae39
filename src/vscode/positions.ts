import { Range, type TextDocument } from 'vscode';
import type { Span } from '../core/span.ts';

export function rangeOf(document: TextDocument, span: Span): Range {
  return new Range(document.positionAt(span.start), document.positionAt(span.end));
}
