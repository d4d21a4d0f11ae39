import { l10n, window, workspace } from 'vscode';
import type { SealedKubeconfig } from '../../app/clusters/kubeconfig-source.ts';
import { sealedIn } from '../../app/clusters/sealed-kubeconfigs.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { decodeFile } from '../../manifest/file-text.ts';
import type { Services } from '../services.ts';

/** Lists a kubeconfig that is encrypted already and whose name does not say that it is one. Nothing is opened or written. */
export async function addSealedKubeconfig(
  services: Pick<Services, 'files' | 'registry' | 'adding'>,
): Promise<void> {
  const picked = await pickSealed(services);
  if (picked === undefined) return;
  await services.adding.sealed.remember(picked);
  await services.adding.show({ from: 'workspace', sealed: picked });
}

async function pickSealed({
  files,
  registry,
}: Pick<Services, 'files' | 'registry'>): Promise<SealedKubeconfig | undefined> {
  const defaultUri = workspace.workspaceFolders?.[0]?.uri;
  const options = {
    openLabel: l10n.t('Add Cluster'),
    title: l10n.t('Encrypted Kubeconfig'),
    ...(defaultUri && { defaultUri }),
  };
  const [file] = (await window.showOpenDialog(options)) ?? [];
  if (file === undefined) return undefined;
  if (workspace.getWorkspaceFolder(file) === undefined) throw new Failure('kubeconfig.outside-workspace', {});
  const { text } = decodeFile(await files.read(file.fsPath));
  const [first, ...others] = sealedIn(text, file.fsPath, registry);
  if (first === undefined) throw new Failure('entry.not-encrypted', {});
  return others.length === 0 ? first : pickEntry([first, ...others]);
}

async function pickEntry(found: readonly SealedKubeconfig[]): Promise<SealedKubeconfig | undefined> {
  const items = found.map((sealed) => ({
    label: shown(sealed.entry ?? ''),
    description: shown(sealed.object ?? ''),
    sealed,
  }));
  const options = {
    title: l10n.t('Add Cluster'),
    placeHolder: l10n.t('Which value is the kubeconfig?'),
    ignoreFocusOut: true,
  };
  return (await window.showQuickPick(items, options))?.sealed;
}
