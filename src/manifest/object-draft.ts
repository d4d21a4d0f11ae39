import type { Entry, EntryMap, EntryMapName, KubeObject } from './manifest.ts';
import type { YamlCollection } from './yaml-events.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type EntryDraft = Mutable<Entry>;

/** An object that is still being read. */
export interface ObjectDraft extends Omit<Mutable<KubeObject>, 'entries' | 'maps'> {
  readonly entries: EntryDraft[];
  readonly maps: { data: Mutable<EntryMap> | undefined; stringData: Mutable<EntryMap> | undefined };
  readonly list: ObjectDraft | undefined;
  /** It stands inside another object, such as the manifest a Crossplane Object makes. */
  readonly nested: boolean;
  readonly stated: Set<EntryMapName>;
  /** Where a second `data` or `stringData` of the same object begins. */
  readonly repeated: Map<EntryMapName, number>;
}

export function newObject(
  collection: YamlCollection,
  list: ObjectDraft | undefined,
  nested: boolean,
): ObjectDraft {
  return {
    span: { start: collection.start, end: collection.start },
    indent: collection.indent,
    flow: collection.flow,
    apiVersion: undefined,
    kind: undefined,
    namespace: undefined,
    name: undefined,
    type: undefined,
    kindSpan: undefined,
    maps: { data: undefined, stringData: undefined },
    entries: [],
    list,
    nested,
    stated: new Set(),
    repeated: new Map(),
  };
}

/** Inside another object only a Secret is one: nothing else looks like itself there. */
export function isTold({ nested, kind, maps }: ObjectDraft): boolean {
  return !nested || (kind === 'Secret' && (maps.data !== undefined || maps.stringData !== undefined));
}

/** The object without what was only needed while it was read. */
export function finished({
  list: _list,
  nested: _nested,
  stated: _stated,
  repeated: _repeated,
  ...object
}: ObjectDraft): KubeObject {
  return object;
}

/** Marks the entries of which it is open what they are in the cluster: used elsewhere by an alias, or stated twice. */
export function refuseDoubtful(
  object: ObjectDraft,
  aliasOf: (entry: EntryDraft) => number | undefined,
): void {
  const seen = { data: new Map<string, EntryDraft>(), stringData: new Map<string, EntryDraft>() };
  for (const entry of object.entries) {
    const alias = aliasOf(entry);
    if (alias !== undefined) entry.refusal ??= { why: 'alias', at: alias };
    const repeated = object.repeated.get(entry.map);
    if (repeated !== undefined) entry.refusal ??= { why: 'duplicate', at: repeated };
    const earlier = seen[entry.map].get(entry.key);
    if (earlier === undefined) seen[entry.map].set(entry.key, entry);
    else {
      entry.refusal ??= { why: 'duplicate', at: earlier.keySpan.start };
      earlier.refusal ??= { why: 'duplicate', at: entry.keySpan.start };
    }
  }
}
