import { l10n, type QuickPickItem, type Uri, window } from 'vscode';
import { isWholeToken } from '../../app/whole-file.ts';
import { mayBeConfiguration } from '../../audit/at-rest/configuration-findings.ts';
import { findConfigurations } from '../clusters/configuration-files.ts';
import { plainLabel } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { fileOf } from '../targets.ts';

interface Item extends QuickPickItem {
  readonly uri: Uri | undefined;
}

/**
 * The file of a rotation: the one that a command names, the one in front if it may be an EncryptionConfiguration, else one of the
 * workspace that the person picks. Undefined where they gave up.
 */
export async function askRotationFile(
  argument: unknown,
  { registry }: Pick<Services, 'registry'>,
): Promise<Uri | undefined> {
  const named = fileOf(argument);
  if (named !== undefined) return named;
  const active = window.activeTextEditor?.document;
  if (active?.uri.scheme === 'file') {
    const text = active.getText();
    if (mayBeConfiguration(text) || isWholeToken(text, registry)) return active.uri;
  }
  const found = await withProgress(l10n.t('Looking for EncryptionConfigurations…'), findConfigurations);
  const items = found.map(({ uri, path }): Item => ({ label: `$(file) ${plainLabel(path)}`, uri }));
  const other: Item = { label: `$(folder-opened) ${l10n.t('Choose a File…')}`, uri: undefined };
  const placeHolder = l10n.t('Which EncryptionConfiguration is to get another key?');
  const chosen = await window.showQuickPick([...items, other], { placeHolder });
  if (chosen === undefined || chosen.uri !== undefined) return chosen?.uri;
  const [file] =
    (await window.showOpenDialog({ openLabel: l10n.t('Rotate'), title: 'EncryptionConfiguration' })) ?? [];
  return file;
}
