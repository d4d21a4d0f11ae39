import { l10n, Uri, window, workspace } from 'vscode';
import { repositoryAround, sealedEnding } from '../../app/at-rest/configuration-file.ts';
import { type NewConfiguration, newConfiguration } from '../../app/at-rest/new-configuration.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { documentSchemeOf } from '../document-file.ts';
import { leadsInside } from '../inside-folder.ts';
import type { SealedFileTarget } from '../keep-sealed-file.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import type { Services } from '../services.ts';
import { askConfiguration } from './ask-configuration.ts';
import { decideConfigurationSealing, writeSealed } from './seal-configuration.ts';

const title = l10n.t('New EncryptionConfiguration');

const places = {
  sealed: {
    label: `$(lock) ${l10n.t('Encrypted, in the Workspace…')}`,
    detail: l10n.t('As policy says; the key is never on disk in clear.'),
  },
  clear: {
    label: `$(warning) ${l10n.t('In Clear, Outside of Any Git Repository…')}`,
    detail: l10n.t('Whoever reads the file can read the Secrets of the cluster.'),
  },
} as const;

/** New EncryptionConfiguration: with a key of its own, sealed before it is written, or in clear where the person says so. */
export async function newEncryptionConfiguration(services: Services): Promise<void> {
  requireTrust();
  const wanted = await askConfiguration(title);
  if (wanted === undefined) return;
  const items = Object.values(places);
  const options = { title, placeHolder: l10n.t('Where is it kept? It holds a key.'), ignoreFocusOut: true };
  // A key service keeps its key: there is nothing to hide.
  const place = wanted.provider.kind === 'kms' ? places.clear : await window.showQuickPick(items, options);
  if (place === undefined) return;
  const content = newConfiguration(wanted, new Plaintext(crypto.getRandomValues(new Uint8Array(32))));
  if (place.label === places.sealed.label) await keepSealed(content, services);
  else await keepClear(content, wanted, services);
}

async function keepSealed(content: Plaintext, services: Services): Promise<void> {
  const target = await askTarget(services);
  const how = target && (await decideConfigurationSealing(target, title, services));
  if (target === undefined || how === undefined) return;
  const verified = await writeSealed(content, target, how, services);
  const name = workspace.asRelativePath(Uri.file(target.path));
  const unverified = l10n.t('It was not opened again to verify: the private key is not at hand.');
  const sentences = [
    l10n.t('{0} is written, encrypted.', name),
    ...(verified ? [] : [unverified]),
    l10n.t(
      'Put its plaintext on every control plane node (purser decrypt), the same file on each, and start kube-apiserver with --encryption-provider-config.',
    ),
  ];
  const told = window.showInformationMessage(plainMessage(sentences.join(' ')));
  await Promise.all([told, how.by === 'token' ? how.sealing.afterwards() : undefined]);
}

/** Undefined where the person gave up. Throws `policy.…`. */
async function askTarget({ files, policies }: Services): Promise<SealedFileTarget | undefined> {
  const [folder] = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folder === undefined) throw new Failure('policy.none', {});
  const root = folder.uri.fsPath;
  const plain = 'encryption-config.yaml';
  const isSops = documentSchemeOf(await policies.require(Uri.joinPath(folder.uri, plain))) === 'sops';
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t('Name of the encrypted file, in the workspace'),
    value: isSops ? plain : `${plain}${sealedEnding}`,
    ignoreFocusOut: true,
    async validateInput(text) {
      const path = files.join(root, text);
      if (text.trim() === '' || !(await leadsInside(path, root, files)) || !files.contains(root, path))
        return l10n.t('A path in the workspace folder.');
      return (await files.exists(path)) ? l10n.t('There is such a file already.') : '';
    },
  });
  if (typed === undefined) return undefined;
  const path = files.join(root, typed);
  return { path, answer: await policies.require(Uri.file(path)) };
}

async function keepClear(
  content: Plaintext,
  { provider }: NewConfiguration,
  { files }: Services,
): Promise<void> {
  const file = await window.showSaveDialog({
    defaultUri: Uri.file(files.join(files.home(), 'encryption-config.yaml')),
    title: provider.kind === 'kms' ? title : l10n.t('The file holds a key in the clear: keep it out of git'),
    saveLabel: l10n.t('Write'),
  });
  if (file === undefined) return;
  if (provider.kind !== 'kms' && (await repositoryAround(file.fsPath, files)) !== undefined)
    throw new Failure('configuration.in-repository', {}, { path: file.fsPath });
  await files.create(file.fsPath, content.expose());
  const next = l10n.t(
    'The configuration is written. Put the same file on every control plane node, and start kube-apiserver with --encryption-provider-config.',
  );
  void window.showInformationMessage(next);
}
