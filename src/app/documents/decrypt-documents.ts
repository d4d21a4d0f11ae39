import { Failure } from '../../core/errors.ts';
import type { Edit } from '../../core/span.ts';
import type { FoundDocuments, MalformedDocument } from '../../schemes/document-scheme.ts';
import type { ManifestText } from '../manifest-text.ts';
import type { DocumentFile, DocumentWish, DocumentWorks } from './document-work.ts';
import { outermost } from './whole-documents.ts';

export interface DecryptedDocuments {
  readonly edits: readonly Edit[];
  /** How many values were opened. */
  readonly opened: number;
  readonly notes: readonly string[];
}

/** Opens every sealed document of a file, or none: throws what keeps the first of them shut, with its line. */
export async function decryptDocuments(
  file: DocumentFile,
  { documents, malformed }: FoundDocuments,
  manifest: ManifestText,
  works: DocumentWorks,
  wish: DocumentWish,
  signal: AbortSignal,
): Promise<DecryptedDocuments> {
  requireIntact(malformed, manifest);
  const edits: Edit[] = [];
  const notes: string[] = [];
  let opened = 0;
  for (const document of outermost(documents)) {
    const work = await works.of(document);
    const edit = await work.decrypt(file, document, wish, signal).catch((error: unknown) => {
      throw error instanceof Failure ? error.at({ line: manifest.lineOf(document.heading) }) : error;
    });
    edits.push(...edit.edits);
    notes.push(...edit.notes);
    opened += edit.values;
  }
  return { edits, opened, notes };
}

/** Throws `ciphertext.malformed` for the first of these, with its place. */
export function requireIntact([broken]: readonly MalformedDocument[], manifest: ManifestText): void {
  if (broken === undefined) return;
  const { scheme, reason, item, span } = broken;
  const place = { line: manifest.lineOf(span.start), ...(item === undefined ? {} : { entry: item }) };
  throw new Failure('ciphertext.malformed', { scheme, reason }, place);
}
