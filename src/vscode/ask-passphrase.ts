import { window } from 'vscode';
import { shown } from '../app/sentence.ts';
import { requireTrust } from './opening.ts';

/**
 * Asks for the passphrase of a private key, unseen. It is nowhere written down: what it unlocks is kept in memory as long as
 * the editor runs. Undefined where the person gave up. Throws `workspace.untrusted`.
 */
export async function askPassphrase(ref: string): Promise<string | undefined> {
  requireTrust();
  return window.showInputBox({
    title: 'Passphrase',
    prompt: `Passphrase of the key ${shown(ref)}. It is kept nowhere; you are asked again when the editor starts anew.`,
    password: true,
    ignoreFocusOut: true,
  });
}
