import { l10n, window, workspace } from 'vscode';
import { freeName, newKkpKey, problemOfKeyName, suggestKeyName } from '../../app/kkp/key-secret.ts';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import type { KkpChange } from '../../manifest/kkp/kkp-change.ts';
import type { Services } from '../services.ts';
import { askPlace, askSecretFile } from './ask-key-secret.ts';
import type { ClusterManifest } from './cluster-manifest.ts';
import { sealKeySecret } from './seal-key-secret.ts';
import type { SealedSecretFile } from './write-change.ts';

const title = l10n.t('New Encryption Key');

/** A new key in a Secret that is sealed already, and the change that refers to it. Undefined where the person gave up. */
export async function makeKey(
  kkp: KkpEncryption,
  manifest: ClusterManifest,
  services: Services,
): Promise<
  { readonly change: Extract<KkpChange, { step: 'add' }>; readonly secret: SealedSecretFile } | undefined
> {
  const { files } = services;
  const keys = kkp.spec?.keys ?? [];
  const used = keys.map(({ name }) => name);
  const name = await window.showInputBox({
    title,
    prompt: l10n.t(
      'Name of the key. It must be one that no key of this cluster ever had: KKP keeps the value that a name had first.',
    ),
    value: suggestKeyName(used, new Date()),
    validateInput: (text) => problemOfKeyName(text, used) ?? '',
  });
  if (name === undefined) return undefined;
  const taken = keys.flatMap(({ from }) => (from === 'value' ? [] : [from.secret]));
  const own = freeName(name, taken);
  const place = await askPlace({ title, cluster: kkp.cluster, name: own, taken });
  if (place === undefined) return undefined;
  const path = await askSecretFile(title, folderOf(manifest, files), place.name, services);
  if (path === undefined) return undefined;
  const key = place.copiedTo === undefined ? 'key' : name;
  const text = await sealKeySecret({ ...place, entries: new Map([[key, newKkpKey()]]) }, path, services);
  if (text === undefined) return undefined;
  return { change: { step: 'add', key: { name, secret: place.name, key } }, secret: { path, text } };
}

function folderOf(manifest: ClusterManifest, files: Services['files']): string {
  if (typeof manifest === 'object') return files.parent(manifest.document.uri.fsPath);
  return workspace.workspaceFolders?.[0]?.uri.fsPath ?? files.home();
}
