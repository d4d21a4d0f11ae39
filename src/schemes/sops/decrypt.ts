import { Failure } from '../../core/errors.ts';
import type { Edit } from '../../core/span.ts';
import { putComment, removeMember } from '../../manifest/sops-edit.ts';
import {
  membersOf,
  type SopsMember,
  type SopsNode,
  type SopsScalar,
  type SopsText,
} from '../../manifest/sops-tree.ts';
import { reread, type SopsOpening } from './change.ts';
import { clearEdits } from './clear-text.ts';
import { blockOf, type SopsFile } from './file.ts';
import { clearValue, openSops } from './open.ts';
import type { OpenedSops, OpenedSopsComment, OpenedSopsValue } from './opened.ts';
import { sharedValue } from './seal.ts';
import { isValue, walkSops } from './walk.ts';

/**
 * The edits that make plaintext of an encrypted file: every value and comment opened, the `sops` mappings taken out.
 * @throws Failure as `openSops`; `document.not-editable`, `entry.not-text`, `edit.unverified`
 */
export function decryptSops(opening: SopsOpening): {
  readonly edits: readonly Edit[];
  readonly values: number;
} {
  const { file } = opening;
  const opened = openSops(file, opening.dataKey, opening.selects);
  const sealed = opened.values.filter(({ encrypted, node }) => encrypted && node.text !== '');
  const edits = [
    ...sealed.flatMap((value) => clearedValue(file, value)),
    ...opened.comments.flatMap((comment) => clearedComment(file, comment)),
    ...listsOfComments(file, opened.comments),
    ...file.tree.documents.flatMap(({ root }) => {
      const block = blockOf(root);
      return root === undefined || block === undefined ? [] : [removeMember(file.tree.text, root, block)];
    }),
  ];
  requireSame(file, opened, edits);
  return { edits, values: sealed.length };
}

function clearedValue({ tree }: SopsFile, value: OpenedSopsValue): readonly Edit[] {
  if (value.shared) throw sharedValue(tree, value);
  return clearEdits(tree, value.node, { type: value.type, bytes: value.plaintext.expose() });
}

/** SOPS keeps comments between the items of a list as items of their own. */
function clearedComment({ tree }: SopsFile, { node, plaintext }: OpenedSopsComment): readonly Edit[] {
  const text = plaintext.exposeText();
  if (text === undefined) throw new Failure('entry.not-text', {});
  if (node.kind === 'comment') return [putComment(node, text)];
  return [{ span: { start: dashBefore(tree.text, node), end: node.span.end }, text: `#${text}` }];
}

interface Seen {
  readonly node: SopsNode;
  /** Whose value it is. */
  readonly member?: SopsMember;
}

/** What a list of nothing but comments is without their dashes: nothing at all would be null. */
function listsOfComments({ tree }: SopsFile, comments: readonly OpenedSopsComment[]): readonly Edit[] {
  const opened = new Set<unknown>(comments.map(({ node }) => node));
  const edits: Edit[] = [];
  const todo: Seen[] = [];
  for (const { root } of tree.documents) if (root !== undefined) todo.push({ node: root });
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { node, member } = next;
    if (node.kind === 'map') for (const one of membersOf(node)) todo.push({ node: one.value, member: one });
    if (node.kind !== 'list') continue;
    const items = node.items.filter((item) => item.kind !== 'comment');
    if (items.length > 0 && items.every((item) => opened.has(item))) edits.push(emptyList(tree, member));
    else for (const item of items) todo.push({ node: item });
  }
  return edits;
}

function emptyList({ text }: SopsText, member: SopsMember | undefined): Edit {
  if (member === undefined)
    throw new Failure('document.not-editable', { reason: 'it has a list of nothing but comments in a list' });
  const at = text.indexOf(':', member.keySpan.end) + 1;
  return { span: { start: at, end: at }, text: ' []' };
}

function dashBefore(text: string, { span, flow }: SopsScalar): number {
  const dash = text.lastIndexOf('-', span.start);
  if (flow || !/^-[ \t]+$/.test(text.slice(dash, span.start)))
    throw new Failure('document.not-editable', { reason: 'it has an encrypted comment between braces' });
  return dash;
}

/** Throws `edit.unverified` unless SOPS would read the values that were opened, each of its type. */
function requireSame({ tree }: SopsFile, { values }: OpenedSops, edits: readonly Edit[]): void {
  let at = 0;
  let same = true;
  const after = reread(tree, edits);
  walkSops(after, (leaf) => {
    if (!isValue(leaf)) return;
    const { type, bytes } = clearValue(after, leaf);
    const before = values[at++];
    same &&=
      before !== undefined && before.type === type && Buffer.compare(before.plaintext.expose(), bytes) === 0;
  });
  if (!same || at !== values.length) throw new Failure('edit.unverified', {});
}
