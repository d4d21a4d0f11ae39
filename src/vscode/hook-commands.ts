import { l10n, window, workspace } from 'vscode';
import { shown } from '../app/sentence.ts';
import { requireTrust } from './opening.ts';
import type { Services } from './services.ts';

/** Install Pre-Commit Hook: git asks Purser before each commit in this clone. */
export async function installHook({ hooks }: Services): Promise<void> {
  requireTrust();
  const folder = await askFolder();
  if (folder === undefined) return;
  const { file, shared, chained } = await hooks.install(folder);
  const sentences = [
    l10n.t('Every commit is looked at first by {0}.', shown(file)),
    ...(chained ? [l10n.t('The hook that was there runs after it.')] : []),
    ...(shared
      ? [
          l10n.t(
            'This file is a part of the repository: once it is committed, other clones ask for the hook too.',
          ),
        ]
      : []),
  ];
  void window.showInformationMessage(sentences.join(' '));
}

/** Remove Pre-Commit Hook: what was there before is put back. */
export async function removeHook({ hooks }: Services): Promise<void> {
  requireTrust();
  const folder = await askFolder();
  if (folder === undefined) return;
  const file = await hooks.remove(folder);
  void window.showInformationMessage(
    file === undefined
      ? l10n.t('There was no hook of Purser here.')
      : l10n.t('The hook is gone from {0}.', shown(file)),
  );
}

async function askFolder(): Promise<string | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}
