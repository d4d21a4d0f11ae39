import * as l10n from '@vscode/l10n';
import { Finding } from './finding.ts';
import { wholeFilePlace } from './whole-file.ts';

/** Flux decrypts no larger file (fluxcd/kustomize-controller, internal/decryptor). */
export const fluxSizeLimit = 5 * 1024 * 1024;

/** In bytes of UTF-8, a UTF-16 unit is three at most. */
const longestUnit = 3;

/** A SOPS file that is too large for Flux. */
export function fluxFileSize(text: string): Finding | undefined {
  if (text.length * longestUnit <= fluxSizeLimit || !isSopsFile(text)) return undefined;
  if (Buffer.byteLength(text) <= fluxSizeLimit) return undefined;
  const matter = () =>
    l10n.t('the file is larger than 5 MiB, and Flux decrypts no file of that size: split it');
  return new Finding(wholeFilePlace(text), 'flux/file-too-large', 'warning', matter);
}

/** Whether SOPS encrypted a text, or a part of one: a block of its own says so, which has no other name. */
export function isSopsFile(text: string): boolean {
  return (
    text.includes('ENC[AES256_GCM,') && /^(?:sops:|[ \t]{0,16}"sops"[ \t]{0,8}:)|[{,]"sops":/m.test(text)
  );
}
