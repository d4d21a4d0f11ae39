import { l10n, type TextDocument, window } from 'vscode';
import { ManifestText } from '../app/manifest-text.ts';
import { shown } from '../app/sentence.ts';
import { planSet } from '../app/set-value.ts';
import { Failure } from '../core/errors.ts';
import { entryName, type Located } from '../manifest/address.ts';
import { tokenOf } from '../manifest/secret.ts';
import { applyEdits } from './apply-edits.ts';
import { askValue } from './ask-value.ts';
import { sealDocument } from './seal-document.ts';
import { sealedAt, sealedNear } from './sealed-at.ts';
import { howToSealIn, tellEncrypted, valueKey } from './sealing.ts';
import type { Services } from './services.ts';
import { pickItemToSet, setEntryOf, setItem } from './set-item.ts';
import { entryAt, requireExpected, targetOf } from './targets.ts';
import { warnOfPast } from './warn-of-past.ts';

/** Set Value: a value typed unseen, or taken from the clipboard or a file; only its ciphertext reaches the document. */
export async function setValue(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const examined = services.manifests.examine(document);
  const place = sealedAt(examined, offset);
  if (place?.item !== undefined) {
    requireExpected(argument, place.item.name);
    return setItem(document, place.sealed, place.item, services);
  }
  const manifest = new ManifestText(examined.manifest);
  const there = entryAt(manifest.manifest, offset);
  if (there !== undefined) requireExpected(argument, entryName(there.entry));
  if (place !== undefined && there !== undefined) return setEntryOf(document, place.sealed, there, services);
  const near = there === undefined ? sealedNear(examined, offset) : undefined;
  if (near !== undefined) return pickItemToSet(document, near.sealed, services);
  const located = there ?? (await pickEntry(manifest));
  if (located !== undefined) await setValueAt(document, located, services);
}

/** Sets the value of one entry of a Secret. */
export async function setValueAt(
  document: TextDocument,
  located: Located,
  services: Services,
): Promise<void> {
  const { version } = document;
  const manifest = new ManifestText(services.manifests.examine(document).manifest);
  manifest.requireEditable(located);
  const token = tokenOf(located.entry);
  const oldScheme = token === undefined ? undefined : services.registry.ofToken(token)?.id;
  const how = await howToSealIn(document.uri, services, oldScheme);
  if (how === undefined) return;
  if (how.unit === 'document')
    return offerToSeal(document, { ...how, offset: located.object.span.start }, services);
  const key = await valueKey(how, services);
  const plaintext = await askValue(entryName(located.entry), services);
  if (plaintext === undefined) return;
  const plan = await planSet(manifest, located, plaintext, key);
  await applyEdits(document, version, plan.edits);
  tellEncrypted(1, plan.verification === 'opened');
  warnOfPast(document.uri, [{ name: entryName(located.entry), plaintext }], services);
}

/** Where documents are sealed as a whole, one value of one that is not cannot be. */
async function offerToSeal(
  document: TextDocument,
  sealing: Parameters<typeof sealDocument>[1],
  services: Services,
): Promise<void> {
  const { unit, verbs } = services.registry.documentById(sealing.scheme).traits;
  const state =
    unit === 'file'
      ? l10n.t('This file is to be encrypted as a whole with {0}, and stands in plaintext.', sealing.scheme)
      : l10n.t(
          'This Secret is to be encrypted as a whole with {0}, and stands in plaintext.',
          sealing.scheme,
        );
  const question = `${state} ${l10n.t('Its values can be set once it is.')}`;
  const seal = verbs.seal === 'Seal' ? l10n.t('Seal') : l10n.t('Encrypt');
  if ((await window.showInformationMessage(question, seal)) !== seal) return;
  await sealDocument(document, sealing, services);
}

async function pickEntry(manifest: ManifestText): Promise<Located | undefined> {
  const items = manifest.entries().map((located) => ({
    label: shown(entryName(located.entry)),
    description: shown(located.object.name ?? ''),
    located,
  }));
  if (items.length === 0) throw new Failure('manifest.no-entries', {});
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which value do you want to set?') }))
    ?.located;
}
