import type { Span } from '../core/span.ts';
import { ObjectCollector } from './collect.ts';
import { contentOf, isMarker, splitDocuments } from './documents.ts';
import type { Manifest, ManifestDocument } from './manifest.ts';
import { mayHoldSecret } from './may-hold-secret.ts';
import { movedDocument } from './moved.ts';
import { type TextChange, textChange } from './text-change.ts';
import { withTypedEntry } from './typed-entry.ts';
import { readBlocks } from './yaml-block.ts';

/**
 * Finds the documents and Secret entries of a file line by line: total, linear, and as good on Helm templates and
 * broken files as on what parses. Documents that cannot hold a Secret are split off and not looked into.
 */
export function scan(text: string): Manifest {
  return { text, documents: splitDocuments(text).map((span) => scanDocument(text, span)) };
}

/**
 * `scan` after a change: documents before and after the changed ones are taken over from the previous scan, so a
 * keystroke costs one document, and one inside of a value or key of a Secret next to nothing.
 */
export function rescan(previous: Manifest, text: string): Manifest {
  const change = textChange(previous.text, text);
  if (change.start === text.length && change.oldEnd === text.length) return previous;
  return withTypedEntry(previous, text, change) ?? rescanDocuments(previous, text, change);
}

function rescanDocuments(previous: Manifest, text: string, change: TextChange): Manifest {
  const old = previous.documents;
  const by = change.newEnd - change.oldEnd;
  const from =
    old.findLast(({ span }) => span.end <= change.start && isMarker(text, span.end))?.span.end ?? 0;
  const to = old.findIndex(({ span }) => span.start >= change.oldEnd && isMarker(text, span.start + by));
  const after = to === -1 ? [] : old.slice(to).map((document) => movedDocument(document, 0, by));
  const changed = splitDocuments(text, { start: from, end: after[0]?.span.start ?? text.length });
  return {
    text,
    documents: [
      ...old.filter(({ span }) => span.start < from),
      ...changed.map((span) => scanDocument(text, span)),
      ...after,
    ],
  };
}

function scanDocument(text: string, span: Span): ManifestDocument {
  if (!mayHoldSecret(text.slice(span.start, span.end))) return { span, objects: [], problems: [], texts: [] };
  const collector = new ObjectCollector(text, span);
  readBlocks(text, contentOf(text, span), collector);
  return collector.finish();
}
