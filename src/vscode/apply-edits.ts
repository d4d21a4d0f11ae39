import { type EndOfLine, type TextDocument, TextEdit, WorkspaceEdit, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Edit } from '../core/span.ts';
import { rangeOf } from './positions.ts';

/**
 * Makes edits that were computed for one version of a document, as one undo step. Throws `document.changed`.
 *
 * @param endOfLine of every line; where the document has another, changing it is a step of its own before
 */
export async function applyEdits(
  document: TextDocument,
  version: number,
  edits: readonly Edit[],
  endOfLine?: EndOfLine,
): Promise<void> {
  if (document.isClosed || document.version !== version) throw new Failure('document.changed', {});
  if (edits.length === 0) return;
  const change = new WorkspaceEdit();
  for (const edit of edits) change.replace(document.uri, rangeOf(document, edit.span), edit.text);
  if (endOfLine !== undefined && endOfLine !== document.eol) {
    // Undoing both at once, VS Code 1.139 would leave as many characters of the new text as it has lines.
    const first = new WorkspaceEdit();
    first.set(document.uri, [TextEdit.setEndOfLine(endOfLine)]);
    if (!(await workspace.applyEdit(first))) throw new Failure('document.changed', {});
  }
  if (!(await workspace.applyEdit(change))) throw new Failure('document.changed', {});
}
