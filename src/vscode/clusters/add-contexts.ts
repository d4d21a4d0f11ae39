import { l10n, Uri, window, workspace } from 'vscode';
import type { ClusterConnector } from '../../app/clusters/kubeconfig.ts';
import {
  fileNameFor,
  folderForKubeconfigs,
  isFileName,
  sealedKubeconfigEnding,
} from '../../app/clusters/kubeconfig-file.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import type { Services } from '../services.ts';
import { decideSealing, type KeyQuestion } from '../whole-file-key.ts';
import type { ClearKubeconfig } from './clear-kubeconfig.ts';
import { type KubeconfigTarget, keepKubeconfig } from './keep-kubeconfig.ts';
import { type Added, tellAdded } from './tell-added.ts';

/** Makes an encrypted kubeconfig of each context, one after the other; a person who gives up keeps those before. */
export async function addContexts(
  clear: ClearKubeconfig,
  contexts: readonly string[],
  connector: ClusterConnector,
  services: Services,
): Promise<void> {
  const folder = await pickFolder();
  if (folder === undefined) return;
  const all: Added[] = [];
  for (const context of contexts) {
    const content = await connector.standalone(clear.kubeconfig, context);
    const added = await addContext(context, content, folder, services);
    if (added === undefined) break;
    all.push(added);
    // The scan finds it in a while, unless it is switched off.
    await services.adding.sealed.remember(added.sealed);
    await services.adding.show({ from: 'workspace', sealed: added.sealed });
  }
  if (all.length === 0) return;
  // Each may be left unanswered for long.
  await Promise.all([tellAdded(all, clear, services), ...all.map(({ sealing }) => sealing.afterwards())]);
}

async function addContext(
  context: string,
  content: Plaintext,
  folder: Uri,
  services: Services,
): Promise<Added | undefined> {
  const target = await askTarget(context, folder, services);
  const sealing = target && (await decideSealing(target.answer, question(), services));
  if (target === undefined || sealing === undefined) return undefined;
  const verified = await keepKubeconfig(content, target, sealing, services);
  const { scheme } = sealing.how;
  return { sealed: { path: target.path, scheme, entry: undefined, object: undefined }, sealing, verified };
}

function question(): KeyQuestion {
  return {
    title: l10n.t('Add Cluster'),
    placeHolder: l10n.t(
      'Which Fernet key is the kubeconfig encrypted with? Whoever has it can open the cluster.',
    ),
  };
}

async function pickFolder(): Promise<Uri | undefined> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (folders.length === 0) throw new Failure('kubeconfig.no-folder', {});
  if (folders.length === 1) return folders[0]?.uri;
  const placeHolder = l10n.t('Which folder is the encrypted kubeconfig kept in?');
  return (await window.showWorkspaceFolderPick({ placeHolder, ignoreFocusOut: true }))?.uri;
}

/** Asks for the cluster's name, which is its file's. Undefined where the person gave up. Throws `kubeconfig.ignored`. */
async function askTarget(
  context: string,
  folder: Uri,
  { files, policies, adding }: Services,
): Promise<KubeconfigTarget | undefined> {
  const below = folderForKubeconfigs(adding.sealed.list(), (path) => files.relative(folder.fsPath, path));
  const parent = files.join(folder.fsPath, below || '.');
  const pathOf = (name: string) => files.join(parent, `${name}${sealedKubeconfigEnding}`);
  const shownAs = (name: string) => `${below === '' ? '' : `${below}/`}${name}${sealedKubeconfigEnding}`;
  const name = await window.showInputBox({
    title: l10n.t('Add Cluster: {0}', shown(context)),
    prompt: l10n.t('Name of the encrypted file: {0}', shown(shownAs(l10n.t('NAME')))),
    value: fileNameFor(context),
    ignoreFocusOut: true,
    async validateInput(text) {
      if (!isFileName(text)) return nameRule();
      return (await files.exists(pathOf(text))) ? l10n.t('{0} exists already.', shown(shownAs(text))) : '';
    },
  });
  if (name === undefined || !isFileName(name)) return undefined;
  const path = pathOf(name);
  const answer = await policies.require(Uri.file(path));
  if (answer.ignored) throw new Failure('kubeconfig.ignored', { path: shownAs(name) });
  return { folder, path, answer };
}

function nameRule(): string {
  return l10n.t(
    '1 to 63 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit.',
  );
}
