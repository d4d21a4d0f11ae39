import { matchesPath } from '../../audit/field-path.ts';
import { type InnerObject, objectsOfKind } from '../../audit/inner-objects.ts';
import type { Span } from '../../core/span.ts';
import { splitDocuments } from '../../manifest/documents.ts';
import { readFields } from '../../manifest/fields.ts';
import { groupOf, type ObjectRef } from './flux-object.ts';

/** What tells an object from others in a cluster, whatever version of its kind it is written in. */
export type WantedObject = Pick<ObjectRef, 'group' | 'kind' | 'namespace' | 'name'>;

/** A Kubernetes object as it is written in a file. */
export interface WrittenObject extends WantedObject {
  /** Where it begins. */
  readonly start: number;
  /** Where its `metadata.name` is stated. */
  readonly nameSpan: Span;
}

/** An object in a file that is the one looked for; `certain` unless the file leaves open in which namespace it is. */
export interface ManifestMatch {
  readonly at: Span;
  readonly certain: boolean;
}

/** Larger files are no manifests that somebody wrote. In bytes. */
export const manifestSizeLimit = 1024 * 1024;

/**
 * Whether a file may hold an object of this name: the search that most files end with. Such as begin with a byte order mark
 * of UTF-16 are always worth reading.
 */
export function mayHoldObject(bytes: Uint8Array, { name }: Pick<WantedObject, 'name'>): boolean {
  if (bytes[0] === 0xff || bytes[0] === 0xfe) return true;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name, 0, 'utf8');
}

/**
 * Where a text states an object, in a list or inside of another object as well. A manifest without a namespace may be meant:
 * Flux, Kustomize and kubectl set one where there is none.
 */
export function findObject(text: string, wanted: WantedObject): readonly ManifestMatch[] {
  const isKind = { has: (kind: string) => kind === wanted.kind };
  const mayBeAbout = (document: string) => document.includes(wanted.name) && document.includes(wanted.kind);
  return writtenObjects(text, isKind, mayBeAbout).flatMap((object) => {
    if (object.group !== wanted.group || object.name !== wanted.name) return [];
    const { namespace } = object;
    if (namespace !== undefined && namespace !== wanted.namespace) return [];
    return [{ at: object.nameSpan, certain: namespace === wanted.namespace }];
  });
}

/**
 * The objects of some kinds in a text, found line by line, in templates and broken files too.
 *
 * @param mayBeAbout whether to look into a document: reading one costs many times what a search in it does
 */
export function writtenObjects(
  text: string,
  kinds: { has(kind: string): boolean },
  mayBeAbout: (document: string) => boolean,
): readonly WrittenObject[] {
  return splitDocuments(text)
    .filter(({ start, end }) => mayBeAbout(text.slice(start, end)))
    .flatMap((span) => [...objectsOfKind(readFields(text, { span }), kinds)])
    .flatMap((object) => written(object) ?? []);
}

function written(object: InnerObject): WrittenObject | undefined {
  const { apiVersion, kind, namespace, name } = object.identity;
  const start = object.fields[0]?.field.span.start;
  const nameSpan = object.fields.find(({ path }) => matchesPath(path, ['metadata', 'name']))?.field.span;
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  if (start === undefined || nameSpan === undefined) return undefined;
  return { group: groupOf(apiVersion), kind, namespace, name, start, nameSpan };
}
