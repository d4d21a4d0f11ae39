import { type QuickPickItem, type Uri, window } from 'vscode';
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

const title = 'Rotate Encryption Key';

interface ToItem extends QuickPickItem {
  /** Of what is in the file already. */
  readonly id?: string;
  readonly provider?: KeyedKind;
}

const details: Readonly<Record<KeyedKind, string>> = {
  secretbox: 'Recommended: authenticated, and good for any number of writes.',
  aesgcm: 'Authenticated, but a key is good for 200,000 writes only.',
  aescbc: 'Not authenticated: only where nothing else is allowed.',
};

/** From which key to which. Undefined where the person gave up. Throws `configuration.unreadable`. */
export async function askPlan(content: Uint8Array, file: Uri): Promise<RotationPlan | undefined> {
  const configuration = read(content, file);
  const from = await askFrom(configuration);
  if (from === undefined) return undefined;
  const chosen = await window.showQuickPick(toItems(configuration, from), {
    title,
    placeHolder: `What is to write instead of ${from}?`,
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
  const placeHolder = 'Several keys write, each its own resources. Which one is to be replaced?';
  return (await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.id;
}

function toItems(configuration: EncryptionConfiguration, from: string): readonly ToItem[] {
  const made = newKeyKinds.map(
    (provider): ToItem => ({
      label: `$(add) New ${provider} key…`,
      detail: details[provider],
      provider,
    }),
  );
  const known = targetsOf(configuration, from).map(
    (id): ToItem =>
      id === 'identity'
        ? { label: '$(unlock) identity', detail: 'Ends encryption at rest: all is stored in plaintext.', id }
        : { label: `$(key) ${plainLabel(id)}`, detail: 'It can read already.', id },
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
    prompt: 'Name of the new key: it stands in front of every value that it writes.',
    value: proposedKeyName(configuration, new Date()),
    ignoreFocusOut: true,
    validateInput: (text) => problemWithKeyName(text, configuration) ?? '',
  });
}
