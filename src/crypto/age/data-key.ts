import { armor, Encrypter } from 'age-encryption';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { unusable } from '../unusable.ts';
import { type AgeFile, malformed, readAgeFile } from './age-file.ts';
import type { AgeKey } from './age-key.ts';
import { readArmor } from './armor.ts';
import { type AgeRecipient, sealerOf, shortRecipient } from './recipient.ts';

/** One recipient takes 4 kB at most; whoever writes more has other things in mind. */
const largest = 65_536;

/**
 * Seals a data key to one recipient: the `enc` of a SOPS file, an ASCII-armored age file with its final newline.
 * @throws Failure `key.unusable` for a recipient that nothing can be sealed to
 */
export async function wrapDataKey(dataKey: Plaintext, recipient: AgeRecipient): Promise<string> {
  try {
    const encrypter = new Encrypter();
    encrypter.addRecipient(sealerOf(recipient));
    return armor.encode(await encrypter.encrypt(dataKey.expose()));
  } catch {
    // The checksum of a recipient does not say that it is a point, nor one that hides anything.
    throw unusable(shortRecipient(recipient), 'it is no public key that anything can be sealed to');
  }
}

/**
 * Opens a data key with the first key that fits; keys that may ask for a passphrase come last. Undefined means: it is
 * sealed to none of them.
 * @throws Failure `ciphertext.malformed` where it is no age file, or was altered; `key.unusable` where the one key that
 * would fit cannot be had from its passphrase
 */
export async function unwrapDataKey(enc: string, keys: readonly AgeKey[]): Promise<Plaintext | undefined> {
  const file = readWrapped(enc);
  const failures: Failure[] = [];
  for (const key of [...keys.filter(({ locked }) => !locked), ...keys.filter(({ locked }) => locked)]) {
    try {
      const opened = await key.open(file);
      if (opened !== undefined) return new Plaintext(opened);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failures.push(error);
    }
  }
  if (failures[0] !== undefined) throw failures[0];
  return undefined;
}

function readWrapped(enc: string): AgeFile {
  if (enc.length > largest) throw malformed(`it is longer than ${largest} characters`);
  const bytes = readArmor(enc);
  if (bytes === undefined) throw malformed('its armor is damaged');
  return readAgeFile(bytes);
}
