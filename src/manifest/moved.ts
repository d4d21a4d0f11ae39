import type { Span } from '../core/span.ts';
import type { Entry, EntryMap, KubeObject, ManifestAsText, ManifestDocument, Problem } from './manifest.ts';

/** A document where all that stands at an offset or after it comes `by` characters later. */
export function movedDocument(document: ManifestDocument, from: number, by: number): ManifestDocument {
  if (by === 0) return document;
  const span = moveSpan(document.span, from, by);
  const { objects, problems, texts } = document;
  // Nearly all documents are nothing but a span.
  if (objects.length + problems.length + texts.length === 0) return { span, objects, problems, texts };
  return {
    span,
    objects: objects.map((object) => moveObject(object, from, by)),
    problems: problems.map((problem): Problem => ({ ...problem, offset: move(problem.offset, from, by) })),
    texts: texts.map((text): ManifestAsText => ({ ...text, span: moveSpan(text.span, from, by) })),
  };
}

function move(offset: number, from: number, by: number): number {
  return offset >= from ? offset + by : offset;
}

function moveSpan({ start, end }: Span, from: number, by: number): Span {
  return { start: move(start, from, by), end: move(end, from, by) };
}

// Objects are written out: spreading them costs several times as much, and a keystroke moves thousands.

function moveObject(object: KubeObject, from: number, by: number): KubeObject {
  const { kindSpan, maps, entries } = object;
  return {
    span: moveSpan(object.span, from, by),
    indent: object.indent,
    flow: object.flow,
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    type: object.type,
    kindSpan: kindSpan && moveSpan(kindSpan, from, by),
    maps: { data: moveMap(maps.data, from, by), stringData: moveMap(maps.stringData, from, by) },
    entries: entries.map((entry) => movedEntry(entry, from, by)),
  };
}

function moveMap(map: EntryMap | undefined, from: number, by: number): EntryMap | undefined {
  if (map === undefined) return undefined;
  return { ...map, keySpan: moveSpan(map.keySpan, from, by), span: moveSpan(map.span, from, by) };
}

function movedEntry(entry: Entry, from: number, by: number): Entry {
  const { refusal } = entry;
  if (entry.span.end < from && refusal === undefined) return entry;
  return {
    map: entry.map,
    key: entry.key,
    keySpan: moveSpan(entry.keySpan, from, by),
    span: moveSpan(entry.span, from, by),
    style: entry.style,
    text: entry.text,
    aliased: entry.aliased,
    indent: entry.indent,
    flow: entry.flow,
    refusal:
      refusal !== undefined && 'at' in refusal ? { ...refusal, at: move(refusal.at, from, by) } : refusal,
  };
}
