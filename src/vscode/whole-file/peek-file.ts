import { l10n, type TextDocument, type Uri, window, workspace } from 'vscode';
import type { KubeconfigSummary } from '../../app/clusters/kubeconfig.ts';
import { openWholeFile } from '../../app/clusters/open-kubeconfig.ts';
import { isWholeToken } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { ok } from '../../core/result.ts';
import { confirmMovedFrom, keysFor, requireTrust } from '../opening.ts';
import { showPeek } from '../peek-values.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { documentOf, fileOf } from '../targets.ts';
import { showKubeconfig } from './kubeconfig-panel.ts';

/** Peek File: what a file is that is one ciphertext. Of a kubeconfig where it leads; anything else as one masked row. */
export async function peekFile(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const document = await documentAt(argument);
  if (document === undefined) return;
  const text = document.getText();
  if (!isWholeToken(text, services.registry)) throw new Failure('entry.not-encrypted', {});
  const name = workspace.asRelativePath(document.uri);
  const { registry } = services;
  const opening = { registry, keysFor: keysFor(document, services), mayOpenMoved: confirmMovedFrom };
  const opened = await openWholeFile(text, opening);
  if (opened === undefined) return;
  warnOfWeakFile(text.trim(), services);
  const summary = await kubeconfigIn(opened, name, services);
  if (summary !== undefined) return showKubeconfig(name, summary);
  const at = { uri: document.uri.toString(), offset: 0 };
  const value = {
    name,
    key: l10n.t('the file'),
    opened: ok(opened),
    at,
    setCommand: 'purser.setFile',
  } as const;
  showPeek([value], services.clipboard);
}

/** Says so where the file is sealed in a way that is out of date. */
function warnOfWeakFile(token: string, { registry }: Services): void {
  const weakness = registry.ofToken(token)?.token?.describe(token).weakness;
  if (weakness === undefined) return;
  void window.showWarningMessage(
    l10n.t('This file is sealed with {0}, which is out of date: use Seal Again.', weakness),
  );
}

/** The file that a command names, or else the one that is open. */
export async function documentAt(argument: unknown): Promise<TextDocument | undefined> {
  const file: Uri | undefined = fileOf(argument) ?? window.activeTextEditor?.document.uri;
  return file && documentOf(file.toString());
}

/** Undefined for what is none, or none that can be read. */
async function kubeconfigIn(
  text: Plaintext,
  title: string,
  { adding }: Services,
): Promise<KubeconfigSummary | undefined> {
  if (!/\bclusters\b/.test(text.exposeText() ?? '')) return undefined;
  const connector = await withProgress(l10n.t('Opening'), () => adding.connector());
  try {
    return connector.summary({ title, text, files: undefined });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
