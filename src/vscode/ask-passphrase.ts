import { window } from 'vscode';
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
    title: 'Passphrase',
    prompt: `Passphrase of the key ${ref}. It is kept nowhere; you are asked again when the editor starts anew.`,
  }),
  password: (ref: string) => ({
    title: 'Password',
    prompt: `Password of ${ref}. It is kept nowhere.`,
  }),
  'password again': (ref: string) => ({
    title: 'Password Again',
    prompt: `The same password of ${ref} once more: what is sealed with a mistyped one is lost.`,
  }),
};
