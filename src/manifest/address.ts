import { Failure } from '../core/errors.ts';
import { type Entry, type EntryMapName, isSecret, type KubeObject, type Manifest } from './manifest.ts';

/** An entry and the object it stands in. */
export interface Located {
  readonly object: KubeObject;
  readonly entry: Entry;
}

/** `[Kind/namespace/name#]data.KEY`, as the command line spells entries. */
export interface EntryAddress {
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string } | undefined;
  readonly map: EntryMapName;
  readonly key: string;
}

/** Every entry of every Secret, in order. */
export function locatedEntries(manifest: Manifest): readonly Located[] {
  const located: Located[] = [];
  for (const document of manifest.documents) {
    for (const object of document.objects) {
      if (isSecret(object)) for (const entry of object.entries) located.push({ object, entry });
    }
  }
  return located;
}

/** Reads an address. The first dot ends the map's name. Throws `usage`. */
export function readAddress(text: string): EntryAddress {
  const match = /^(?:([^/#]*)\/([^/#]*)\/([^/#]*)#)?(data|stringData)\.([^]+)$/.exec(text);
  if (match === null)
    throw new Failure('usage', {
      reason: 'an entry is written [Kind/namespace/name#]data.KEY or stringData.KEY',
    });
  const [, kind, namespace = '', name = '', map, key = ''] = match;
  return {
    object: kind === undefined ? undefined : { kind, namespace, name },
    map: map === 'data' ? 'data' : 'stringData',
    key,
  };
}

/** `stringData.password` */
export function entryName(entry: Pick<Entry, 'map' | 'key'>): string {
  return `${entry.map}.${entry.key}`;
}

/** `Secret/db/main#stringData.password`: the address in full. */
export function fullAddress({ object, entry }: Located): string {
  return `${objectName(object)}#${entryName(entry)}`;
}

export function objectName(object: KubeObject): string {
  return `${object.kind ?? ''}/${object.namespace ?? ''}/${object.name ?? ''}`;
}

/** The one entry an address means. Throws `entry.not-found`, or `entry.ambiguous` with the candidates. */
export function findEntry(manifest: Manifest, address: EntryAddress, spelled: string): Located {
  const found = locatedEntries(manifest).filter(
    ({ object, entry }) =>
      entry.map === address.map && entry.key === address.key && isObject(object, address),
  );
  const [first, ...others] = found;
  if (first === undefined) throw new Failure('entry.not-found', { wanted: spelled });
  if (others.length > 0)
    throw new Failure('entry.ambiguous', { wanted: spelled, candidates: found.map(fullAddress) });
  return first;
}

/** The Secrets an address may mean, for adding an entry that is not there. */
export function findObjects(manifest: Manifest, address: EntryAddress): readonly KubeObject[] {
  return manifest.documents.flatMap((document) =>
    document.objects.filter((object) => isSecret(object) && isObject(object, address)),
  );
}

function isObject(object: KubeObject, { object: wanted }: EntryAddress): boolean {
  if (wanted === undefined) return true;
  return (
    object.kind === wanted.kind &&
    (object.namespace ?? '') === wanted.namespace &&
    (object.name ?? '') === wanted.name
  );
}
