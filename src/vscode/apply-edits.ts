import { type TextDocument, WorkspaceEdit, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Edit } from '../core/span.ts';
import { rangeOf } from './positions.ts';

/** Makes edits that were computed for one version of a document, as one undo step. Throws `document.changed`. */
export async function applyEdits(
  document: TextDocument,
  version: number,
  edits: readonly Edit[],
): Promise<void> {
  if (document.isClosed || document.version !== version) throw new Failure('document.changed', {});
  if (edits.length === 0) return;
  const change = new WorkspaceEdit();
  for (const edit of edits) change.replace(document.uri, rangeOf(document, edit.span), edit.text);
  if (!(await workspace.applyEdit(change))) throw new Failure('document.changed', {});
}
