import { type Uri, window, workspace } from 'vscode';

/** The folder of the workspace that something is to be added to. */
export async function targetFolder(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length <= 1) return folders[0]?.uri;
  return (await window.showWorkspaceFolderPick())?.uri;
}
