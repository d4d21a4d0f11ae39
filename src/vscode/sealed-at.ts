import type { SealedDocument, SealedItem } from '../schemes/document-scheme.ts';
import type { Examined } from './manifests.ts';
import { secretAt } from './targets.ts';

/** A sealed document around a place, and the item there. */
export interface SealedPlace {
  readonly sealed: SealedDocument;
  readonly item: SealedItem | undefined;
}

/** The sealed document that holds this offset. */
export function sealedAt({ sealed, text }: Examined, offset: number): SealedPlace | undefined {
  const around = sealed.documents.filter(({ span }) => offset >= span.start && offset <= span.end).at(-1);
  return around && { sealed: around, item: itemAt(around, text, offset) };
}

/** The same, else the only sealed document of a file, unless the offset is in a Secret that is not sealed. */
export function sealedNear(examined: Examined, offset: number): SealedPlace | undefined {
  const [only, ...others] = examined.sealed.documents;
  const elsewhere =
    only !== undefined && others.length === 0 && secretAt(examined.manifest, offset) === undefined;
  return sealedAt(examined, offset) ?? (elsewhere ? { sealed: only, item: undefined } : undefined);
}

/** The item that stands at this offset, else the only one on its line. */
function itemAt({ items }: SealedDocument, text: string, offset: number): SealedItem | undefined {
  const exact = items.find(({ keySpan, span }) => offset >= keySpan.start && offset <= span.end);
  if (exact !== undefined) return exact;
  const [first, ...others] = items.filter(({ keySpan, span }) => {
    const start = text.lastIndexOf('\n', keySpan.start - 1) + 1;
    const stop = text.indexOf('\n', span.end);
    return offset >= start && offset <= (stop === -1 ? text.length : stop);
  });
  return others.length === 0 ? first : undefined;
}
