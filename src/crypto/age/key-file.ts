import { identityToRecipient } from 'age-encryption';
import { utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { unusable } from '../unusable.ts';
import { type AgeFile, ageFileBegin, openAgeFile, readAgeFile } from './age-file.ts';
import { type AgeKey, type AskPassphrase, kept, LockedKeys, NativeKey, passphraseOf } from './age-key.ts';
import { armorBegin, readArmor } from './armor.ts';
import { readAgeRecipient } from './recipient.ts';
import { requirePassphraseFile, ScryptIdentity } from './scrypt-identity.ts';
import { readSshKeyFile } from './ssh-key-file.ts';

/** What a key file holds. */
export interface AgeKeyFile {
  readonly keys: readonly AgeKey[];
  /** Lines that are no key Purser can use, plugins among them; the others serve all the same. */
  readonly refused: readonly Failure<'key.unusable'>[];
}

/** As age has it for a file under a passphrase. */
const largest = 16 * 1024 * 1024;
/** Each identity costs a millisecond. */
const mostIdentities = 1000;
const largestText = 1024 * 1024;

/**
 * Reads private keys: a key file as age-keygen writes it, one that is sealed with a passphrase, or a private key of SSH.
 * @throws Failure `key.unusable` where nothing in it can be used
 */
export async function readAgeKeyFile(
  bytes: Uint8Array,
  ref: string,
  ask: AskPassphrase,
): Promise<AgeKeyFile> {
  if (bytes.byteLength >= largest) throw unusable(ref, `it is larger than ${largest} bytes`);
  if (Buffer.from(bytes.subarray(0, ageFileBegin.length)).toString('latin1') === ageFileBegin)
    return { keys: [lockedKeyFile(bytes, ref, ask)], refused: [] };
  const text = utf8(bytes)?.trim();
  if (text === undefined) throw unusable(ref, 'it is not text');
  if (text.startsWith(armorBegin)) {
    const file = readArmor(text);
    if (file === undefined) throw unusable(ref, 'its armor is damaged');
    return { keys: [lockedKeyFile(file, ref, ask)], refused: [] };
  }
  if (text.startsWith('-----BEGIN')) return { keys: [readSshKeyFile(text, ref, ask)], refused: [] };
  return readIdentities(text, ref);
}

function lockedKeyFile(bytes: Uint8Array, ref: string, ask: AskPassphrase): AgeKey {
  const file = readEncrypted(bytes, ref);
  requirePassphraseFile(file, ref);
  const unlock = async () => {
    const passphrase = await passphraseOf(ref, ask);
    const clear = await openAgeFile(file, new ScryptIdentity(passphrase)).catch(aboutKey(ref));
    if (clear === undefined) throw unusable(ref, 'its passphrase is another one');
    const { keys } = await readIdentities(utf8(clear) ?? '', ref);
    return keys;
  };
  return new LockedKeys(ref, ['X25519', 'mlkem768x25519'], kept(unlock));
}

function readEncrypted(bytes: Uint8Array, ref: string): AgeFile {
  try {
    return readAgeFile(bytes);
  } catch (error) {
    return aboutKey(ref)(error);
  }
}

/** Damage to a key file is about the key, not about what it opens. */
function aboutKey(ref: string): (error: unknown) => never {
  return (error) => {
    throw Failure.is(error, 'ciphertext.malformed') ? unusable(ref, error.details.reason) : error;
  };
}

/** Identities, one a line or several with space between, as SOPS_AGE_KEY may hold them; `#` begins a comment line. */
async function readIdentities(text: string, ref: string): Promise<AgeKeyFile> {
  if (text.length > largestText) throw unusable(ref, `it is longer than ${largestText} characters`);
  const keys: AgeKey[] = [];
  const refused: Failure<'key.unusable'>[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.trimStart().startsWith('#') ? [] : line.split(/\s+/).filter((word) => word !== '');
    for (const word of words) {
      if (keys.length + refused.length === mostIdentities)
        throw unusable(ref, `it holds more than ${mostIdentities} keys`);
      const key = await readIdentity(word, ref);
      if (typeof key === 'string') refused.push(unusable(ref, `line ${at + 1} ${key}`));
      else keys.push(key);
    }
  }
  if (keys.length === 0) throw refused[0] ?? unusable(ref, 'it holds no age identity');
  return { keys, refused };
}

/** The key, or what is wrong with the line. */
async function readIdentity(word: string, ref: string): Promise<AgeKey | string> {
  if (word.startsWith('AGE-PLUGIN-')) return 'needs a plugin of age, and Purser runs none';
  if (word.startsWith('age1')) return 'is a recipient where a private key belongs';
  if (!/^AGE-SECRET-KEY-(?:PQ-)?1/.test(word)) return 'is no age identity';
  try {
    return new NativeKey(ref, readAgeRecipient(await identityToRecipient(word), ref), word);
  } catch {
    // What the library says quotes the key.
    return 'is an age identity that is cut short or mistyped: its checksum does not fit';
  }
}
