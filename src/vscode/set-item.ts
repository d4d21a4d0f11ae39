import { l10n, type QuickPickItem, type TextDocument, window } from 'vscode';
import type { SetTarget } from '../app/documents/document-work.ts';
import type { ItemAddress } from '../app/documents/item-address.ts';
import { shown } from '../app/sentence.ts';
import { entryName, type Located } from '../manifest/address.ts';
import type { ItemObject, SealedDocument, SealedItem } from '../schemes/document-scheme.ts';
import { askValue } from './ask-value.ts';
import { applyDocumentEdit, documentFile, wishFor } from './document-file.ts';
import { requireTrust } from './opening.ts';
import { withProgress } from './progress.ts';
import { tellEncrypted } from './sealing.ts';
import type { Services } from './services.ts';
import { warnOfPast } from './warn-of-past.ts';

/** Gives an item of a sealed document another value. */
export async function setItem(
  document: TextDocument,
  sealed: SealedDocument,
  item: SealedItem,
  services: Services,
): Promise<void> {
  const address = addressIn(item.object, item.name);
  await set(document, { document: sealed, address, item }, services);
}

/** The same for an entry of a Secret that stands in a sealed document, and is not sealed itself. */
export async function setEntryOf(
  document: TextDocument,
  sealed: SealedDocument,
  { object, entry }: Located,
  services: Services,
): Promise<void> {
  const { apiVersion, kind, namespace, name } = object;
  const address = addressIn({ apiVersion, kind, namespace, name }, entryName(entry));
  await set(document, { document: sealed, address, item: undefined }, services);
}

/** Asks which item of a sealed document is to be set, or for the name of a new one. */
export async function pickItemToSet(
  document: TextDocument,
  sealed: SealedDocument,
  services: Services,
): Promise<void> {
  const add: QuickPickItem & { readonly item?: SealedItem } = { label: `$(add) ${l10n.t('Add a value…')}` };
  const placeHolder = l10n.t('Which value do you want to set?');
  const picked = await window.showQuickPick([...itemChoices(sealed), add], { placeHolder });
  if (picked === undefined) return;
  if (picked.item !== undefined) return setItem(document, sealed, picked.item, services);
  const object = await pickObject(sealed);
  const name = object && (await askItemName(sealed, object));
  if (object === undefined || name === undefined) return;
  await set(document, { document: sealed, address: addressIn(object, name), item: undefined }, services);
}

/** The items of a sealed document as they are picked from. */
export function itemChoices({
  items,
}: SealedDocument): readonly (QuickPickItem & { readonly item: SealedItem })[] {
  return items.map((item) => ({
    label: shown(item.name),
    description: shown(item.object.name ?? ''),
    item,
  }));
}

async function pickObject({ objects }: SealedDocument): Promise<ItemObject | undefined> {
  const nameless: ItemObject = {
    apiVersion: undefined,
    kind: undefined,
    namespace: undefined,
    name: undefined,
  };
  if (objects.length < 2) return objects[0] ?? nameless;
  const choices = objects.map((object) => ({
    label: shown([object.namespace, object.name].filter((part) => part !== undefined).join('/')),
    description: shown(object.kind ?? ''),
    object,
  }));
  return (await window.showQuickPick(choices, { placeHolder: l10n.t('To which object?') }))?.object;
}

/** A new one most likely stands beside those that are there. */
function askItemName({ items }: SealedDocument, object: ItemObject): Thenable<string | undefined> {
  const beside = items.findLast((item) => item.object === object) ?? items.at(-1);
  const above = beside?.name.endsWith(beside.key) === true ? beside.name.slice(0, -beside.key.length) : '';
  return window.showInputBox({
    prompt: l10n.t('Name of the new value, such as {0}', shown(`${above}password`)),
    value: above,
    valueSelection: [above.length, above.length],
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' || text === above ? l10n.t('A name is required.') : ''),
  });
}

function addressIn({ kind, namespace, name }: ItemObject, item: string): ItemAddress {
  const object = kind === undefined ? undefined : { kind, namespace: namespace ?? '', name: name ?? '' };
  return { object, name: item };
}

async function set(document: TextDocument, target: SetTarget, services: Services): Promise<void> {
  const { version } = document;
  const work = await services.documents.of(target.document);
  if (work.scheme.traits.opensToChange) requireTrust();
  const file = await documentFile(document, services);
  const value = await askValue(target.address.name, services);
  if (value === undefined) return;
  const setIt = () => work.set(file, target, value, wishFor(file.answer));
  const edit = await withProgress(l10n.t('Encrypting'), setIt, services.trust);
  await applyDocumentEdit(document, version, edit);
  tellEncrypted(1, edit.verification === 'opened');
  warnOfPast(document.uri, [{ name: target.address.name, plaintext: value }], services);
}
