import { l10n, type TextDocument, type Uri } from 'vscode';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { decodeFile } from '../manifest/file-text.ts';
import { applyEdits } from './apply-edits.ts';
import { type BulkSource, openDocument, requireSaved, save, writeClosed } from './bulk-source.ts';
import type { WritableFiles } from './services.ts';

/** A file of which one token is made. */
export interface WholeSource {
  /** The bytes on disk; of a document with changes, those that it would be saved as. */
  readonly content: Plaintext;
  /** Whether the token stands on disk, rather than in the document alone. Throws `document.changed`. */
  write(token: string): Promise<boolean>;
}

/** VS Code would save a token with a byte order mark, or in two bytes a character. */
export const savesNoAscii = /^utf(?:8bom|16)/;

/**
 * The document is edited, which one undo takes back, unless a token could not be saved from it. Throws what reading throws, and
 * where it has changes and something else than UTF-8 is on disk, `document.unsaved` or `file.not-text`.
 */
export async function wholeSource(
  uri: Uri,
  document: TextDocument | undefined,
  files: WritableFiles,
): Promise<WholeSource> {
  if (document === undefined) return closedSource(uri, files);
  const { version, encoding, isDirty } = document;
  const text = document.getText();
  if (!isDirty && savesNoAscii.test(encoding)) return closedSource(uri, files);
  if (isDirty) await requirePlain(document, files);
  const content = isDirty ? Plaintext.fromText(text) : new Plaintext(await files.read(uri.fsPath));
  return {
    content,
    async write(token) {
      await applyEdits(document, version, [{ span: { start: 0, end: text.length }, text: token }]);
      return false;
    },
  };
}

/** As `wholeSource`, for a command over many files. Throws `document.unsaved` where the document has changes. */
export async function wholeBulkSource(uri: Uri, files: WritableFiles): Promise<BulkSource> {
  const document = openDocument(uri);
  if (document !== undefined) requireSaved(document);
  const source = await wholeSource(uri, document, files);
  return {
    text: '',
    content: source.content,
    async write(_edits, token) {
      if (!(await source.write(token)) && document !== undefined) await save(document);
    },
  };
}

async function closedSource(uri: Uri, files: WritableFiles): Promise<WholeSource> {
  const bytes = await files.read(uri.fsPath);
  return {
    content: new Plaintext(bytes),
    async write(token) {
      await writeClosed(uri, new TextEncoder().encode(token), bytes, files);
      return true;
    },
  };
}

/** What was no text on disk is lost in the document, and would be in what is sealed. */
async function requirePlain({ uri, encoding }: TextDocument, files: WritableFiles): Promise<void> {
  if (encoding !== 'utf8') throw new Failure('document.unsaved', {});
  if (!(await files.exists(uri.fsPath))) return;
  const { bom, lossy } = decodeFile(await files.read(uri.fsPath));
  if (bom) throw new Failure('document.unsaved', {});
  if (lossy)
    throw new Failure('file.not-text', {
      reason: l10n.t('some of its bytes are not valid text (revert the changes, or use purser encrypt)'),
    });
}
