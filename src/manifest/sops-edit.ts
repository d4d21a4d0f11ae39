import type { Edit } from '../core/span.ts';
import { eolOf, replaceToken } from './edit.ts';
import type { SopsComment, SopsMap, SopsMember, SopsNode, SopsScalar } from './sops-tree.ts';
import { membersOf } from './sops-tree.ts';
import { doubleQuoted, writeKey, writeScalar } from './write-scalar.ts';
import { isBlank, lineEnd, nextLine, trimBlanksBack } from './yaml-lines.ts';

/** Tags that say how a scalar is to be read, which a ciphertext cannot be. */
const typeTags = /^(?:tag:yaml\.org,2002:|!!)(?:int|float|bool|null|timestamp|binary)$/;

/** The edits that put a ciphertext in the place of a scalar, in its quotes if it has any. */
export function putCiphertext(text: string, scalar: SopsScalar, ciphertext: string): readonly Edit[] {
  return putToken(text, scalar, ciphertextToken(ciphertext, scalar));
}

/** A ciphertext as a scalar: it has characters that need quotes between braces, and none that need them elsewhere. */
export function ciphertextToken(
  ciphertext: string,
  { style, flow }: Pick<SopsScalar, 'style' | 'flow'>,
): string {
  if (ciphertext === '') return '""';
  if (style === 'single') return `'${ciphertext}'`;
  return style === 'double' || flow ? `"${ciphertext}"` : ciphertext;
}

/** The edits that give a scalar another text in the clear, which reads as a string. */
export function putText(text: string, scalar: SopsScalar, value: string): readonly Edit[] {
  if (scalar.flow && scalar.style === 'double') return putToken(text, scalar, doubleQuoted(value));
  const { style, flow, indent } = scalar;
  const written = writeScalar(value, { style, flow, indent, eol: eolOf(text) });
  if (written.body !== '' && wouldTakeIn(text, scalar)) return putToken(text, scalar, doubleQuoted(value));
  return [...withoutTypeTag(text, scalar), ...replaceToken(text, scalar, written)];
}

/** Whether a block scalar would take in what stands below it: a comment that is as far to the right. */
function wouldTakeIn(text: string, { span, indent }: SopsScalar): boolean {
  let at = nextLine(text, span.end, text.length);
  while (at < text.length && trimBlanksBack(text, at, lineEnd(text, at, text.length)) === at)
    at = nextLine(text, at, text.length);
  const comment = /^[ \t]*(?=#)/.exec(text.slice(at, lineEnd(text, at, text.length)))?.[0];
  return comment !== undefined && comment.length > indent;
}

/** The edit that gives a comment another text. */
export function putComment({ span }: SopsComment, commentText: string): Edit {
  return { span, text: `#${commentText}` };
}

/** The edits that put a token of one line in the place of a scalar. */
export function putToken(text: string, scalar: SopsScalar, token: string): readonly Edit[] {
  const { span, style, tag } = scalar;
  const isOneToken = style !== 'literal' && style !== 'folded' && span.start < span.end;
  // Nearly all are this, and files have thousands.
  if (isOneToken && tag === undefined) return [{ span, text: token }];
  return [...withoutTypeTag(text, scalar), ...replaceToken(text, scalar, { token, body: '' })];
}

function withoutTypeTag(text: string, { tag, span }: SopsScalar): readonly Edit[] {
  if (tag === undefined || !typeTags.test(tag.name)) return [];
  let end = tag.span.end;
  while (end < span.start && isBlank(text.charCodeAt(end))) end++;
  return [{ span: { start: tag.span.start, end }, text: '' }];
}

/**
 * The edit that adds a member behind the last one of a mapping.
 * @param token a scalar of one line
 * @param before the member that stays last, if one must
 */
export function addMember(
  text: string,
  map: SopsMap,
  key: string,
  token: string,
  before: SopsMember | undefined,
): Edit {
  const members = membersOf(map);
  const last = members.filter((member) => member !== before).at(-1);
  if (map.flow) return addFlowMember(text, map, `${doubleQuoted(key)}: ${token}`, last, before);
  const line = `${writeKey(key, false)}: ${token}`;
  const pad = ' '.repeat(map.indent);
  if (last === undefined)
    return insertion(before?.keySpan.start ?? map.span.start, `${line}${eolOf(text)}${pad}`);
  return insertion(lineEnd(text, endOf(last.value, last), text.length), `${eolOf(text)}${pad}${line}`);
}

function addFlowMember(
  text: string,
  map: SopsMap,
  pair: string,
  last: SopsMember | undefined,
  before: SopsMember | undefined,
): Edit {
  if (last === undefined) return insertion(map.span.start + 1, before === undefined ? pair : `${pair}, `);
  const lineStart = text.lastIndexOf('\n', last.keySpan.start) + 1;
  const lead = text.slice(lineStart, last.keySpan.start);
  const separator = /^[ \t]+$/.test(lead) ? `,${eolOf(text)}${lead}` : ', ';
  return insertion(endOf(last.value, last), separator + pair);
}

/** The edit that adds the first member below a key that has nothing behind its colon. */
export function addFirstMember(
  text: string,
  { keySpan }: SopsMember,
  indent: number,
  key: string,
  token: string,
): Edit {
  const at = lineEnd(text, keySpan.end, text.length);
  return insertion(at, `${eolOf(text)}${' '.repeat(indent)}${writeKey(key, false)}: ${token}`);
}

/** The edit that takes a member out of its mapping, with its lines where it has lines of its own. */
export function removeMember(text: string, map: SopsMap, member: SopsMember): Edit {
  const members = membersOf(map);
  const index = members.indexOf(member);
  const next = members[index + 1];
  const previous = members[index - 1];
  const end = endOf(member.value, member);
  if (members.length === 1) {
    return {
      span: { start: map.flow ? map.span.start : member.keySpan.start, end: map.flow ? map.span.end : end },
      text: '{}',
    };
  }
  const lineStart = trimBlanksBack(text, 0, member.keySpan.start);
  const ownLine = lineStart === 0 || text[lineStart - 1] === '\n';
  if (!map.flow && ownLine)
    return { span: { start: lineStart, end: nextLine(text, end, text.length) }, text: '' };
  if (next !== undefined) return { span: { start: member.keySpan.start, end: next.keySpan.start }, text: '' };
  const start = previous === undefined ? member.keySpan.start : endOf(previous.value, previous);
  return { span: { start, end }, text: '' };
}

/** Where a value's last token ends; after the key's colon where there is none. */
export function endOf(node: SopsNode, member?: SopsMember): number {
  if ((node.kind === 'map' || node.kind === 'list') && !node.flow) {
    const children =
      node.kind === 'map' ? membersOf(node) : node.items.filter((item) => item.kind !== 'comment');
    const last = children.at(-1);
    if (last?.kind === 'member') return endOf(last.value, last);
    if (last !== undefined) return endOf(last);
  }
  const { start, end } = node.span;
  return start === end && member !== undefined ? Math.max(member.keySpan.end + 1, Math.min(start, end)) : end;
}

function insertion(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}
