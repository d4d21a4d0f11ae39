import { type DataTransferFile, l10n, type QuickPickItem, type Uri, window } from 'vscode';
import { Failure } from '../../core/errors.ts';
import { requireTrust } from '../opening.ts';
import type { Services } from '../services.ts';
import { addContexts } from './add-contexts.ts';
import { addSealedKubeconfig } from './add-sealed-kubeconfig.ts';
import {
  type ClearKubeconfig,
  clearClipboard,
  clearDropped,
  clearFile,
  pickContexts,
} from './clear-kubeconfig.ts';

interface Way extends QuickPickItem {
  readonly from: 'file' | 'clipboard' | 'own' | 'workspace';
}

function ways(): readonly Way[] {
  return [
    {
      label: `$(folder-opened) ${l10n.t('Kubeconfig File…')}`,
      detail: l10n.t('Is encrypted into the workspace, with a rule for it. The file itself stays as it is.'),
      from: 'file',
    },
    {
      label: `$(clippy) ${l10n.t('Kubeconfig in the Clipboard')}`,
      detail: l10n.t('The same, from the clipboard.'),
      from: 'clipboard',
    },
    {
      label: `$(home) ${l10n.t('Contexts of Your Own Kubeconfig…')}`,
      detail: l10n.t('The same, from KUBECONFIG or ~/.kube/config.'),
      from: 'own',
    },
    {
      label: `$(lock) ${l10n.t('Encrypted Kubeconfig in the Workspace…')}`,
      detail: l10n.t('Is listed under Clusters from now on, whatever its name.'),
      from: 'workspace',
    },
  ];
}

/** Add Cluster: a kubeconfig in clear becomes an encrypted file and its rule; one that is encrypted already is listed. */
export async function addCluster(services: Services): Promise<void> {
  requireTrust();
  const [title, placeHolder] = [l10n.t('Add Cluster'), l10n.t('Where is the kubeconfig?')];
  const way = await window.showQuickPick(ways(), { title, placeHolder, matchOnDetail: true });
  if (way === undefined) return;
  if (way.from === 'workspace') return addSealedKubeconfig(services);
  const clear = await clearFrom(way.from, services);
  if (clear !== undefined) await addClear(clear, services);
}

/** Adds what was dropped on the view, in the same way. */
export async function addDropped(dropped: Uri | DataTransferFile, services: Services): Promise<void> {
  requireTrust();
  await addClear(await clearDropped(dropped, services), services);
}

async function addClear(clear: ClearKubeconfig, services: Services): Promise<void> {
  const connector = await services.adding.connector();
  const contexts = await pickContexts(clear, connector);
  if (contexts !== undefined) await addContexts(clear, contexts, connector, services);
}

async function clearFrom(
  from: Exclude<Way['from'], 'workspace'>,
  services: Services,
): Promise<ClearKubeconfig | undefined> {
  if (from === 'clipboard') return clearClipboard(services);
  if (from === 'own') return ownKubeconfig(services);
  const options = { openLabel: l10n.t('Add Cluster'), title: l10n.t('Kubeconfig') };
  const [file] = (await window.showOpenDialog(options)) ?? [];
  return file && clearFile(file, services);
}

async function ownKubeconfig({ adding: { own } }: Services): Promise<ClearKubeconfig> {
  const kubeconfig = await own.read();
  if (kubeconfig !== undefined) return { kubeconfig, file: undefined, clipboard: undefined };
  const [file = ''] = own.paths();
  throw new Failure('kubeconfig.unreadable', { file, reason: l10n.t('there is no such file') });
}
