import { l10n, window } from 'vscode';
import { newKeySecret } from '../../app/at-rest/rotation-choices.ts';
import { onOneLine } from '../../app/sentence.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';

const sizes: Readonly<Record<string, readonly number[]>> = {
  secretbox: [32],
  aescbc: [16, 24, 32],
  aesgcm: [16, 24, 32],
};

/**
 * The key that is to be added, in base64: a random one, or one that the person has. Undefined where they gave up.
 * @param id as `Reader.id` spells it
 */
export async function askNewKey(id: string): Promise<Plaintext | undefined> {
  const random = `$(sparkle) ${l10n.t('Make a Random Key')}`;
  const own = `$(key) ${l10n.t('Use a Key That I Have…')}`;
  const items = [
    { label: random, detail: l10n.t('32 bytes that nobody has seen.') },
    { label: own, detail: l10n.t('In base64, such as head -c 32 /dev/urandom | base64 prints.') },
  ];
  const title = l10n.t('Add {0}', onOneLine(id));
  const chosen = await window.showQuickPick(items, {
    title,
    placeHolder: l10n.t('Which key?'),
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return undefined;
  return chosen.label === random ? newKeySecret() : askOwnKey(title, id);
}

async function askOwnKey(title: string, id: string): Promise<Plaintext | undefined> {
  const problem = (text: string) => problemWith(text, id.slice(0, id.indexOf('/')));
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t('The key in base64. It is written into the file.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => problem(text) ?? '',
  });
  return typed === undefined || problem(typed) !== undefined ? undefined : Plaintext.fromText(typed.trim());
}

function problemWith(typed: string, kind: string): string | undefined {
  const text = Plaintext.fromText(typed.trim());
  const bytes = keyBytes({ start: 0, end: 0, text });
  if (bytes === undefined || bytes.byteLength === 0) return l10n.t('This is not base64.');
  const lengths = sizes[kind] ?? [];
  if (lengths.includes(bytes.byteLength)) return undefined;
  const [first = '', ...others] = lengths.map(String);
  const allowed = others.reduce((some, one) => l10n.t('{0} or {1}', some, one), first);
  return l10n.t('A {0} key has {1} bytes, and this has {2}.', kind, allowed, bytes.byteLength);
}
