import { Failure } from '../../core/errors.ts';
import { type AgeKey, type AskPassphrase } from '../../crypto/age/age-key.ts';
import { readAgeKeyFile } from '../../crypto/age/key-file.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import type { KeyRing } from '../key-ring.ts';
import type { DocumentWish } from './document-work.ts';

/** Where sops itself looks for age identities. */
export interface SopsIdentities {
  /** Key files and keys, not read yet: they may be no keys. */
  readonly found: readonly KeyMaterial[];
  /** Variables that hold a command which would print a key, and which is not run. */
  readonly commands: readonly string[];
}

/** The keys that may open a file. */
export interface OpeningKeys {
  readonly keys: readonly AgeKey[];
  /** What is wrong with the keys that the person named. */
  readonly failures: readonly Failure[];
  readonly commands: readonly string[];
}

/** Collects age identities: those named in the command, those where sops looks, and the person's own. */
export class SopsKeys {
  readonly #ring: KeyRing;
  readonly #identities: () => Promise<SopsIdentities>;
  readonly #ask: AskPassphrase;
  /** Keys are kept as they were read, and with them what a passphrase unlocked. */
  readonly #read = new Map<string, { readonly material: KeyMaterial; readonly keys: readonly AgeKey[] }>();

  constructor(ring: KeyRing, identities: () => Promise<SopsIdentities>, ask: AskPassphrase) {
    this.#ring = ring;
    this.#identities = identities;
    this.#ask = ask;
  }

  /** Throws what resolving a key throws that the person named. */
  async opening({ keys: named, site }: DocumentWish): Promise<OpeningKeys> {
    const given = await Promise.all(named.map((reference) => this.#ring.resolve(reference, 'sops', site)));
    const { found, commands } = await this.#identities();
    const own = await this.#ring.own('sops');
    const keys: AgeKey[] = [];
    const failures: Failure[] = [];
    for (const material of [...given, ...found, ...own]) {
      const read = await this.#keysIn(material);
      if (!(read instanceof Failure)) keys.push(...read);
      else if (given.includes(material)) failures.push(read);
    }
    return { keys, failures, commands };
  }

  /** A file in one of sops' places that is no key says nothing: it may be for another program. */
  async #keysIn(material: KeyMaterial): Promise<readonly AgeKey[] | Failure> {
    const known = this.#read.get(material.ref);
    if (known?.material.bytes.equals(material.bytes) === true) return known.keys;
    try {
      const { keys } = await readAgeKeyFile(material.bytes.expose(), material.ref, this.#ask);
      this.#read.set(material.ref, { material, keys });
      return keys;
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }
}
