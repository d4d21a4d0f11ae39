import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { SealingPlace, SealingScope } from '../core/sealing-place.ts';
import type { Edit } from '../core/span.ts';
import { type EntryMapName, isSecret } from './manifest.ts';
import { type OutlineMap, type OutlinePair, pairAt, textAt, valueAt } from './outline.ts';
import { kept, map, type Piece, value } from './pieces.ts';
import { editableObject, rewriteObject } from './rewritten-object.ts';
import { scopeOf } from './sealed-secret-scope.ts';
import { ownMetadata, templateMetadata } from './sealed-secret-template.ts';
import { decodeData } from './secret.ts';
import { notEditable } from './write-block-object.ts';
import { isNull } from './yaml-scalar.ts';

export interface SealingOptions {
  /** Taken where the Secret states none and its scope needs one. */
  readonly namespace: string | undefined;
  /** Undefined: as the Secret's annotations say. */
  readonly scope: SealingScope | undefined;
  /** The fingerprint to write into `purser.dev/sealed-with`. */
  readonly sealedWith: string | undefined;
  /** A Secret without values is an error otherwise, as for kubeseal. */
  readonly allowEmpty: boolean;
}

/** A Secret that is about to become a SealedSecret. */
export interface SecretToSeal {
  readonly place: SealingPlace;
  /** What is to be sealed, each key once: `stringData` wins over `data`. */
  readonly values: ReadonlyMap<string, Plaintext>;
  /** The edit that makes it a SealedSecret with these items. Throws `document.not-editable`, `edit.unverified`. */
  readonly sealed: (items: ReadonlyMap<string, string>) => Edit;
}

const sealedVersion = 'bitnami.com/v1alpha1';
const topLevel = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable', 'data', 'stringData']);

/**
 * Reads the Secret that begins at this offset for sealing. What becomes of it is what kubeseal makes (`NewSealedSecret` of
 * bitnami/sealed-secrets, pkg/apis/sealedsecrets/v1alpha1), in the text as it stands.
 * @throws Failure `manifest.unparsable`, `document.not-editable`, `sealing.unplaced`, `sealing.empty`, `entry.not-base64`,
 * `entry.not-scalar`
 */
export function secretToSeal(text: string, at: number, options: SealingOptions): SecretToSeal {
  const object = editableObject(text, at);
  if (!isSecret({ apiVersion: textAt(object, 'apiVersion'), kind: textAt(object, 'kind') })) {
    throw new Failure('document.changed', {});
  }
  const other = object.pairs.find(({ key }) => key !== undefined && !topLevel.has(key.text));
  if (other?.key !== undefined) {
    throw notEditable('it has a field that a SealedSecret cannot take over', text, other.key.start);
  }
  const place = placeOf(object, options);
  const entries = entriesOf(object);
  if (entries.size === 0 && !options.allowEmpty) throw new Failure('sealing.empty', {});
  return {
    place,
    values: new Map([...entries].map(([key, entry]) => [key, plaintextAt(text, entry)])),
    sealed: (items) => rewriteObject(text, object, sealedPieces(object, place, items, options)),
  };
}

/**
 * What the object that begins at this offset says itself of the place it is to be sealed for.
 * @param scope undefined: as its annotations say
 * @throws Failure `manifest.unparsable`, `document.not-editable`
 */
export function statedPlace(text: string, at: number, scope: SealingScope | undefined): SealingPlace {
  return statedIn(editableObject(text, at), scope);
}

function statedIn(object: OutlineMap, scope: SealingScope | undefined): SealingPlace {
  const metadata = valueAt(object, 'metadata');
  return {
    namespace: textAt(metadata, 'namespace') ?? '',
    name: textAt(metadata, 'name') ?? '',
    scope: scope ?? scopeOf(valueAt(metadata, 'annotations')),
  };
}

function placeOf(object: OutlineMap, { scope, namespace }: SealingOptions): SealingPlace {
  const stated = statedIn(object, scope);
  const fallback = stated.scope === 'cluster-wide' ? undefined : namespace;
  const place = { ...stated, namespace: stated.namespace || (fallback ?? '') };
  if (place.name === '') throw new Failure('sealing.unplaced', { missing: 'name' });
  if (place.namespace === '' && place.scope !== 'cluster-wide') {
    throw new Failure('sealing.unplaced', { missing: 'namespace' });
  }
  return place;
}

interface SecretEntry {
  readonly map: EntryMapName;
  readonly pair: OutlinePair;
}

/** What is sealed, in the order in which it stands: of a key in both maps, what `stringData` has. */
function entriesOf(object: OutlineMap): ReadonlyMap<string, SecretEntry> {
  const entries = new Map<string, SecretEntry>();
  for (const name of ['data', 'stringData'] as const) {
    for (const pair of pairsAt(object, name)) {
      const key = pair.key?.text ?? '';
      entries.delete(key);
      entries.set(key, { map: name, pair });
    }
  }
  return entries;
}

function pairsAt(object: OutlineMap, name: string): readonly OutlinePair[] {
  const values = valueAt(object, name);
  return values?.is === 'map' ? values.pairs : [];
}

function plaintextAt(text: string, { map: name, pair }: SecretEntry): Plaintext {
  const entry = `${name}.${pair.key?.text ?? ''}`;
  const { value: node } = pair;
  if (node.is !== 'scalar' && node.is !== 'absent') throw new Failure('entry.not-scalar', {}, { entry });
  if (node.is === 'absent' || isNull(text, { ...node, parentIndent: -1 })) return Plaintext.fromText('');
  if (name === 'stringData') return Plaintext.fromText(node.text);
  const bytes = decodeData(node.text);
  if (bytes === undefined) throw new Failure('entry.not-base64', {}, { entry });
  return new Plaintext(bytes);
}

function sealedPieces(
  object: OutlineMap,
  place: SealingPlace,
  items: ReadonlyMap<string, string>,
  options: SealingOptions,
): readonly Piece[] {
  const metadata = pairAt(object, 'metadata');
  const template = [
    map('metadata', templateMetadata(metadata?.value, place, options.scope !== undefined)),
    ...['type', 'immutable'].flatMap((name) => pairAt(object, name) ?? []).map(kept),
  ];
  const spec = map('spec', [encryptedData(object, items), map('template', template)]);
  const where = pairAt(object, 'data') ?? pairAt(object, 'stringData');
  const apiVersion = pairAt(object, 'apiVersion') === undefined ? [value('apiVersion', sealedVersion)] : [];
  const placed = object.pairs.flatMap((pair): readonly Piece[] => {
    if (pair === where) return [spec];
    if (pair.key?.text === 'kind') return [...apiVersion, value('kind', 'SealedSecret', pair)];
    if (pair.key?.text === 'apiVersion') return [value('apiVersion', sealedVersion, pair)];
    if (pair === metadata) return [map('metadata', ownMetadata(pair.value, place, options.sealedWith), pair)];
    return [];
  });
  return where === undefined ? [...placed, spec] : placed;
}

/** In place of the first map of the two; comments above the second stay above its first entry. */
function encryptedData(object: OutlineMap, items: ReadonlyMap<string, string>): Piece {
  const [first, second] = ['data', 'stringData'].flatMap((name) => pairAt(object, name) ?? []);
  let heading = second === undefined ? [] : [second];
  const pieces = [...entriesOf(object)].map(([key, { map: name, pair }]) => {
    const above = name === 'stringData' ? heading : [];
    if (name === 'stringData') heading = [];
    return value(key, items.get(key) ?? '', pair, above);
  });
  return map('encryptedData', pieces, first);
}
