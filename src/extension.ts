import { config } from '@vscode/l10n';
import { type ExtensionContext, l10n, window } from 'vscode';
import { registerCommands } from './vscode/commands.ts';
import { Disposables } from './vscode/disposables.ts';
import type { Services } from './vscode/services.ts';
import { tellBugTo } from './vscode/tell-bug.ts';

/**
 * Registers the commands; reads no file and waits for nothing. What watches the workspace and looks into documents comes right
 * after.
 */
export function activate(context: ExtensionContext): void {
  // What is said outside of vscode/ is translated by the same bundle.
  config({ contents: l10n.bundle ?? {} });
  const own = new Disposables();
  context.subscriptions.push(own);
  const log = own.add(window.createOutputChannel('Purser', { log: true }));
  let services: Promise<Services> | undefined;
  const look = () =>
    (services ??= import('./looking.ts').then(({ startLooking }) => startLooking(context, own, log)));
  own.add(registerCommands(look, log));
  const soon = setImmediate(() => void look().catch(tellBugTo(log)));
  own.add({ dispose: () => clearImmediate(soon) });
}
