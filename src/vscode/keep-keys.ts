import { Uri, window, workspace } from 'vscode';
import { schemeOfExtension } from '../app/key-extensions.ts';
import { countSealedDocumentsTo, countSealedTo } from '../app/keys-in-use.ts';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import { isValueScheme } from '../schemes/registry.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { askPassphrase } from './ask-passphrase.ts';
import { keptIn } from './keys/key-list.ts';
import { requireTrust } from './opening.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

interface Kept {
  readonly key: KeptKey;
  readonly vault: KeyVault;
}

/** Back Up Key: writes a kept key to a file of the person's choice, which only they can read. */
export async function backUpKey(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const picked =
    (await keptAt(argument, services)) ?? (await pickKept('Which key do you want to back up?', services));
  if (picked === undefined) return;
  const { key, vault } = picked;
  if (await backUp(key, vault, services)) void window.showInformationMessage(backedUp(key));
}

/** What is said of a key whose backup is written. */
export function backedUp(key: KeptKey): string {
  return `The key local:${key.name} is backed up.`;
}

/** Backs up one key, and tells whether it was: a person may give up. The file must not be there yet. */
export async function backUp(
  key: KeptKey,
  vault: KeyVault,
  { files }: Pick<Services, 'files'>,
): Promise<boolean> {
  const file = await window.showSaveDialog({
    // VS Code would suggest the workspace, where it might be committed.
    defaultUri: Uri.file(files.join(files.home(), `${key.name}.${key.extension}`)),
    title: 'The backup holds the key in the clear: keep it offline or in a password manager',
    saveLabel: 'Back Up',
    filters: { Key: [key.extension] },
  });
  if (file === undefined) return false;
  const { bytes } = await vault.read(key);
  await files.create(file.fsPath, bytes.expose());
  return true;
}

/** Forget Key: refused while values in the workspace are sealed to it, unless its name is typed. */
export async function forgetKey(argument: unknown, services: Services): Promise<void> {
  const picked =
    (await keptAt(argument, services)) ?? (await pickKept('Which key do you want to forget?', services));
  if (picked === undefined) return;
  const { key, vault } = picked;
  const used = await withProgress(`Looking for values sealed to local:${key.name}`, (signal) =>
    countUses(picked, services, signal),
  );
  if (!(used > 0 ? await typeName(key, used) : await confirmForget(key))) return;
  await vault.remove(key);
  services.keysView.refresh();
  void window.showInformationMessage(`The key local:${key.name} is forgotten.`);
}

/** The key of a row of the *Keys* view; where it is kept twice, whichever is meant has to be picked. */
async function keptAt(argument: unknown, { keysView, vaults }: Services): Promise<Kept | undefined> {
  const row = keysView.rowOf(argument);
  const places = row?.row === 'key' ? keptIn(row.key) : row?.row === 'place' ? [row.place] : [];
  const [place, ...others] = places.filter((one) => one.in === 'vault');
  if (place === undefined || others.length > 0) return undefined;
  const { name, extension } = place.key;
  return (await vaults.kept()).find(
    ({ key, vault }) => key.name === name && key.extension === extension && vault.title === place.vault,
  );
}

async function pickKept(placeHolder: string, { vaults }: Services): Promise<Kept | undefined> {
  const kept = await vaults.kept();
  if (kept.length === 0) throw new Failure('key.not-found', { ref: 'of your own' });
  const items = kept.map(({ key, vault }) => ({
    label: `$(key) ${key.name}`,
    description: `${schemeOfExtension(key.extension) ?? ''} · ${vault.title}`,
    kept: { key, vault },
  }));
  return (await window.showQuickPick(items, { placeHolder }))?.kept;
}

async function countUses(kept: Kept, services: Services, signal: AbortSignal): Promise<number> {
  const { registry, files } = services;
  const scheme = schemeOfExtension(kept.key.extension);
  if (scheme === undefined) return 0;
  const material = await services.keys.opened(await kept.vault.read(kept.key));
  const names = await publicNames(material, scheme, services);
  let used = 0;
  for (const file of await workspace.findFiles('**/*.{yaml,yml,json,enc}', '**/node_modules/**', 50_000)) {
    signal.throwIfAborted();
    const bytes = await files.read(file.fsPath).catch(() => new Uint8Array());
    if (isValueScheme(scheme)) used += await countSealedTo(material, registry.byId(scheme), registry, bytes);
    if (names.size > 0) used += countSealedDocumentsTo(names, registry, bytes);
  }
  return used;
}

/** What documents call the public half of a key that are sealed to it. */
async function publicNames(
  material: KeyMaterial,
  scheme: SchemeId,
  { registry }: Services,
): Promise<ReadonlySet<string>> {
  if (isValueScheme(scheme)) {
    const { fingerprint } = (await registry.byId(scheme).load()).inspect(material);
    return new Set(fingerprint === undefined ? [] : [fingerprint]);
  }
  const { readAgeKeyFile } = await import('../crypto/age/key-file.ts');
  const { keys } = await readAgeKeyFile(material.bytes.expose(), material.ref, askPassphrase);
  return new Set(keys.flatMap(({ recipient }) => recipient?.id ?? []));
}

async function typeName(key: KeptKey, used: number): Promise<boolean> {
  const values = used === 1 ? '1 value in this workspace is' : `${used} values in this workspace are`;
  const prompt = `${values} sealed to local:${key.name} and will be lost without a backup. Type ${key.name} to forget it all the same.`;
  const typed = await window.showInputBox({
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => (text === key.name ? '' : `Type ${key.name}, or press Escape to keep the key.`),
  });
  return typed === key.name;
}

async function confirmForget(key: KeptKey): Promise<boolean> {
  const forget = 'Forget Key';
  const detail =
    'No value in this workspace is sealed to it, but others may be. Without a backup it cannot be had again.';
  return (
    (await window.showWarningMessage(
      `Forget the key local:${key.name}?`,
      { modal: true, detail },
      forget,
    )) === forget
  );
}
