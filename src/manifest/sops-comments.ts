import type { SopsComment, SopsList, SopsMap, SopsMember, SopsNode } from './sops-tree.ts';
import type { Mark } from './yaml-marks.ts';

type Collection = SopsMap | SopsList;
type Child = SopsMember | SopsNode;

/** A comment's place: the collection it belongs to, before which of its children; -1 is before the comments of the first, too. */
interface Placed {
  readonly collection: Collection;
  readonly before: number;
  readonly comment: SopsComment;
}

/**
 * Puts the comments of a document where SOPS sees them: the keys above one are what it is encrypted for, and what stands
 * behind it is what a rule about comments selects. Go's parser hangs them to heads, lines and feet of nodes (go-yaml
 * v3.0.4, `yaml_parser_scan_comments`), which comes to this: a comment on a line of its own belongs to the innermost
 * collection that is not indented deeper, one behind something to what it stands behind.
 */
export function placeComments(text: string, root: SopsMap, marks: readonly Mark[]): SopsMap {
  const placed = new Map<Collection, Placed[]>();
  const below = new Below(text);
  for (const mark of marks) {
    const one = place(text, root, mark, below);
    const known = placed.get(one.collection);
    if (known === undefined) placed.set(one.collection, [one]);
    else known.push(one);
  }
  return placed.size === 0 ? root : withComments(root, placed);
}

function place(text: string, root: SopsMap, { offset, source }: Mark, below: Below): Placed {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const span = { start: offset, end: offset + source.length };
  const alone = text.slice(lineStart, offset).trim() === '';
  const column = offset - lineStart;
  const next = alone ? below.contentColumn(offset, column) : undefined;
  // What ends with a comment and goes straight on further left is, to Go's parser, the foot of the last thing before.
  const isFoot = next !== undefined && next < column;
  const at = alone ? aboveOrBelow(root, offset, column, isFoot) : behind(root, offset);
  const firm = alone ? next === column : !/-\s*$/.test(text.slice(lineStart, offset)) && !at.collection.flow;
  return { ...at, comment: { kind: 'comment', span, text: source.slice(1), firm } };
}

/** Where a comment on a line of its own belongs. */
function aboveOrBelow(
  root: SopsMap,
  offset: number,
  column: number,
  isFoot: boolean,
): Omit<Placed, 'comment'> {
  let outer: Collection = root;
  let collection: Collection = root;
  for (;;) {
    const next = firstAfter(collection, offset);
    const inner = collectionOf(childrenOf(collection)[next - 1]);
    const started = inner !== undefined && !inner.flow && inner.span.start < offset;
    if (inner === undefined || !((isFoot && started) || reaches(inner, collection, offset, column))) {
      // Where the last item of a list is a collection, the list has ended with it: the comment is its key's.
      const hasEnded = started && collection.kind === 'list' && next === childrenOf(collection).length;
      return hasEnded
        ? { collection: outer, before: firstAfter(outer, offset) }
        : { collection, before: next };
    }
    outer = collection;
    collection = inner;
  }
}

/** What stands below comments on lines of their own. They are asked for in file order, and each line is looked at once. */
class Below {
  readonly #text: string;
  /** What the last run of comments came to: all of its lines see the same. */
  #run: { readonly column: number; readonly end: number; readonly content: number | undefined } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The column of the content that follows, behind nothing but comments of the same column. One further right counts as this. */
  contentColumn(offset: number, column: number): number | undefined {
    if (this.#run?.column !== column || offset >= this.#run.end) this.#run = this.#runFrom(offset, column);
    return this.#run.content;
  }

  #runFrom(offset: number, column: number) {
    const text = this.#text;
    let at = text.indexOf('\n', offset) + 1;
    while (at > 0) {
      const [line = ''] = text.slice(at, at + column + 1).split('\n', 1);
      const content = line.trimStart();
      const indent = line.length - content.length;
      const isComment = content.startsWith('#');
      if (!isComment || indent !== column)
        return { column, end: at, content: content === '' || isComment ? undefined : indent };
      at = text.indexOf('\n', at) + 1;
    }
    return { column, end: text.length, content: undefined };
  }
}

/** Whether a comment after the start of a collection's member belongs into that member's own collection. */
function reaches(inner: Collection, outer: Collection, offset: number, column: number): boolean {
  if (inner.flow) return offset < inner.span.end && offset > inner.span.start;
  if (inner.indent > column) return false;
  // A list may stand at the column of its key, and then what follows its last item is no more of it.
  const beside = inner.indent === outer.indent && inner.indent === column;
  return !beside || firstAfter(inner, offset) < childrenOf(inner).length;
}

/** Where a comment behind something belongs: before the innermost thing that began there. */
function behind(root: SopsMap, offset: number): Omit<Placed, 'comment'> {
  let collection: Collection = root;
  for (;;) {
    const last = firstAfter(collection, offset) - 1;
    const inner = collectionOf(childrenOf(collection)[last]);
    if (inner === undefined || inner.span.start > offset) return { collection, before: Math.max(last, 0) };
    if (inner.flow && inner.span.end <= offset) return { collection: inner, before: -1 };
    collection = inner;
  }
}

/** How many children begin before an offset. */
function firstAfter(collection: Collection, offset: number): number {
  const children = childrenOf(collection);
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const child = children[middle];
    if (child !== undefined && startOf(child) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startOf(child: Child): number {
  return child.kind === 'member' ? child.keySpan.start : child.span.start;
}

function collectionOf(child: Child | undefined): Collection | undefined {
  const node = child?.kind === 'member' ? child.value : child;
  return node?.kind === 'map' || node?.kind === 'list' ? node : undefined;
}

/** Comments are put in when all of them are placed. */
function childrenOf(collection: Collection): readonly Child[] {
  return (collection.kind === 'map' ? collection.members : collection.items) as readonly Child[];
}

function withComments<C extends Collection>(
  collection: C,
  placed: ReadonlyMap<Collection, readonly Placed[]>,
): C {
  const own = (placed.get(collection) ?? []).toSorted((a, b) => a.before - b.before);
  const children: (Child | SopsComment)[] = [];
  let next = 0;
  for (const [index, child] of childrenOf(collection).entries()) {
    for (; (own[next]?.before ?? index + 1) <= index; next++) children.push(...commentOf(own[next]));
    children.push(rebuilt(child, placed));
  }
  for (; next < own.length; next++) children.push(...commentOf(own[next]));
  return { ...collection, [collection.kind === 'map' ? 'members' : 'items']: children };
}

function commentOf(placed: Placed | undefined): readonly SopsComment[] {
  return placed === undefined ? [] : [placed.comment];
}

function rebuilt(child: Child, placed: ReadonlyMap<Collection, readonly Placed[]>): Child {
  const inner = collectionOf(child);
  if (inner === undefined) return child;
  const value = withComments(inner, placed);
  return child.kind === 'member' ? { ...child, value } : value;
}
