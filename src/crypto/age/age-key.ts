import type { Identity } from 'age-encryption';
import { Plaintext } from '../../core/plaintext.ts';
import { unusable } from '../unusable.ts';
import { type AgeFile, openAgeFile } from './age-file.ts';
import type { AgeRecipient } from './recipient.ts';

/** A private key that opens age files, or a file of such keys whose passphrase was not asked for yet. */
export interface AgeKey {
  /** How the person named it, for messages. */
  readonly ref: string;
  /** Its public half, computed in memory. Undefined where only a passphrase would tell. */
  readonly recipient: AgeRecipient | undefined;
  /** Whether opening may ask for a passphrase. */
  readonly locked: boolean;
  /**
   * Opens a file. Undefined means: it is not sealed to this key.
   * @throws Failure `ciphertext.malformed` where it is sealed to this key and was altered, `key.unusable` where the key
   * cannot be had from its passphrase
   */
  open(file: AgeFile): Promise<Uint8Array | undefined>;
}

/** Asks the person for the passphrase of a key. Undefined: it was not given. */
export type AskPassphrase = (ref: string) => Promise<string | undefined>;

/** @throws Failure `key.unusable` where no passphrase is given */
export async function passphraseOf(ref: string, ask: AskPassphrase): Promise<string> {
  const passphrase = await ask(ref);
  if (passphrase === undefined || passphrase === '') throw unusable(ref, 'its passphrase was not given');
  return passphrase;
}

/** An identity of age's own (`AGE-SECRET-KEY-…`), kept so that it does not print. */
export class NativeKey implements AgeKey {
  readonly ref: string;
  readonly recipient: AgeRecipient;
  readonly locked = false;
  readonly #identity: Plaintext;

  constructor(ref: string, recipient: AgeRecipient, identity: string) {
    this.ref = ref;
    this.recipient = recipient;
    this.#identity = Plaintext.fromText(identity);
  }

  open(file: AgeFile): Promise<Uint8Array | undefined> {
    return openAgeFile(file, this.#identity.exposeText() ?? '');
  }
}

/** An SSH key, which may be unlocked when the first file that names it is opened. */
export class SshKey implements AgeKey {
  readonly ref: string;
  readonly recipient: AgeRecipient;
  readonly locked: boolean;
  readonly #tag: string;
  readonly #identity: () => Promise<Identity>;

  constructor(about: Pick<AgeKey, 'ref' | 'locked'> & SshKeyFacts, identity: () => Promise<Identity>) {
    this.ref = about.ref;
    this.recipient = about.recipient;
    this.locked = about.locked;
    this.#tag = about.tag;
    this.#identity = identity;
  }

  async open(file: AgeFile): Promise<Uint8Array | undefined> {
    const { kind } = this.recipient;
    if (!file.stanzas.some(([type, tag]) => type === kind && tag === this.#tag)) return undefined;
    return openAgeFile(file, await this.#identity());
  }
}

interface SshKeyFacts {
  readonly recipient: AgeRecipient;
  /** How stanzas name the key. */
  readonly tag: string;
}

/** Keys behind a passphrase that is asked for when nothing else opens a file they may open. */
export class LockedKeys implements AgeKey {
  readonly ref: string;
  readonly recipient = undefined;
  readonly locked = true;
  readonly #stanzas: readonly string[];
  readonly #unlock: () => Promise<readonly AgeKey[]>;

  /** @param stanzas the types of stanza that the keys may open */
  constructor(ref: string, stanzas: readonly string[], unlock: () => Promise<readonly AgeKey[]>) {
    this.ref = ref;
    this.#stanzas = stanzas;
    this.#unlock = unlock;
  }

  async open(file: AgeFile): Promise<Uint8Array | undefined> {
    if (!file.stanzas.some(([type]) => type !== undefined && this.#stanzas.includes(type))) return undefined;
    for (const key of await this.#unlock()) {
      const opened = await key.open(file);
      if (opened !== undefined) return opened;
    }
    return undefined;
  }
}

/** Makes a thing when it is first asked for, and keeps it; what fails is tried again the next time. */
export function kept<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
