import * as l10n from '@vscode/l10n';
import type { FoundKey } from './found-key.ts';

const identity = /AGE-SECRET-KEY-(?:PQ-)?1[02-9AC-HJ-NP-Z]{58,120}/g;

/** age identities (X25519 and post-quantum), told by their checksum: a sample with a letter changed is none. */
export function* ageKeys(text: string): Iterable<FoundKey> {
  if (!text.includes('AGE-SECRET-KEY-')) return;
  for (const { index, 0: found } of text.matchAll(identity)) {
    if (isBech32(found.toLowerCase()))
      yield { span: { start: index, end: index + found.length }, what: l10n.t('an age identity') };
  }
}

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Whether the checksum of a Bech32 string (BIP 173) is right. */
function isBech32(text: string): boolean {
  const separator = text.lastIndexOf('1');
  const prefix = Array.from(text.slice(0, separator), (letter) => letter.charCodeAt(0));
  const data = Array.from(text.slice(separator + 1), (letter) => alphabet.indexOf(letter));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of generator.entries()) if (((top >>> bit) & 1) === 1) sum ^= term;
  }
  return sum === 1;
}
