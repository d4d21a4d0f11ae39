import { Decrypter, type Identity } from 'age-encryption';
import { Failure } from '../../core/errors.ts';

/** An age file whose header keeps to the limits; whether it was altered shows when it is opened. */
export interface AgeFile {
  readonly bytes: Uint8Array;
  /** What each stanza says on its first line: its type, and the type's own arguments. */
  readonly stanzas: readonly (readonly string[])[];
}

/** How every age file begins. */
export const ageFileBegin = 'age-encryption.org/';

// A post-quantum stanza, the longest in use, has 1.6 kB; each stanza of a key's type is one public-key operation.
const largestHeader = 65_536;
const mostStanzas = 64;

/**
 * Reads the header of a binary age file.
 * @throws Failure `ciphertext.malformed`
 */
export function readAgeFile(bytes: Uint8Array): AgeFile {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, largestHeader));
  if (start.subarray(0, ageFileBegin.length).toString('latin1') !== ageFileBegin)
    throw malformed('it is not an age file');
  const end = start.indexOf('\n--- ');
  if (end === -1) throw malformed('its header does not end, or is too long');
  const lines = start.subarray(0, end).toString('latin1').split('\n');
  if (lines[0] !== 'age-encryption.org/v1') throw malformed('it is of another version of age');
  const stanzas = lines.flatMap((line) => (line.startsWith('-> ') ? [line.slice(3).split(' ')] : []));
  if (stanzas.length > mostStanzas) throw malformed(`it has more than ${mostStanzas} recipients`);
  return { bytes, stanzas };
}

/**
 * Opens an age file. Undefined means: it is not sealed to this identity.
 * @throws Failure `ciphertext.malformed` where it is, and was altered; and what the identity itself throws
 */
export async function openAgeFile(
  { bytes }: AgeFile,
  identity: string | Identity,
): Promise<Uint8Array | undefined> {
  let fitsNone = false;
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  // The library tells this case by an error's English text only.
  decrypter.addIdentity({
    unwrapFileKey: () => {
      fitsNone = true;
      return null;
    },
  });
  try {
    return await decrypter.decrypt(bytes);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (fitsNone) return undefined;
    // The library's words are not passed on: some quote what they are about.
    throw malformed('it is not as it was sealed');
  }
}

export function malformed(reason: string): Failure<'ciphertext.malformed'> {
  return new Failure('ciphertext.malformed', { scheme: 'age', reason });
}
