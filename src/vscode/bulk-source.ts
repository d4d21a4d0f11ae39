import { l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Edit } from '../core/span.ts';
import { decodeFile, encodeFile } from '../manifest/file-text.ts';
import { applyEdits } from './apply-edits.ts';
import type { WritableFiles } from './services.ts';

/** A file as a command over many files reads and writes it. */
export interface BulkSource {
  readonly text: string;
  /** Instead of the text, where one token is made of the file. */
  readonly content?: Plaintext;
  /** Throws `document.changed` where it is no longer what was read. */
  write(edits: readonly Edit[], text: string): Promise<void>;
}

/**
 * An open document is edited, which one undo takes back, and saved; what is not open is written on disk. Throws
 * `document.unsaved`, `file.not-text`, and what reading throws.
 */
export async function bulkSource(uri: Uri, files: WritableFiles): Promise<BulkSource> {
  const document = openDocument(uri);
  if (document !== undefined) return documentSource(document);
  const bytes = await files.read(uri.fsPath);
  const file = decodeFile(bytes);
  if (file.lossy)
    throw new Failure('file.not-text', { reason: l10n.t('some of its bytes are not valid text') });
  return {
    text: file.text,
    write: (_edits, text) => writeClosed(uri, encodeFile(text, file), bytes, files),
  };
}

export function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

function documentSource(document: TextDocument): BulkSource {
  requireSaved(document);
  const { version } = document;
  return {
    text: document.getText(),
    async write(edits) {
      await applyEdits(document, version, edits);
      await save(document);
    },
  };
}

/** Throws `document.unsaved`. */
export function requireSaved({ isDirty, isUntitled }: TextDocument): void {
  if (isDirty || isUntitled) throw new Failure('document.unsaved', {});
}

/** Throws `file.unwritable`. */
export async function save(document: TextDocument): Promise<void> {
  if (!(await document.save()))
    throw new Failure('file.unwritable', { reason: l10n.t('it could not be saved') });
}

/** Writes ciphertext over a file as it was read. Throws `document.unsaved` and `document.changed`. */
export async function writeClosed(
  uri: Uri,
  content: Uint8Array,
  before: Uint8Array,
  files: WritableFiles,
): Promise<void> {
  // Someone began to edit it since: on disk it is not what they see.
  if (openDocument(uri)?.isDirty === true) throw new Failure('document.unsaved', {});
  await files.replaceSealed(uri.fsPath, content, before);
}
