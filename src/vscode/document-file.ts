import { type TextDocument, Uri, window, workspace } from 'vscode';
import type { DocumentEdit, DocumentFile, DocumentWish } from '../app/documents/document-work.ts';
import { statedScheme } from '../app/how-to-seal.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import { type DocumentSchemeId, isDocumentScheme } from '../schemes/document-scheme.ts';
import { applyEdits } from './apply-edits.ts';
import { plainMessage } from './plain-text.ts';
import type { Services } from './services.ts';

/** A document as those who work on sealed documents take it. One that is no file yet is taken to stand in the first folder. */
export async function documentFile(
  document: TextDocument,
  { policies, files }: Pick<Services, 'policies' | 'files'>,
): Promise<DocumentFile> {
  const text = document.getText();
  const uri = document.uri.scheme === 'file' ? document.uri : newFile(files.home());
  return { path: uri.fsPath, text, answer: await policies.require(uri) };
}

function newFile(home: string): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(home);
  return Uri.joinPath(folder, 'untitled.yaml');
}

/** What a person asks for in the editor: policy decides, unless they picked a key. */
export function wishFor({ base, root }: PolicyAnswer, keys: readonly KeyReference[] = []): DocumentWish {
  return { keys, site: { base, root }, accepted: [] };
}

/** The scheme that policy states for a document, if it is one that seals documents. */
export async function statedDocumentScheme(
  document: TextDocument,
  services: Pick<Services, 'policies' | 'files'>,
): Promise<DocumentSchemeId | undefined> {
  const { answer } = await documentFile(document, services);
  return documentSchemeOf(answer);
}

/** The same of an answer that is at hand. */
export function documentSchemeOf(
  answer: Pick<PolicyAnswer, 'rule' | 'sopsFile'> | undefined,
): DocumentSchemeId | undefined {
  const stated = answer && statedScheme(answer);
  return stated !== undefined && isDocumentScheme(stated) ? stated : undefined;
}

/** Applies edits as one undo step, and tells what the person should know of them. */
export async function applyDocumentEdit(
  document: TextDocument,
  version: number,
  { edits, notes }: DocumentEdit,
): Promise<void> {
  await applyEdits(document, version, edits);
  if (notes.length > 0) void window.showInformationMessage(plainMessage(notes.join(' ')));
}
