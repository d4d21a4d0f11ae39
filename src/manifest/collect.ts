import type { Span } from '../core/span.ts';
import { AliasUses, type Anchors, within } from './anchors.ts';
import type { EntryMapName, ManifestDocument, Problem, Refusal, ScalarStyle } from './manifest.ts';
import { ManifestsAsText } from './manifests-as-text.ts';
import {
  type EntryDraft,
  finished,
  isTold,
  newObject,
  type ObjectDraft,
  refuseDoubtful,
} from './object-draft.ts';
import type { YamlCollection, YamlEvents, YamlScalar } from './yaml-events.ts';
import { afterColon } from './yaml-lines.ts';
import { isNull } from './yaml-scalar.ts';
import { scalarText } from './yaml-text.ts';

/** What a collection is to Kubernetes. Any map may be an object inside another one; `other` is not looked into. */
type Role = 'object' | 'metadata' | 'items' | 'sequence' | EntryMapName | 'other';

interface Frame {
  readonly role: Role;
  readonly collection: YamlCollection;
  readonly object: ObjectDraft | undefined;
  readonly anchors: Anchors | undefined;
  key: { readonly text: string; readonly span: Span } | undefined;
}

/** `apiVersion` and `stringData` */
const longestKey = 10;

function isEntryMap(frame: Frame | undefined): boolean {
  return frame?.role === 'data' || frame?.role === 'stringData';
}

/** Whether a sequence that begins here holds the objects of a List. */
function isListItems({ role, object, key }: Frame): boolean {
  return role === 'object' && object?.nested === false && key?.text === 'items';
}

/** Turns the events of either reader into the objects of one document. */
export class ObjectCollector implements YamlEvents {
  readonly #text: string;
  readonly #span: Span;
  readonly #frames: Frame[] = [];
  readonly #objects: ObjectDraft[] = [];
  readonly #problems: { readonly problem: Problem; readonly object: ObjectDraft | undefined }[] = [];
  readonly #anchors = new Map<string, string>();
  readonly #aliases = new AliasUses();
  /** Only entries that an anchor names or encloses: hardly any document has one. */
  readonly #anchorsOf = new Map<EntryDraft, Anchors>();

  readonly #texts: ManifestsAsText;

  constructor(text: string, span: Span) {
    this.#text = text;
    this.#span = span;
    this.#texts = new ManifestsAsText(text, span);
  }

