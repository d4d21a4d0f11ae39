import { l10n, window } from 'vscode';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import { applyDocumentEdit, documentFile, wishFor } from './document-file.ts';
import { requireTrust } from './opening.ts';
import { withProgress } from './progress.ts';
import { type SealedPlace, sealedNear } from './sealed-at.ts';
import type { Services } from './services.ts';
import { itemChoices } from './set-item.ts';
import { targetOf } from './targets.ts';

/** Remove Value: takes an item out of a sealed document, and leaves all others as they are. */
export async function removeValue(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const { version } = document;
  const place = sealedNear(services.manifests.examine(document), offset);
  if (place === undefined) throw new Failure('entry.not-encrypted', {});
  const item = place.item ?? (await pickItem(place));
  if (item === undefined) return;
  const work = await services.documents.of(place.sealed);
  if (work.scheme.traits.opensToChange) requireTrust();
  const file = await documentFile(document, services);
  const edit = await withProgress(l10n.t('Removing'), () =>
    work.remove(file, place.sealed, item, wishFor(file.answer)),
  );
  await applyDocumentEdit(document, version, edit);
  window.setStatusBarMessage(`$(trash) ${l10n.t('Purser removed {0}.', shown(item.key))}`, 5000);
}

async function pickItem({ sealed }: SealedPlace) {
  const placeHolder = l10n.t('Which value do you want to remove?');
  return (await window.showQuickPick(itemChoices(sealed), { placeHolder }))?.item;
}
