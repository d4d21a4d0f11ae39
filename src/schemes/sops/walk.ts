import { Failure } from '../../core/errors.ts';
import type { SelectionPlace } from '../../core/sops-selection.ts';
import type { Span } from '../../core/span.ts';
import type { SopsComment, SopsMap, SopsNode, SopsScalar, SopsText } from '../../manifest/sops-tree.ts';
import { sopsKey } from './file.ts';

/** Keys and positions in lists, from the top of a document. */
export type SopsPlace = readonly (string | number)[];

/** A value or a comment on the way through a file. */
export interface SopsLeaf<Node extends SopsScalar | SopsComment = SopsScalar | SopsComment>
  extends SelectionPlace {
  readonly node: Node;
  /** Counts from 0. */
  readonly document: number;
  readonly place: SopsPlace;
  /** It is read through an alias here, or something else is an alias of it: one text, several places. */
  readonly shared: boolean;
}

/** Something that stands somewhere. */
export interface Standing {
  readonly node: { readonly span: Span };
  readonly place: SopsPlace;
}

/** More than the leaves of any manifest; aliases of aliases would go on for ever. */
const mostLeaves = 1_000_000;

/**
 * Goes through values and comments in SOPS' order, its own mapping and nulls left out (sops.go, `walkBranch`).
 * What a leaf says of the comments before it holds only until the next.
 * @throws Failure `sops.unreadable`
 */
export function walkSops(tree: SopsText, visit: (leaf: SopsLeaf) => void): void {
  let left = mostLeaves;
  const counted = (leaf: SopsLeaf) => {
    if (left-- === 0) throw new Failure('sops.unreadable', { reason: 'its aliases make too much of it' });
    visit(leaf);
  };
  for (const [document, { root }] of tree.documents.entries()) {
    if (root === undefined) continue;
    const members = root.members.filter((member) => member.kind === 'comment' || member.key !== sopsKey);
    walkMap({ ...root, members }, { document, path: [], place: [], comments: [], shared: false }, counted);
  }
}

type Where = Omit<SopsLeaf, 'node'>;
type Visit = (leaf: SopsLeaf) => void;

function walkMap(map: SopsMap, where: Where, visit: Visit): void {
  const own: string[] = [];
  const comments = [...where.comments, own];
  const shared = where.shared || map.anchored;
  for (const member of map.members) {
    if (member.kind === 'comment') {
      own.push(member.text);
      visit(leafOf(member, { ...where, comments, shared }));
      continue;
    }
    const path = [...where.path, member.key];
    const place = [...where.place, member.key];
    walkNode(member.value, { document: where.document, path, place, comments, shared }, visit);
    own.length = 0;
  }
}

function walkNode(node: SopsNode, where: Where, visit: Visit): void {
  if (node.kind === 'map') return walkMap(node, where, visit);
  if (node.kind === 'alias') return walkNode(node.target, { ...where, shared: true }, visit);
  if (node.kind === 'scalar') {
    if (node.scalar.type !== 'null') visit(leafOf(node, where));
    return;
  }
  const own: string[] = [];
  const inside = { ...where, comments: [...where.comments, own], shared: where.shared || node.anchored };
  let index = 0;
  for (const item of node.items) {
    if (item.kind === 'comment') {
      own.push(item.text);
      visit(leafOf(item, inside));
      continue;
    }
    walkNode(item, { ...inside, place: [...where.place, index++] }, visit);
    own.length = 0;
  }
}

/** Written out: spreading objects costs more than the walk itself. */
function leafOf(
  node: SopsScalar | SopsComment,
  { document, path, place, comments, shared }: Where,
): SopsLeaf {
  const anchored = node.kind === 'scalar' && node.anchored;
  return { node, document, path, place, comments, shared: shared || anchored };
}

/** Whether a leaf is a value. */
export function isValue(leaf: SopsLeaf): leaf is SopsLeaf<SopsScalar> {
  return leaf.node.kind === 'scalar';
}

/** Whether a leaf is a comment. */
export function isComment(leaf: SopsLeaf): leaf is SopsLeaf<SopsComment> {
  return leaf.node.kind === 'comment';
}

/** A place as messages spell it: `data.password`, `env[0].value`. */
export function placeName(place: SopsPlace): string {
  return place.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : `${name}${name === '' ? '' : '.'}${part}`,
    '',
  );
}

/** Whether two places are the same keys and positions. */
export function isSamePlace(a: SopsPlace, b: SopsPlace): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}

/** The value at a place, with what its encryption depends on; undefined where nothing stands, null does, or a collection. */
export function leafAt(
  tree: SopsText,
  target: { readonly document: number; readonly place: SopsPlace },
): SopsLeaf<SopsScalar> | undefined {
  let found: SopsLeaf<SopsScalar> | undefined;
  walkSops(tree, (leaf) => {
    if (!isValue(leaf) || leaf.document !== target.document || !isSamePlace(leaf.place, target.place)) return;
    found = { ...leaf, comments: leaf.comments.map((lines) => [...lines]) };
  });
  return found;
}
