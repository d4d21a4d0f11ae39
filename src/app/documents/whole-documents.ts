import type { Span } from '../../core/span.ts';
import type { SealedDocument } from '../../schemes/document-scheme.ts';

/** Documents that stand in no other one: what is sealed twice is opened from the outside. */
export function outermost(documents: readonly SealedDocument[]): readonly SealedDocument[] {
  return documents.filter(
    (document) => !documents.some((other) => other !== document && holds(other, document.span)),
  );
}

/** The sealed document that a stretch of the text belongs to. */
export function documentAround(documents: readonly SealedDocument[], span: Span): SealedDocument | undefined {
  return documents.find((document) => holds(document, span));
}

function holds({ span: outer }: SealedDocument, inner: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
