import { l10n, type Uri, window, workspace } from 'vscode';
import { pastOf } from '../app/history/past-of.ts';
import type { NamedValue } from '../app/history/sealed-values.ts';
import { Failure } from '../core/errors.ts';
import { plainMessage } from './plain-text.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

/**
 * Looks whether values that were just sealed stand in plaintext in the history, and warns of those that do. Nothing waits for
 * it. In Restricted Mode no program is run, and so nothing is looked for.
 */
export function warnOfPast(uri: Uri, values: readonly NamedValue[], services: Services): void {
  if (!workspace.isTrusted || uri.scheme !== 'file') return;
  const { log } = services;
  search(uri, values, services).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') return;
    const why = Failure.is(error, 'git.failed') ? error.details.reason : undefined;
    log.warn(
      `The history was not looked through: ${why ?? (error instanceof Error ? (error.stack ?? '') : '')}`,
    );
  });
}

async function search(uri: Uri, values: readonly NamedValue[], services: Services): Promise<void> {
  const past = await withProgress(l10n.t('Looking for the values in the history'), (signal) =>
    pastOf(uri.fsPath, values, services, signal),
  );
  if (past?.found !== undefined) void window.showWarningMessage(plainMessage(past.found));
  else if (past?.unseen !== undefined) window.setStatusBarMessage(`$(history) ${past.unseen}`, 5000);
}
