import { Failure } from '../core/errors.ts';
import { applyEdits, type Edit } from '../core/span.ts';
import { splitDocuments } from './documents.ts';
import { OutlineBuilder, type OutlineMap, type OutlineNode } from './outline.ts';
import { objectsOf } from './outline-objects.ts';
import { tellDocument } from './parse.ts';
import { contentOfNode, contentOfPieces, type Piece } from './pieces.ts';
import { textChange } from './text-change.ts';
import { BlockObjectWriter, notEditable } from './write-block-object.ts';
import { isJson, JsonObjectWriter } from './write-json-object.ts';

/**
 * An object of a file, read by the parser, that may be written anew.
 * @param at where it begins
 * @throws Failure `manifest.unparsable`, `document.not-editable`
 */
export function editableObject(text: string, at: number): OutlineMap {
  const span = splitDocuments(text).find(({ start, end }) => start <= at && at < end);
  const outline = new OutlineBuilder(text, span?.end ?? 0);
  const [problem] = span === undefined ? [] : tellDocument(text, span, outline);
  if (problem !== undefined) throw new Failure('manifest.unparsable', { reason: problem.message });
  const found = objectsOf(outline.root).find(({ object }) => object.start === at);
  if (found === undefined) throw new Failure('document.changed', {});
  if (found.anchor !== undefined) throw notEditable('an anchor stands around it', text, found.anchor);
  requirePlain(text, found.object);
  if (found.object.flow && !isJson(text, found.object)) {
    throw notEditable('it is in flow style and not JSON', text, at);
  }
  return found.object;
}

/**
 * The edit that writes an object anew from pieces of itself and new ones, cut down to what changes. Checked: the whole text is
 * read again, and the object must hold what the pieces do.
 * @throws Failure `document.not-editable`, `edit.unverified`
 */
export function rewriteObject(text: string, object: OutlineMap, pieces: readonly Piece[]): Edit {
  const writer = object.flow ? new JsonObjectWriter(text, object) : new BlockObjectWriter(text, object);
  const { start, end } = writer.span;
  const written = writer.write(pieces);
  const change = textChange(text.slice(start, end), written);
  const edit: Edit = {
    span: { start: start + change.start, end: start + change.oldEnd },
    text: written.slice(change.start, change.newEnd),
  };
  const after = applyEdits(text, [edit]);
  if (!holds(after, object.start, pieces)) throw new Failure('edit.unverified', {});
  return edit;
}

function holds(text: string, at: number, pieces: readonly Piece[]): boolean {
  try {
    return contentOfNode(editableObject(text, at)) === contentOfPieces(pieces);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Refuses what two readers could take for different objects, and what would lose its meaning where it is moved. */
function requirePlain(text: string, node: OutlineNode): void {
  if (node.is === 'alias') throw notEditable('it holds an alias', text, node.start);
  if (node.is === 'absent') return;
  if (node.anchor !== undefined) throw notEditable('it holds an anchor', text, node.start);
  if (node.tag !== undefined) throw notEditable('it holds a tag', text, node.start);
  if (node.is === 'list') for (const item of node.items) requirePlain(text, item);
  if (node.is !== 'map') return;
  const seen = new Set<string>();
  for (const { key, value } of node.pairs) {
    if (key === undefined) throw notEditable('a key is no text', text, value.start);
    requirePlain(text, key);
    if (key.text === '<<') throw notEditable('it merges another map in', text, key.start);
    if (seen.has(key.text)) throw notEditable('a key stands twice', text, key.start);
    seen.add(key.text);
    requirePlain(text, value);
  }
}