  /** What was collected. Call it once, after the last event. */
  finish(): ManifestDocument {
    for (const object of this.#objects) {
      if (object.kind === undefined && object.list?.kind === 'SecretList') object.kind = 'Secret';
      refuseDoubtful(object, (entry) => this.#aliases.of(this.#anchorsOf.get(entry)));
    }
    const problems = this.#problems.filter(({ object }) => object === undefined || isTold(object));
    return {
      span: this.#span,
      objects: this.#objects.filter(isTold).map(finished),
      problems: problems.map(({ problem }) => problem),
      texts: this.#texts.finish(),
    };
  }

  beginMap(collection: YamlCollection): void {
    const parent = this.#frames.at(-1);
    const role = this.#roleOf(parent);
    const object = role === 'object' ? this.#begin(collection, parent) : parent?.object;
    if ((role === 'data' || role === 'stringData') && object !== undefined)
      this.#beginEntries(object, role, collection, parent);
    else if (isEntryMap(parent)) this.#noScalar(collection.start);
    const anchors = within(parent?.anchors, collection.anchor);
    this.#frames.push({ role, collection, object, anchors, key: undefined });
  }

  beginSequence(collection: YamlCollection): void {
    const parent = this.#frames.at(-1);
    const items = parent === undefined || isListItems(parent);
    const looked = parent?.role === 'object' || parent?.role === 'sequence';
    if (isEntryMap(parent)) this.#noScalar(collection.start);
    this.#frames.push({
      role: items ? 'items' : looked ? 'sequence' : 'other',
      collection,
      object: parent?.object,
      anchors: within(parent?.anchors, collection.anchor),
      key: undefined,
    });
  }

  end(at: number): void {
    const frame = this.#frames.pop();
    if (frame?.object === undefined) return;
    const whole: Span = { start: frame.collection.start, end: Math.max(at, frame.collection.start) };
    if (frame.role === 'object') frame.object.span = whole;
    if (frame.role !== 'data' && frame.role !== 'stringData') return;
    const map = frame.object.maps[frame.role];
    if (map !== undefined) map.span = { start: Math.min(map.span.start, whole.start), end: whole.end };
  }

  key(scalar: YamlScalar): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    this.#remember(scalar);
    const read = isEntryMap(frame) || (frame.role !== 'other' && this.#mayMatter(scalar));
    frame.key = read
      ? { text: this.#read(scalar), span: { start: scalar.start, end: scalar.end } }
      : undefined;
    this.#noteMap(frame);
  }

  /** Most keys can be told by their length to be none that is looked for, before they are read. */
  #mayMatter({ style, start, end }: YamlScalar): boolean {
    return style !== 'plain' || end - start <= longestKey || this.#text[start] === '<';
  }

  /** A second `data` or `stringData`, whatever it holds, makes it open which one counts. */
  #noteMap({ role, object, key }: Frame): void {
    if (role !== 'object' || object === undefined || key === undefined) return;
    if (key.text !== 'data' && key.text !== 'stringData') return;
    if (object.stated.has(key.text)) object.repeated.set(key.text, key.span.start);
    object.stated.add(key.text);
  }

  complexKey(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.key = undefined;
  }

  scalar(scalar: YamlScalar): void {
    const frame = this.#frames.at(-1);
    this.#remember(scalar);
    if (scalar.style !== 'plain') this.#texts.note(scalar, isEntryMap(frame) ? frame?.object : undefined);
    if (frame?.key === undefined || frame.object === undefined) return;
    if (frame.role === 'data' || frame.role === 'stringData')
      this.#addEntry(frame, scalar, scalar.style, this.#read(scalar));
    else if (frame.role === 'object' || frame.role === 'metadata') {
      this.#setField(frame, this.#read(scalar), scalar);
      if (isNull(this.#text, scalar)) this.#emptyMap(frame, { start: scalar.start, end: scalar.end });
    }
  }

  alias(span: Span, name: string): void {
    const frame = this.#frames.at(-1);
    this.#aliases.add(name, span.start);
    if (frame?.key === undefined || frame.object === undefined) return;
    const key = frame.key.text;
    if (key === '<<' && (frame.role === 'object' || frame.role === 'data' || frame.role === 'stringData')) {
      this.#doubt(frame.object, span.start, 'values merged in with << are not seen here');
    }
    if (frame.role === 'data' || frame.role === 'stringData') {
      this.#addEntry(frame, span, 'none', '', { why: 'alias', at: span.start });
    } else if (frame.role === 'object' && (key === 'data' || key === 'stringData')) {
      this.#doubt(frame.object, span.start, `the values of ${key} stand elsewhere, behind an alias`);
    } else if (frame.role === 'object' || frame.role === 'metadata') {
      const text = this.#anchors.get(name);
      if (text !== undefined) this.#setField(frame, text, span);
    }
  }

  empty(): void {
    const frame = this.#frames.at(-1);
    if (frame?.key === undefined || frame.object === undefined) return;
    const place = afterColon(this.#text, frame.key.span.end);
    const span = { start: place, end: place };
    if (frame.role === 'data' || frame.role === 'stringData') this.#addEntry(frame, span, 'plain', '');
    else this.#emptyMap(frame, span);
  }

  /** `data:` with nothing or a null where its map would stand. */
  #emptyMap({ role, object, key, collection: { indent, flow } }: Frame, span: Span): void {
    if (role !== 'object' || object === undefined || key === undefined) return;
    if (key.text !== 'data' && key.text !== 'stringData') return;
    object.maps[key.text] ??= { keySpan: key.span, span, indent: indent + 2, flow, empty: true };
  }

  problem(at: number, message: string): void {
    this.#problems.push({ problem: { offset: at, message }, object: undefined });
  }

  /** What is not clear about an object, should it be one that counts. */
  #doubt(object: ObjectDraft, offset: number, message: string): void {
    this.#problems.push({ problem: { offset, message }, object });
  }

  #roleOf(parent: Frame | undefined): Role {
    if (parent === undefined || parent.role === 'items' || parent.role === 'sequence') return 'object';
    // Entries that stand deeper than the others, below one that has its value: the file is broken or templated.
    if (isEntryMap(parent) && parent.key === undefined) return parent.role;
    if (parent.role !== 'object') return 'other';
    const key = parent.key?.text;
    return key === 'metadata' || key === 'data' || key === 'stringData' ? key : 'object';
  }

  #begin(collection: YamlCollection, parent: Frame | undefined): ObjectDraft {
    const member = parent === undefined || parent.role === 'items';
    const object = newObject(collection, parent?.role === 'items' ? parent.object : undefined, !member);
    this.#objects.push(object);
    return object;
  }

  #beginEntries(
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

  #read(scalar: YamlScalar): string {
    return scalarText(this.#text, scalar, this.#span.end);
  }

  #remember(scalar: YamlScalar): void {
    if (scalar.anchor !== undefined) this.#anchors.set(scalar.anchor, this.#read(scalar));
  }

  #setField(frame: Frame, text: string, span: Span): void {
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

  #noScalar(at: number): void {
    const frame = this.#frames.at(-1);
    if (frame?.key === undefined) return;
    this.#addEntry(frame, { start: at, end: at }, 'none', '', { why: 'not-scalar' });
  }

  #addEntry(
    frame: Frame,
    at: Span & { anchor?: string | undefined; tag?: string | undefined },
    style: ScalarStyle | 'none',
    text: string,
    refusal?: Refusal,
  ): void {
    const { object, key, role } = frame;
    if (object === undefined || key === undefined || (role !== 'data' && role !== 'stringData')) return;
    const map = object.maps[role];
    if (map !== undefined) map.empty = false;
    const tagged: Refusal | undefined =
      at.tag === undefined || at.tag === '!!str' || at.tag === '!'
        ? undefined
        : { why: 'tagged', tag: at.tag };
    const entry: EntryDraft = {
      map: role,
      key: key.text,
      keySpan: key.span,
      span: { start: at.start, end: at.end },
      style,
      text,
      indent: frame.collection.indent,
      flow: frame.collection.flow,
      refusal: refusal ?? tagged,
    };
    object.entries.push(entry);
    const anchors = within(frame.anchors, at.anchor);
    if (anchors !== undefined) this.#anchorsOf.set(entry, anchors);
    frame.key = undefined;
  }
}
