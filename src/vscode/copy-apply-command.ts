import { env, l10n, window, workspace } from 'vscode';
import { applyCommand } from '../app/apply-command.ts';
import { Failure } from '../core/errors.ts';
import type { Services } from './services.ts';
import { targetOf } from './targets.ts';

/** Copy Apply Command: what opens this file and applies it, to be run in the top folder of the workspace. No value is in it. */
export async function copyApplyCommand(argument: unknown, { files }: Services): Promise<void> {
  const target = await targetOf(argument);
  const uri = target?.document.uri;
  const folder = uri && workspace.getWorkspaceFolder(uri);
  if (uri?.scheme !== 'file') return;
  const command = applyCommand(
    folder === undefined ? uri.fsPath : files.relative(folder.uri.fsPath, uri.fsPath),
  );
  if (command === undefined)
    throw new Failure('file.unreadable', {
      reason: l10n.t('its name has characters that a terminal might act on'),
    });
  await env.clipboard.writeText(command);
  const sentence =
    folder === undefined
      ? l10n.t('The command is on the clipboard.')
      : l10n.t('For {0}: the command is on the clipboard.', folder.name);
  window.setStatusBarMessage(`$(copy) ${sentence}`, 5000);
}
