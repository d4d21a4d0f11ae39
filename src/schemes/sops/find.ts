import { Failure } from '../../core/errors.ts';
import {
  membersOf,
  type SopsMap,
  type SopsMember,
  type SopsNode,
  type SopsText,
} from '../../manifest/sops-tree.ts';
import type { SopsTarget } from './change.ts';
import { sopsKey } from './file.ts';
import { sharedValue } from './seal.ts';
import { placeName } from './walk.ts';

/** What stands at a target, with what is around it. */
export interface SopsFound {
  readonly node: SopsNode;
  /** The mapping it is a member of; undefined for an item of a list. */
  readonly parent: { readonly map: SopsMap; readonly member: SopsMember } | undefined;
}

/**
 * Finds what stands at a target.
 * @throws Failure `entry.not-found`; `document.not-editable` in SOPS' own mapping, and where an anchor or an alias is on the way
 */
export function findSops(tree: SopsText, { document, place }: SopsTarget): SopsFound {
  const wanted = placeName(place);
  let node: SopsNode | undefined = tree.documents[document]?.root;
  let parent: SopsFound['parent'];
  if (place[0] === sopsKey)
    throw new Failure('document.not-editable', { reason: 'the sops mapping is for SOPS to write' });
  for (const part of place) {
    if (node !== undefined) refuseShared(tree, node, place);
    parent = undefined;
    if (node?.kind === 'map') {
      const map: SopsMap = node;
      const member = membersOf(map).find(({ key }) => key === part);
      if (member !== undefined) parent = { map, member };
      node = member?.value;
    } else if (node?.kind === 'list') {
      const items = node.items.filter((item) => item.kind !== 'comment');
      node = typeof part === 'number' ? items[part] : undefined;
    } else node = undefined;
  }
  if (node === undefined) throw new Failure('entry.not-found', { wanted });
  refuseShared(tree, node, place);
  return { node, parent };
}

function refuseShared(tree: SopsText, node: SopsNode, place: SopsTarget['place']): void {
  if (node.kind !== 'alias' && !node.anchored) return;
  throw sharedValue(tree, { node, place });
}
