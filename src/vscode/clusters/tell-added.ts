import { Uri, window, workspace } from 'vscode';
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
    parts.push('It was not opened again to verify: the private key is not at hand.');
  if (clipboard !== undefined) {
    const clear = 'Clear Clipboard';
    const message = [...parts, 'It is still on the clipboard, in clear.'].join(' ');
    if ((await window.showInformationMessage(message, clear)) === clear)
      await services.clipboard.clear(clipboard);
  } else if (file !== undefined && workspace.getWorkspaceFolder(file) !== undefined) {
    const where = shown(workspace.asRelativePath(file));
    parts.push(`The kubeconfig still stands in clear in ${where}.`);
    parts.push('Delete that file, and renew its credentials if it was ever committed.');
    void window.showWarningMessage(parts.join(' '));
  } else void window.showInformationMessage(parts.join(' '));
}

function sentenceOf(all: readonly Added[]): string {
  const names = all.map(({ sealed }) => shown(workspace.asRelativePath(Uri.file(sealed.path))));
  const [first, ...others] = all;
  const needsRule = all.some(({ sealing }) => sealing.needsRule);
  if (first !== undefined && others.length === 0) {
    const { scheme, reference } = first.sealing.how;
    const rule = needsRule ? ', and .purser.yaml has a rule for it' : '';
    return `${names.join()} is encrypted with ${scheme} to ${shown(reference.text)}${rule}.`;
  }
  const rule = needsRule ? ', and .purser.yaml has a rule for them' : '';
  return `${names.join(' and ')} are encrypted${rule}.`;
}
