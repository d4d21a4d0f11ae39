import { Failure } from '../../core/errors.ts';
import type { ItemObject, SealedDocument, SealedItem } from '../../schemes/document-scheme.ts';

/** `[Kind/namespace/name#]encryptedData.KEY`, `[…#]stringData.KEY` or `[…#]spec.values.password`: a place in a sealed document. */
export interface ItemAddress {
  readonly object: { readonly kind: string; readonly namespace: string; readonly name: string } | undefined;
  /** What `SealedItem.name` would be. */
  readonly name: string;
}

/** Reads an address. Throws `usage` where it names nothing. */
export function readItemAddress(text: string): ItemAddress {
  const match = /^(?:([^/#]*)\/([^/#]*)\/([^/#]*)#)?([^]+)$/.exec(text);
  const [, kind, namespace = '', name = '', item] = match ?? [];
  if (item === undefined)
    throw new Failure('usage', { reason: 'name the value: [Kind/namespace/name#]data.KEY' });
  return { object: kind === undefined ? undefined : { kind, namespace, name }, name: item };
}

/** An item, or the one document it would be added to. */
export interface FoundItem {
  readonly document: SealedDocument;
  readonly item: SealedItem | undefined;
}

/**
 * The item an address means, else the document it would be added to.
 * @throws Failure `entry.not-found` without any such document, `entry.ambiguous` with the candidates
 */
export function findItem(
  documents: readonly SealedDocument[],
  address: ItemAddress,
  spelled: string,
): FoundItem {
  const there = documents.flatMap((document) =>
    document.items
      .filter((item) => isCalled(item, address.name) && isObject(item.object, address))
      .map((item) => ({ document, item })),
  );
  const [first, ...others] = there;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined)
    throw new Failure('entry.ambiguous', {
      wanted: spelled,
      candidates: there.map(({ item }) => fullItemName(item)),
    });
  const holders = documents.flatMap((document) =>
    document.objects.filter((object) => isObject(object, address)).map((object) => ({ document, object })),
  );
  const [holder, ...more] = holders;
  if (holder === undefined) throw new Failure('entry.not-found', { wanted: spelled });
  if (more.length === 0) return { document: holder.document, item: undefined };
  const candidates = holders.map(({ object }) => `${objectNameOf(object)}#${address.name}`);
  throw new Failure('entry.ambiguous', { wanted: spelled, candidates });
}

/** `SealedSecret/db/main#encryptedData.password`: the address in full. */
export function fullItemName({ object, name }: SealedItem): string {
  return `${objectNameOf(object)}#${name}`;
}

/** `SealedSecret/db/main` */
export function objectNameOf({ kind, namespace, name }: ItemObject): string {
  return `${kind ?? ''}/${namespace ?? ''}/${name ?? ''}`;
}

function isCalled({ name, otherNames }: SealedItem, wanted: string): boolean {
  return name === wanted || otherNames.includes(wanted);
}

/** Whether an address may mean an object. A SealedSecret may be asked for as the Secret that it becomes. */
export function isObject(object: ItemObject, { object: wanted }: ItemAddress): boolean {
  if (wanted === undefined) return true;
  const kinds = object.kind === 'SealedSecret' ? ['SealedSecret', 'Secret'] : [object.kind ?? ''];
  return (
    kinds.includes(wanted.kind) &&
    (object.namespace ?? '') === wanted.namespace &&
    (object.name ?? '') === wanted.name
  );
}
