import { l10n, type TextDocument, window } from 'vscode';
import type { DocumentEdit, DocumentFile, DocumentWork } from '../app/documents/document-work.ts';
import { Failure } from '../core/errors.ts';
import type { SealedDocument } from '../schemes/document-scheme.ts';
import { applyDocumentEdit, documentFile, wishFor } from './document-file.ts';
import { requireTrust } from './opening.ts';
import { withProgress } from './progress.ts';
import { confirmRecipients, recipientChange } from './recipient-change.ts';
import { sealedNear } from './sealed-at.ts';
import type { Services } from './services.ts';
import { targetOrFile } from './targets.ts';

/**
 * Update Recipients: seals a document to those that policy names today, and touches no value. The person sees before whom
 * that adds and removes; for those removed, rotating the data key is offered.
 */
export async function updateRecipients(
  argument: unknown,
  services: Pick<Services, 'documents' | 'files' | 'manifests' | 'policies' | 'registry'>,
): Promise<void> {
  const at = await sealedFor(argument, services);
  if (at === undefined) return;
  const { document, version, file, sealed, work } = at;
  const edit = await withProgress(l10n.t('Updating the recipients'), (signal) =>
    work.renew(file, sealed, wishFor(file.answer), signal),
  );
  if (edit === undefined) {
    void window.showInformationMessage(l10n.t('Policy names no other recipients for it.'));
    return;
  }
  const change = recipientChange(file, sealed, edit, services.registry);
  const rotation = change.removed.length === 0 ? undefined : rotationOf(at);
  const update = l10n.t('Update Recipients');
  const both = l10n.t('Update and Rotate Data Key');
  const chosen = await confirmRecipients(
    file.path,
    change,
    rotation === undefined ? [update] : [both, update],
  );
  if (chosen === undefined) return;
  const rotated = chosen === both ? await rotation?.() : undefined;
  await applyDocumentEdit(document, version, rotated ?? edit);
  tell(
    rotated === undefined
      ? l10n.t('Purser updated the recipients.')
      : l10n.t('Purser updated the recipients and rotated the data key.'),
  );
}

/** Rotate Data Key: encrypts every value of a document anew, for those that policy names today. */
export async function rotateDataKey(
  argument: unknown,
  services: Pick<Services, 'documents' | 'files' | 'manifests' | 'policies' | 'registry'>,
): Promise<void> {
  const at = await sealedFor(argument, services);
  if (at === undefined) return;
  const { document, version, file, sealed } = at;
  const rotation = rotationOf(at);
  if (rotation === undefined) {
    void window.showInformationMessage(l10n.t('Each value here has a key of its own: set it again.'));
    return;
  }
  const edit = await rotation();
  const change = recipientChange(file, sealed, edit, services.registry);
  const rotate = l10n.t('Rotate Data Key');
  const isSame = change.added.length + change.removed.length === 0;
  if (!isSame && (await confirmRecipients(file.path, change, [rotate])) === undefined) return;
  await applyDocumentEdit(document, version, edit);
  tell(l10n.t('Purser rotated the data key.'));
}

/** A document that is to be sealed anew. */
interface ToRenew {
  readonly document: TextDocument;
  readonly version: number;
  readonly file: DocumentFile;
  readonly sealed: SealedDocument;
  readonly work: DocumentWork;
}

async function sealedFor(
  argument: unknown,
  services: Parameters<typeof updateRecipients>[1],
): Promise<ToRenew | undefined> {
  requireTrust();
  const target = await targetOrFile(argument);
  if (target === undefined) return undefined;
  const { document, offset } = target;
  const { version } = document;
  const place = sealedNear(services.manifests.examine(document), offset);
  if (place === undefined) throw new Failure('entry.not-encrypted', {});
  const file = await documentFile(document, services);
  const { sealed } = place;
  return { document, version, file, sealed, work: await services.documents.of(sealed) };
}

/** Undefined where each value has a key of its own. */
function rotationOf({ work, file, sealed }: ToRenew): (() => Promise<DocumentEdit>) | undefined {
  const rotation = work.rotateDataKey?.bind(work);
  const wish = wishFor(file.answer);
  return (
    rotation &&
    (() => withProgress(l10n.t('Rotating the data key'), (signal) => rotation(file, sealed, wish, signal)))
  );
}

function tell(text: string): void {
  window.setStatusBarMessage(`$(key) ${text}`, 5000);
}
