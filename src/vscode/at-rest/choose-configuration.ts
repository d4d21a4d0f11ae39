import { l10n, type QuickPickItem, type Uri, window } from 'vscode';
import { openConfiguration } from '../../app/at-rest/open-configuration.ts';
import { Failure } from '../../core/errors.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { findConfigurations } from '../clusters/configuration-files.ts';
import { wishFor } from '../document-file.ts';
import { keysFor } from '../opening.ts';
import { plainLabel } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

type Opening = Pick<Services, 'files' | 'policies' | 'keys' | 'registry' | 'documents'>;

/** What a person chose; without a configuration where they want to do without. */
export interface ChosenConfiguration {
  readonly configuration: EncryptionConfiguration | undefined;
}

interface Item extends QuickPickItem {
  readonly uri?: Uri;
  readonly other?: true;
}

const anotherFile = (): Item => ({ label: `$(folder-opened) ${l10n.t('Choose a File…')}`, other: true });

/**
 * Asks for an EncryptionConfiguration: one of the workspace or any file. One that is sealed is opened in memory, as *Peek* would.
 * Undefined where the person gave up.
 *
 * @param without what doing without one means
 */
export async function chooseConfiguration(
  placeHolder: string,
  without: string,
  services: Opening,
): Promise<ChosenConfiguration | undefined> {
  const found = await withProgress(l10n.t('Looking for EncryptionConfigurations…'), findConfigurations);
  const files = found.map(({ uri, path }): Item => ({ label: `$(file) ${plainLabel(path)}`, uri }));
  const none: Item = { label: `$(circle-slash) ${without}` };
  const chosen = await window.showQuickPick([...files, anotherFile(), none], { placeHolder });
  if (chosen === undefined) return undefined;
  if (chosen.uri === undefined && chosen.other === undefined) return { configuration: undefined };
  const uri = chosen.uri ?? (await askFile());
  return uri && { configuration: await open(uri, services) };
}

async function askFile(): Promise<Uri | undefined> {
  const title = l10n.t('The EncryptionConfiguration, encrypted or not');
  return (await window.showOpenDialog({ openLabel: l10n.t('Use Configuration'), title }))?.[0];
}

async function open(uri: Uri, services: Opening): Promise<EncryptionConfiguration> {
  const { files, policies, registry, documents } = services;
  const path = uri.fsPath;
  try {
    const answer = await policies.require(uri);
    const bytes = await files.read(path);
    const opening = { path, registry, documents, keysFor: keysFor({ uri }, services), answer };
    return await withProgress(l10n.t('Opening'), (signal) =>
      openConfiguration(bytes, { ...opening, wish: wishFor(answer), signal }),
    );
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}
