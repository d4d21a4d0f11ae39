import { l10n, type TextDocument, type Uri, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Edit } from '../core/span.ts';
import { decodeFile, encodeFile, type FileText } from '../manifest/file-text.ts';
import { applyEdits } from './apply-edits.ts';
import type { WritableFiles } from './services.ts';

/** A file as a command over many files reads and writes it. */
export interface BulkSource {
  readonly text: string;
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
    write: (_edits, text) => writeClosed(uri, { bytes, file, text }, files),
  };
}

function openDocument(uri: Uri): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}

function documentSource(document: TextDocument): BulkSource {
  if (document.isDirty || document.isUntitled) throw new Failure('document.unsaved', {});
  const { version } = document;
  return {
    text: document.getText(),
    async write(edits) {
      await applyEdits(document, version, edits);
      if (!(await document.save()))
        throw new Failure('file.unwritable', { reason: l10n.t('it could not be saved') });
    },
  };
}

interface Written {
  readonly bytes: Uint8Array;
  readonly file: FileText;
  readonly text: string;
}

async function writeClosed(uri: Uri, { bytes, file, text }: Written, files: WritableFiles): Promise<void> {
  // Someone began to edit it since: on disk it is not what they see.
  if (openDocument(uri)?.isDirty === true) throw new Failure('document.unsaved', {});
  await files.replaceSealed(uri.fsPath, encodeFile(text, file), bytes);
}
