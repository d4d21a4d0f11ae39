import { env, l10n, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { Services } from './services.ts';

/** A key as it came from a file or the clipboard. */
export interface KeySource {
  readonly bytes: Plaintext;
  readonly ref: string;
  readonly fromClipboard: boolean;
}

/** Asks for a key's bytes. Undefined where the person gave up. */
export async function askKeySource(placeHolder: string, { files }: Services): Promise<KeySource | undefined> {
  const sources = [
    { label: `$(folder-opened) ${l10n.t('From a File…')}`, clipboard: false },
    { label: `$(clippy) ${l10n.t('From the Clipboard')}`, clipboard: true },
  ];
  const source = await window.showQuickPick(sources, { placeHolder });
  if (source === undefined) return undefined;
  if (source.clipboard) {
    const text = await env.clipboard.readText();
    const ref = l10n.t('from the clipboard');
    if (text.trim() === '') throw new Failure('key.unusable', { ref, reason: l10n.t('it is empty') });
    return { bytes: Plaintext.fromText(text), ref, fromClipboard: true };
  }
  const [file] = (await window.showOpenDialog({ openLabel: l10n.t('Use Key'), title: placeHolder })) ?? [];
  if (file === undefined) return undefined;
  return { bytes: new Plaintext(await files.read(file.fsPath)), ref: file.fsPath, fromClipboard: false };
}
