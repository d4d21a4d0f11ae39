import { l10n, window } from 'vscode';
import type { KeptKey, KeyVault } from '../app/ports.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { isKeyName } from '../policy/key-reference.ts';
import type { Services } from './services.ts';

/** Asks for a key's name, `NAME` of `local:NAME`. */
export function askKeyName(prompt: string, value = ''): Thenable<string | undefined> {
  const rule = l10n.t(
    '1 to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
  );
  return window.showInputBox({
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (isKeyName(text) ? '' : rule),
  });
}

/** Asks where to keep a key. */
export async function pickVault({ vaults }: Services): Promise<KeyVault | undefined> {
  const details = [
    l10n.t('Only this editor can use it.'),
    l10n.t('The command line can use it too: a file that only you can read.'),
  ];
  const items = vaults.vaults.map((vault, index) => ({
    label: l10n.t('In {0}', vault.title),
    detail: details[index] ?? '',
    vault,
  }));
  const placeHolder = l10n.t('Where should the key be kept?');
  return (await window.showQuickPick(items, { placeHolder, ignoreFocusOut: true }))?.vault;
}

/** Keeps key bytes where the person says, and tells so; false where they say nothing. */
export async function keepKey(key: KeptKey, secret: Plaintext, services: Services): Promise<boolean> {
  const vault = await pickVault(services);
  if (vault === undefined) return false;
  await vault.save(key, secret);
  services.keysView.refresh();
  void window.showInformationMessage(l10n.t('The key local:{0} is kept in {1}.', key.name, vault.title));
  return true;
}
