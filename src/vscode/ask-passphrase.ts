import { l10n, window } from 'vscode';
import type { AskSecret } from '../app/ports.ts';
import { shown } from '../app/sentence.ts';
import { requireTrust } from './opening.ts';

/**
 * Asks for the passphrase of a private key, unseen. It is nowhere written down: what it unlocks is kept in memory as long as
 * the editor runs. Undefined where the person gave up. Throws `workspace.untrusted`.
 */
export async function askPassphrase(ref: string): Promise<string | undefined> {
  return askSecret('passphrase', ref);
}

/** The same for the other secrets that a person may know by heart. */
export const askSecret: AskSecret = async (what, ref) => {
  requireTrust();
  return window.showInputBox({ ...questions[what](shown(ref)), password: true, ignoreFocusOut: true });
};

const questions = {
  passphrase: (ref: string) => ({
    title: l10n.t('Passphrase'),
    prompt: l10n.t(
      'Passphrase of the key {0}. It is kept nowhere; you are asked again when the editor starts anew.',
      ref,
    ),
  }),
  password: (ref: string) => ({
    title: l10n.t('Password'),
    prompt: l10n.t('Password of {0}. It is kept nowhere.', ref),
  }),
  'sealing password': (ref: string) => ({
    title: l10n.t('Password'),
    prompt: l10n.t('Password of {0}. It is kept in memory until this window is closed or reloaded.', ref),
  }),
  'password again': (ref: string) => ({
    title: l10n.t('Password Again'),
    prompt: l10n.t('The same password of {0} once more: what is sealed with a mistyped one is lost.', ref),
  }),
};
