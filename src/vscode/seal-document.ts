import { l10n, type TextDocument, window } from 'vscode';
import { valuesIn } from '../app/history/sealed-values.ts';
import { requireValid } from '../app/policy-finder.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import type { DocumentSchemeId } from '../schemes/document-scheme.ts';
import { applyDocumentEdit, documentFile, wishFor } from './document-file.ts';
import { withProgress } from './progress.ts';
import { tellEncrypted } from './sealing.ts';
import type { Services } from './services.ts';
import { warnOfPast } from './warn-of-past.ts';

/** What to seal as a whole, and how. */
export interface DocumentSealing {
  readonly scheme: DocumentSchemeId;
  /** Keys the person picked in this command. */
  readonly keys?: readonly KeyReference[];
  /** In the object to seal; undefined: all that there is in the file. */
  readonly offset: number | undefined;
}

/** Encrypts a file, or an object in it, with a scheme that seals documents: one undo step. */
export async function sealDocument(
  document: TextDocument,
  { scheme, keys, offset }: DocumentSealing,
  services: Services,
): Promise<void> {
  const { version } = document;
  const file = await documentFile(document, services);
  requireValid(file.answer);
  const work = await services.documents.of({ scheme });
  const edit = await withProgress(
    l10n.t('Encrypting'),
    (signal) => work.seal(file, offset, wishFor(file.answer, keys), signal),
    services.trust,
  );
  if (edit.values === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to encrypt here.'));
    return;
  }
  await applyDocumentEdit(document, version, edit);
  tellEncrypted(edit.values, edit.verification === 'opened');
  warnOfPast(document.uri, valuesIn(file.text, edit.edits), services);
}
