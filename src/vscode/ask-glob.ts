import { l10n, window, workspace } from 'vscode';

/** Asks for which files a new rule is to be: those beside the one in the editor, unless the person says otherwise. */
export function askGlob(prompt: string): Thenable<string | undefined> {
  const document = window.activeTextEditor?.document;
  const relative = document === undefined ? '' : workspace.asRelativePath(document.uri, false);
  const folder = relative.includes('/') ? `${relative.slice(0, relative.lastIndexOf('/'))}/**` : '**';
  return window.showInputBox({
    prompt,
    value: folder,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? l10n.t('A glob is required.') : ''),
  });
}
