import { Failure } from '../core/errors.ts';
import {
  type EntryAddress,
  fullAddress,
  type Located,
  objectName,
  readAddress,
} from '../manifest/address.ts';
import type { KubeObject, Manifest } from '../manifest/manifest.ts';
import type { SealedDocument } from '../schemes/document-scheme.ts';
import type { SetTarget } from './documents/document-work.ts';
import {
  type FoundItem,
  findItem,
  fullItemName,
  objectNameOf,
  readItemAddress,
} from './documents/item-address.ts';
import { documentAround } from './documents/whole-documents.ts';
import type { ManifestText } from './manifest-text.ts';
import { findOrPlace } from './set-value.ts';

/** Where a value is to be set: in a document that is sealed as a whole, or in a Secret. */
export type SetPlace =
  | { readonly unit: 'document'; readonly target: SetTarget }
  | { readonly unit: 'value'; readonly target: Located | KubeObject; readonly address: EntryAddress };

/**
 * The value that an address means, wherever it stands, else the one document or Secret that it would be added to.
 * @throws Failure `usage`, `entry.not-found`, `entry.ambiguous`
 */
export function findSetPlace(
  manifest: ManifestText,
  documents: readonly SealedDocument[],
  spelled: string,
): SetPlace {
  const address = readItemAddress(spelled);
  const item = ifThere(() => findItem(documents, address, spelled));
  if (item === undefined) return inSecret(manifest, documents, spelled);
  const document: SetPlace = { unit: 'document', target: { ...item, address } };
  const secret = ifThere(() => inSecret(manifest, documents, spelled));
  if (secret?.unit !== 'value') return document;
  const [isItem, isEntry] = [item.item !== undefined, 'entry' in secret.target];
  if (isItem !== isEntry) return isItem ? document : secret;
  throw new Failure('entry.ambiguous', {
    wanted: spelled,
    candidates: [itemCandidate(item, spelled), secretCandidate(secret.target, spelled)],
  });
}

function inSecret(manifest: ManifestText, documents: readonly SealedDocument[], spelled: string): SetPlace {
  const address = readAddress(spelled);
  return {
    unit: 'value',
    target: findOrPlace(outside(manifest.manifest, documents), address, spelled),
    address,
  };
}

/** The manifest without what belongs to sealed documents. */
function outside(manifest: Manifest, documents: readonly SealedDocument[]): Manifest {
  return {
    ...manifest,
    documents: manifest.documents.map((document) => ({
      ...document,
      objects: document.objects.filter(({ span }) => documentAround(documents, span) === undefined),
    })),
  };
}

function ifThere<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    // What is no address of an entry may be one of an item.
    if (Failure.is(error, 'entry.not-found') || Failure.is(error, 'usage')) return undefined;
    throw error;
  }
}

function itemCandidate({ document, item }: FoundItem, spelled: string): string {
  if (item !== undefined) return fullItemName(item);
  const [object] = document.objects;
  return `${object === undefined ? '//' : objectNameOf(object)}#${readItemAddress(spelled).name}`;
}

function secretCandidate(target: Located | KubeObject, spelled: string): string {
  if ('entry' in target) return fullAddress(target);
  return `${objectName(target)}#${readItemAddress(spelled).name}`;
}
