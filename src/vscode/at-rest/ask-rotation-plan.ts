import { l10n, type QuickPickItem, type Uri, window } from 'vscode';
import { configurationIn } from '../../app/at-rest/read-rotation-file.ts';
import {
  newKeyKinds,
  problemWithKeyName,
  proposedKeyName,
  targetsOf,
  writersIn,
} from '../../app/at-rest/rotation-choices.ts';
import { Failure } from '../../core/errors.ts';
import type { RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration, KeyedKind } from '../../manifest/at-rest/configuration.ts';
import { plainLabel } from '../plain-text.ts';

const title = l10n.t('Rotate Encryption Key');

interface ToItem extends QuickPickItem {
  /** Of what is in the file already. */
  readonly id?: string;
  readonly provider?: KeyedKind;
}

const details: { readonly [K in KeyedKind]: () => string } = {
  secretbox: () => l10n.t('Recommended: authenticated, and good for any number of writes.'),
  aesgcm: () => l10n.t('Authenticated, but a key is good for 200,000 writes only.'),
  aescbc: () => l10n.t('Not authenticated: only where nothing else is allowed.'),
};

/** From which key to which. Undefined where the person gave up. Throws `configuration.unreadable`. */
export async function askPlan(content: Uint8Array, file: Uri): Promise<RotationPlan | undefined> {
  const configuration = read(content, file);
  const from = await askFrom(configuration);
  if (from === undefined) return undefined;
  const chosen = await window.showQuickPick(toItems(configuration, from), {
    title,
    placeHolder: l10n.t('What is to write instead of {0}?', from),
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return undefined;
  if (chosen.id !== undefined) return { from, to: chosen.id };
  const name = await askName(configuration);
  return name === undefined ? undefined : { from, to: `${chosen.provider}/${name}` };
}

function read(content: Uint8Array, { fsPath: path }: Uri): EncryptionConfiguration {
  try {
    return configurationIn(content);
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}

async function askFrom(configuration: EncryptionConfiguration): Promise<string | undefined> {
  const writers = writersIn(configuration);
  const [first, ...others] = writers;
  if (others.length === 0) return first;
  const items = writers.map((id) => ({ label: plainLabel(id), id }));
  const placeHolder = l10n.t('Several keys write, each its own resources. Which one is to be replaced?');
  return (await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.id;
}

function toItems(configuration: EncryptionConfiguration, from: string): readonly ToItem[] {
  const made = newKeyKinds.map(
    (provider): ToItem => ({
      label: `$(add) ${l10n.t('New {0} key…', provider)}`,
      detail: details[provider](),
      provider,
    }),
  );
  const known = targetsOf(configuration, from).map(
    (id): ToItem =>
      id === 'identity'
        ? {
            label: '$(unlock) identity',
            detail: l10n.t('Ends encryption at rest: all is stored in plaintext.'),
            id,
          }
        : { label: `$(key) ${plainLabel(id)}`, detail: l10n.t('It can read already.'), id },
  );
  return [
    ...known.filter(({ id }) => id !== 'identity'),
    ...made,
    ...known.filter(({ id }) => id === 'identity'),
  ];
}

function askName(configuration: EncryptionConfiguration): Thenable<string | undefined> {
  return window.showInputBox({
    title,
    prompt: l10n.t('Name of the new key: it stands in front of every value that it writes.'),
    value: proposedKeyName(configuration, new Date()),
    ignoreFocusOut: true,
    validateInput: (text) => problemWithKeyName(text, configuration) ?? '',
  });
}
