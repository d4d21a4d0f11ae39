import { l10n, Uri, window, workspace } from 'vscode';
import type { SealedKubeconfig } from '../../app/clusters/kubeconfig-source.ts';
import { shown } from '../../app/sentence.ts';
import type { Services } from '../services.ts';
import type { WholeFileSealing } from '../whole-file-key.ts';
import type { ClearKubeconfig } from './clear-kubeconfig.ts';

/** A kubeconfig that was added. */
export interface Added {
  readonly sealed: SealedKubeconfig;
  readonly sealing: WholeFileSealing;
  readonly verified: boolean;
}

/** Says in one notification what was written, and what still stands in clear: nothing is deleted unasked. */
export async function tellAdded(
  all: readonly Added[],
  { file, clipboard }: ClearKubeconfig,
  services: Pick<Services, 'clipboard'>,
): Promise<void> {
  const parts = [sentenceOf(all)];
  if (!all.every(({ verified }) => verified))
    parts.push(l10n.t('It was not opened again to verify: the private key is not at hand.'));
  if (clipboard !== undefined) {
    const clear = l10n.t('Clear Clipboard');
    const message = [...parts, l10n.t('The kubeconfig is still on the clipboard, in clear.')].join(' ');
    if ((await window.showInformationMessage(message, clear)) === clear)
      await services.clipboard.clear(clipboard);
  } else if (file !== undefined && workspace.getWorkspaceFolder(file) !== undefined) {
    const where = shown(workspace.asRelativePath(file));
    parts.push(l10n.t('The kubeconfig still stands in clear in {0}.', where));
    parts.push(l10n.t('Delete that file, and renew its credentials if it was ever committed.'));
    void window.showWarningMessage(parts.join(' '));
  } else void window.showInformationMessage(parts.join(' '));
}

function sentenceOf(all: readonly Added[]): string {
  const [first, ...others] = all;
  if (first !== undefined && others.length === 0) return sentenceOfOne(first);
  const names = all.map(nameOf).reduce((before, name) => l10n.t('{0} and {1}', before, name));
  return all.some(({ sealing }) => sealing.needsRule)
    ? l10n.t('{0} are encrypted, and .purser.yaml has a rule for them.', names)
    : l10n.t('{0} are encrypted.', names);
}

function sentenceOfOne(added: Added): string {
  const { how, needsRule } = added.sealing;
  const [name, reference] = [nameOf(added), shown(how.reference.text)];
  return needsRule
    ? l10n.t(
        '{0} is encrypted with {1} to {2}, and .purser.yaml has a rule for it.',
        name,
        how.scheme,
        reference,
      )
    : l10n.t('{0} is encrypted with {1} to {2}.', name, how.scheme, reference);
}

function nameOf({ sealed }: Added): string {
  return shown(workspace.asRelativePath(Uri.file(sealed.path)));
}
