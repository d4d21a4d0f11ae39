import { l10n, Uri, window, workspace } from 'vscode';
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
    (await keptAt(argument, services)) ??
    (await pickKept(l10n.t('Which key do you want to back up?'), services));
  if (picked === undefined) return;
  const { key, vault } = picked;
  if (await backUp(key, vault, services)) void window.showInformationMessage(backedUp(key));
}

/** What is said of a key whose backup is written. */
export function backedUp(key: KeptKey): string {
  return l10n.t('The key local:{0} is backed up.', key.name);
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
    title: l10n.t('The backup holds the key in the clear: keep it offline or in a password manager'),
    saveLabel: l10n.t('Back Up'),
    filters: { [l10n.t('Key')]: [key.extension] },
  });
  if (file === undefined) return false;
  const { bytes } = await vault.read(key);
  await files.create(file.fsPath, bytes.expose());
  return true;
}

/** Forget Key: refused while values in the workspace are sealed to it, unless its name is typed. */
export async function forgetKey(argument: unknown, services: Services): Promise<void> {
  const picked =
    (await keptAt(argument, services)) ??
    (await pickKept(l10n.t('Which key do you want to forget?'), services));
  if (picked === undefined) return;
  const { key, vault } = picked;
  const used = await withProgress(l10n.t('Looking for values sealed to local:{0}', key.name), (signal) =>
    countUses(picked, services, signal).catch(unknownWhereLocked),
  );
  if (!(used === 0 ? await confirmForget(key) : await typeName(key, used))) return;
  await vault.remove(key);
  services.keysView.refresh();
  void window.showInformationMessage(l10n.t('The key local:{0} is forgotten.', key.name));
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
  if (kept.length === 0) throw new Failure('key.none-kept', {});
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
  for (const path of await pathsToSearch(services)) {
    signal.throwIfAborted();
    const bytes = await files.read(path).catch(() => new Uint8Array());
    if (isValueScheme(scheme))
      used += await countSealedTo(material, registry.byId(scheme), registry, bytes, signal);
    if (names.size > 0) used += countSealedDocumentsTo(names, registry, bytes);
  }
  return used;
}

/** A file that is sealed as a whole may have any name: those that the scan found are searched too. */
async function pathsToSearch({ findings }: Services): Promise<ReadonlySet<string>> {
  const usual = await workspace.findFiles('**/*.{yaml,yml,json,enc}', '**/node_modules/**', 50_000);
  const known = findings.files().flatMap(({ uri, sealed }) => (sealed ? [uri] : []));
  return new Set([...usual, ...known].map(({ fsPath }) => fsPath));
}

/** A forgotten passphrase or password is a good reason to forget its key: nothing can be counted, and all may be lost. */
function unknownWhereLocked(error: unknown): undefined {
  if (!Failure.is(error, 'key.locked') && !Failure.is(error, 'password.failed')) throw error;
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

/** @param used how many values are sealed to it; undefined where its passphrase or password was not given */
function warningOfLoss({ name }: KeptKey, used: number | undefined): string {
  if (used === undefined)
    return l10n.t(
      'Without its passphrase or password nothing tells whether values are sealed to local:{0}: they will be lost without a backup. Type {0} to forget it all the same.',
      name,
    );
  if (used === 1)
    return l10n.t(
      '1 value in this workspace is sealed to local:{0} and will be lost without a backup. Type {0} to forget it all the same.',
      name,
    );
  return l10n.t(
    '{0} values in this workspace are sealed to local:{1} and will be lost without a backup. Type {1} to forget it all the same.',
    used,
    name,
  );
}

async function typeName(key: KeptKey, used: number | undefined): Promise<boolean> {
  const prompt = warningOfLoss(key, used);
  const typed = await window.showInputBox({
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === key.name ? '' : l10n.t('Type {0}, or press Escape to keep the key.', key.name),
  });
  return typed === key.name;
}

async function confirmForget(key: KeptKey): Promise<boolean> {
  const forget = l10n.t('Forget Key');
  const detail = l10n.t(
    'No value in this workspace is sealed to it, but others may be. Without a backup it cannot be had again.',
  );
  const question = l10n.t('Forget the key local:{0}?', key.name);
  return (await window.showWarningMessage(question, { modal: true, detail }, forget)) === forget;
}
