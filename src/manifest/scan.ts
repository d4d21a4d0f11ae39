import type { Span } from '../core/span.ts';
import { ObjectCollector } from './collect.ts';
import { type DocumentExtent, splitDocuments } from './documents.ts';
import type { Entry, EntryMap, KubeObject, Manifest, ManifestDocument, Problem } from './manifest.ts';
import { readBlocks } from './yaml-block.ts';
import { skipBlanks } from './yaml-lines.ts';

/**
 * Finds the documents and Secret entries of a file line by line: total, linear, and as good on Helm templates and
 * broken files as on what parses. Documents that cannot hold a Secret are split off and not looked into.
 */
export function scan(text: string): Manifest {
  return { text, documents: splitDocuments(text).map((extent) => scanDocument(text, extent)) };
}

/**
 * `scan` after a change: documents before and after the changed ones are taken over from the previous scan, so a
 * keystroke costs one document.
 */
export function rescan(previous: Manifest, text: string): Manifest {
  const extents = splitDocuments(text);
  const old = previous.documents;
  let head = 0;
  while (
    head < extents.length &&
    head < old.length &&
    sameText(previous.text, old[head], text, extents[head])
  )
    head++;
  let tail = 0;
  while (
    tail < extents.length - head &&
    tail < old.length - head &&
    sameText(previous.text, old[old.length - 1 - tail], text, extents[extents.length - 1 - tail])
  ) {
    tail++;
  }
  const documents = extents.map((extent, index) => {
    const before =
      index < head
        ? old[index]
        : index >= extents.length - tail
          ? old[old.length - extents.length + index]
          : undefined;
    return before === undefined
      ? scanDocument(text, extent)
      : moveDocument(before, extent.span.start - before.span.start);
  });
  return { text, documents };
}

function sameText(
  oldText: string,
  document: ManifestDocument | undefined,
  text: string,
  extent: DocumentExtent | undefined,
): boolean {
  if (document === undefined || extent === undefined) return false;
  const { start, end } = document.span;
  if (end - start !== extent.span.end - extent.span.start) return false;
  return oldText.slice(start, end) === text.slice(extent.span.start, extent.span.end);
}

function scanDocument(text: string, extent: DocumentExtent): ManifestDocument {
  if (!mayHoldSecret(text.slice(extent.span.start, extent.span.end))) {
    return { span: extent.span, objects: [], problems: [] };
  }
  const collector = new ObjectCollector(text, extent.span);
  readBlocks(text, extent.content, collector);
  return collector.finish();
}

/** Whether `Secret` or `SecretList` stands where a whole value could, or an escape that may spell it. */
function mayHoldSecret(text: string): boolean {
  for (let at = text.indexOf('Secret'); at !== -1; at = text.indexOf('Secret', at + 6)) {
    if (!/[A-Za-z0-9]/.test(text[at - 1] ?? '') && endsValue(text, at + 6)) return true;
  }
  // The search for one character is many times faster than the pattern, and nearly always enough.
  return text.includes('\\') && /\\[xuU]/.test(text);
}

function endsValue(text: string, after: number): boolean {
  let at = text.startsWith('List', after) ? after + 4 : after;
  if (text[at] === '"' || text[at] === "'") at++;
  at = skipBlanks(text, at, text.length);
  return at >= text.length || '\r\n,}]#:'.includes(text[at] ?? '');
}

function moveDocument(document: ManifestDocument, by: number): ManifestDocument {
  if (by === 0) return document;
  return {
    span: moveSpan(document.span, by),
    objects: document.objects.map((object) => moveObject(object, by)),
    problems: document.problems.map((problem): Problem => ({ ...problem, offset: problem.offset + by })),
  };
}

function moveSpan(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function moveObject(object: KubeObject, by: number): KubeObject {
  const { data, stringData } = object.maps;
  return {
    ...object,
    span: moveSpan(object.span, by),
    kindSpan: object.kindSpan && moveSpan(object.kindSpan, by),
    maps: { data: data && moveMap(data, by), stringData: stringData && moveMap(stringData, by) },
    entries: object.entries.map((entry) => moveEntry(entry, by)),
  };
}

function moveMap(map: EntryMap, by: number): EntryMap {
  return { ...map, keySpan: moveSpan(map.keySpan, by), span: moveSpan(map.span, by) };
}

function moveEntry(entry: Entry, by: number): Entry {
  const { refusal } = entry;
  return {
    ...entry,
    keySpan: moveSpan(entry.keySpan, by),
    span: moveSpan(entry.span, by),
    refusal: refusal !== undefined && 'at' in refusal ? { ...refusal, at: refusal.at + by } : refusal,
  };
}
