import { TabInputText, type Uri, window } from 'vscode';

/** Closes the editors of a file that is gone: what was in it would stay to be seen, and to be saved again. */
export async function closeTabs(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all
    .flatMap(({ tabs: all }) => all)
    .filter(({ input }) => input instanceof TabInputText && input.uri.toString() === uri.toString());
  await window.tabGroups.close(tabs);
}
