import { Failure } from '../../core/errors.ts';
import { isSecret } from '../../manifest/manifest.ts';
import {
  membersOf,
  type SopsMap,
  type SopsNode,
  type SopsScalar,
  type SopsText,
} from '../../manifest/sops-tree.ts';
import type { ItemObject } from '../../schemes/document-scheme.ts';
import type { SopsTarget } from '../../schemes/sops/change.ts';
import { isValue, placeName, type SopsPlace, walkSops } from '../../schemes/sops/walk.ts';
import { type ItemAddress, isObject } from './item-address.ts';

/** Whether what stands at a place is base64: a value in the `data` of a Secret, also in a List. */
export function isBase64(place: SopsPlace, object: ItemObject): boolean {
  if (!isSecret(object) || place.at(-2) !== 'data') return false;
  return place.length === 2 || (place.length === 4 && place[0] === 'items');
}

/** The object that a place is in. */
export function objectAt(tree: SopsText, { document, place }: SopsTarget): ItemObject {
  const root = tree.documents[document]?.root;
  const item = place[0] === 'items' ? childAt(childAt(root, 'items'), place[1]) : undefined;
  return factsOf(item?.kind === 'map' ? item : root);
}

/**
 * Where a value stands, or would be added: the mapping with the longest name that the address begins with.
 * @throws Failure `entry.not-found`
 */
export function placeOfAddress(tree: SopsText, address: ItemAddress): SopsTarget {
  const there = leafNamed(tree, address);
  if (there !== undefined) return there;
  const holders = mappings(tree).filter(
    ({ name, target }) => address.name.startsWith(`${name}.`) && isObject(objectAt(tree, target), address),
  );
  const holder = holders.toSorted((a, b) => b.name.length - a.name.length)[0];
  const root = tree.documents.findIndex(
    ({ root: map }) => map !== undefined && isObject(factsOf(map), address),
  );
  if (holder === undefined && (root === -1 || address.name.includes('.')))
    throw new Failure('entry.not-found', { wanted: address.name });
  if (holder === undefined) return { document: root, place: [address.name] };
  const { target, name } = holder;
  return { document: target.document, place: [...target.place, address.name.slice(name.length + 1)] };
}

function leafNamed(tree: SopsText, address: ItemAddress): SopsTarget | undefined {
  let found: SopsTarget | undefined;
  walkSops(tree, (leaf) => {
    if (!isValue(leaf) || placeName(leaf.place) !== address.name) return;
    const { document, place } = leaf;
    if (isObject(objectAt(tree, leaf), address)) found ??= { document, place };
  });
  return found;
}

interface Mapping {
  readonly name: string;
  readonly target: SopsTarget;
}

/** Every mapping below the top but SOPS' own, and every key with nothing behind it, which may become one. */
function mappings(tree: SopsText): readonly Mapping[] {
  const all: Mapping[] = [];
  const open: { readonly node: SopsNode; readonly target: SopsTarget }[] = tree.documents.flatMap(
    ({ root }, document) => (root === undefined ? [] : [{ node: root, target: { document, place: [] } }]),
  );
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, target } = next;
    if (target.place.length > 0 && (node.kind === 'map' || isNothing(node)))
      all.push({ name: placeName(target.place), target });
    for (const [part, child] of childrenOf(node)) {
      if (target.place.length === 0 && part === 'sops') continue;
      open.push({ node: child, target: { ...target, place: [...target.place, part] } });
    }
  }
  return all;
}

function isNothing(node: SopsNode): node is SopsScalar {
  return node.kind === 'scalar' && node.scalar.type === 'null';
}

function childrenOf(node: SopsNode): readonly (readonly [string | number, SopsNode])[] {
  if (node.kind === 'map') return membersOf(node).map(({ key, value }) => [key, value] as const);
  if (node.kind !== 'list') return [];
  return node.items
    .flatMap((item) => (item.kind === 'comment' ? [] : [item]))
    .map((item, at) => [at, item] as const);
}

function childAt(node: SopsNode | undefined, part: string | number | undefined): SopsNode | undefined {
  return node === undefined ? undefined : childrenOf(node).find(([key]) => key === part)?.[1];
}

function factsOf(map: SopsMap | undefined): ItemObject {
  const metadata = childAt(map, 'metadata');
  const text = (node: SopsNode | undefined, key: string) => {
    const value = childAt(node, key);
    return value?.kind === 'scalar' ? value.text : undefined;
  };
  return {
    apiVersion: text(map, 'apiVersion'),
    kind: text(map, 'kind'),
    namespace: text(metadata, 'namespace'),
    name: text(metadata, 'name'),
  };
}
