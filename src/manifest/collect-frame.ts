import type { Span } from '../core/span.ts';
import type { Anchors } from './anchors.ts';
import type { EntryMapName } from './manifest.ts';
import type { ObjectDraft } from './object-draft.ts';
import type { YamlCollection } from './yaml-events.ts';

/** What a collection is to Kubernetes. Any map may be an object inside another one; `other` is not looked into. */
type Role = 'object' | 'metadata' | 'items' | 'sequence' | EntryMapName | 'other';

/** A collection that is open: what it is, and the key whose value comes next. */
export interface Frame {
  readonly role: Role;
  readonly collection: YamlCollection;
  readonly object: ObjectDraft | undefined;
  readonly anchors: Anchors | undefined;
  key: { readonly text: string; readonly span: Span } | undefined;
}

export function isEntryMap(frame: Frame | undefined): boolean {
  return frame?.role === 'data' || frame?.role === 'stringData';
}

/** Whether what stands here is merged into the map around it. */
export function isMerged(frame: Frame | undefined): frame is Frame {
  return frame?.key?.text === '<<';
}

/** Whether a sequence that begins here holds the objects of a List. */
export function isListItems({ role, object, key }: Frame): boolean {
  return role === 'object' && object?.nested === false && key?.text === 'items';
}

/** A second `data` or `stringData`, whatever it holds, makes it open which one counts. */
export function noteMap({ role, object, key }: Frame): void {
  if (role !== 'object' || object === undefined || key === undefined) return;
  if (key.text !== 'data' && key.text !== 'stringData') return;
  if (object.stated.has(key.text)) object.repeated.set(key.text, key.span.start);
  object.stated.add(key.text);
}

/** A map of entries as it begins. */
export function beginEntries(
  object: ObjectDraft,
  role: EntryMapName,
  collection: YamlCollection,
  parent: Frame | undefined,
): void {
  object.maps[role] ??= {
    keySpan: parent?.key?.span ?? { start: collection.start, end: collection.start },
    span: { start: collection.start, end: collection.start },
    indent: collection.indent,
    flow: collection.flow,
    empty: true,
  };
}

/** `data:` with nothing or a null where its map would stand. */
export function emptyMap({ role, object, key, collection: { indent, flow } }: Frame, span: Span): void {
  if (role !== 'object' || object === undefined || key === undefined) return;
  if (key.text !== 'data' && key.text !== 'stringData') return;
  object.maps[key.text] ??= { keySpan: key.span, span, indent: indent + 2, flow, empty: true };
}

/** What a map that begins here is. One that is merged in is what the map around it is. */
export function roleOf(parent: Frame | undefined): Role {
  if (parent === undefined || parent.role === 'items' || parent.role === 'sequence') return 'object';
  // Entries that stand deeper than the others, below one that has its value: the file is broken or templated.
  if (isEntryMap(parent) && (parent.key === undefined || isMerged(parent))) return parent.role;
  if (parent.role !== 'object') return 'other';
  const key = parent.key?.text;
  return key === 'metadata' || key === 'data' || key === 'stringData' ? key : 'object';
}

/** A literal scalar that says which object this is, or of which type. */
export function setField(frame: Frame, text: string, span: Span): void {
  const { object, key } = frame;
  if (object === undefined || key === undefined) return;
  if (frame.role === 'metadata') {
    if (key.text === 'name') object.name = text;
    if (key.text === 'namespace') object.namespace = text;
  } else if (key.text === 'kind') {
    object.kind = text;
    object.kindSpan = { start: span.start, end: span.end };
  } else if (key.text === 'apiVersion') object.apiVersion = text;
  else if (key.text === 'type') object.type = text;
}
