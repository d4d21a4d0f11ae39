import type { Span } from '../core/span.ts';
import { AliasUses, AnchoredTexts, type Anchors, within } from './anchors.ts';
import {
  beginEntries,
  emptyMap,
  type Frame,
  isEntryMap,
  isListItems,
  isMerged,
  noteMap,
  roleOf,
  setField,
} from './collect-frame.ts';
import type { ManifestDocument, Problem, Refusal, ScalarStyle } from './manifest.ts';
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

/** `apiVersion` and `stringData` */
const longestKey = 10;

const mergedUnseen = 'values merged in with << are not seen here';

/** Turns the events of either reader into the objects of one document. */
export class ObjectCollector implements YamlEvents {
  readonly #text: string;
  readonly #span: Span;
  readonly #frames: Frame[] = [];
  readonly #objects: ObjectDraft[] = [];
  readonly #problems: { readonly problem: Problem; readonly object: ObjectDraft | undefined }[] = [];
  readonly #anchors = new AnchoredTexts();
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
    const role = roleOf(parent);
    const object = role === 'object' ? this.#begin(collection, parent) : parent?.object;
    if ((role === 'data' || role === 'stringData') && object !== undefined)
      beginEntries(object, role, collection, parent);
    else if (isEntryMap(parent)) this.#noScalar(collection.start);
    this.#noteMerged(parent, collection);
    this.#anchors.delete(collection.anchor);
    const anchors = within(parent?.anchors, collection.anchor);
    this.#frames.push({ role, collection, object, anchors, key: undefined });
  }

  beginSequence(collection: YamlCollection): void {
    const parent = this.#frames.at(-1);
    const items = parent === undefined || isListItems(parent);
    const looked = parent?.role === 'object' || parent?.role === 'sequence';
    const merged = isEntryMap(parent) && isMerged(parent);
    if (isEntryMap(parent) && !merged) this.#noScalar(collection.start);
    this.#noteMerged(parent, collection);
    this.#anchors.delete(collection.anchor);
    this.#frames.push({
      role: merged ? parent.role : items ? 'items' : looked ? 'sequence' : 'other',
      collection,
      object: parent?.object,
      anchors: within(parent?.anchors, collection.anchor),
      key: merged ? parent.key : undefined,
    });
  }

  /** A collection that is merged into a map where it stands: seen where it brings entries, told where it brings more. */
  #noteMerged(parent: Frame | undefined, { start }: YamlCollection): void {
    if (!isMerged(parent) || parent.object === undefined) return;
    const map =
      parent.role === 'data' || parent.role === 'stringData' ? parent.object.maps[parent.role] : undefined;
    if (map !== undefined) map.empty = false;
    else if (parent.role === 'object') this.#doubt(parent.object, start, mergedUnseen);
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
    noteMap(frame);
  }

  /** Most keys can be told by their length to be none that is looked for, before they are read. */
  #mayMatter({ style, start, end }: YamlScalar): boolean {
    return style !== 'plain' || end - start <= longestKey || this.#text[start] === '<';
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
      setField(frame, this.#read(scalar), scalar);
      if (isNull(this.#text, scalar)) emptyMap(frame, { start: scalar.start, end: scalar.end });
    }
  }

  alias(span: Span, name: string): void {
    const frame = this.#frames.at(-1);
    this.#aliases.add(name, span.start);
    if (frame?.key === undefined || frame.object === undefined) return;
    const key = frame.key.text;
    if (key === '<<' && (frame.role === 'object' || frame.role === 'data' || frame.role === 'stringData')) {
      this.#doubt(frame.object, span.start, mergedUnseen);
    }
    if (frame.role === 'data' || frame.role === 'stringData') {
      this.#addAlias(frame, frame.object, span, name);
    } else if (frame.role === 'object' && (key === 'data' || key === 'stringData')) {
      this.#doubt(frame.object, span.start, `the values of ${key} stand elsewhere, behind an alias`);
    } else if (frame.role === 'object' || frame.role === 'metadata') {
      const text = this.#anchors.get(name);
      if (text !== undefined) setField(frame, text, span);
    }
  }

  empty(): void {
    const frame = this.#frames.at(-1);
    if (frame?.key === undefined || frame.object === undefined) return;
    const place = afterColon(this.#text, frame.key.span.end);
    const span = { start: place, end: place };
    if (frame.role === 'data' || frame.role === 'stringData') this.#addEntry(frame, span, 'plain', '');
    else emptyMap(frame, span);
  }

  problem(at: number, message: string): void {
    this.#problems.push({ problem: { offset: at, message }, object: undefined });
  }

  /** What is not clear about an object, should it be one that counts. */
  #doubt(object: ObjectDraft, offset: number, message: string): void {
    this.#problems.push({ problem: { offset, message }, object });
  }

  #begin(collection: YamlCollection, parent: Frame | undefined): ObjectDraft {
    const member = parent === undefined || parent.role === 'items';
    const object = newObject(collection, parent?.role === 'items' ? parent.object : undefined, !member);
    this.#objects.push(object);
    return object;
  }

  #read(scalar: YamlScalar): string {
    return scalarText(this.#text, scalar, this.#span.end);
  }

  #remember(scalar: YamlScalar): void {
    if (scalar.anchor !== undefined) this.#anchors.set(scalar.anchor, this.#read(scalar));
  }

  #addAlias(frame: Frame, object: ObjectDraft, span: Span, name: string): void {
    const hadTooMuch = this.#anchors.hasTooMuch;
    const aliased = this.#anchors.bring(name);
    if (this.#anchors.hasTooMuch && !hadTooMuch)
      this.#doubt(object, span.start, 'aliases bring in more text than is looked at');
    this.#addEntry(frame, span, 'none', '', { why: 'alias', at: span.start }, aliased);
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
    aliased?: string,
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
      aliased,
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
