import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { KeyReference } from '../policy/key-reference.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { opensWithPassword } from './key-extensions.ts';
import type { KeyLocks } from './key-locks.ts';
import type { Environment, Files, LocalKeys } from './ports.ts';

/** Where a reference stands decides what its path may reach. */
export interface ReferenceSite {
  /** Paths are relative to this folder. */
  readonly base: string;
  /** A policy's paths stay inside this folder, symlinks resolved; undefined for what a person typed. */
  readonly root: string | undefined;
}

/** Turns key references into key material. */
export class KeyRing {
  readonly #files: Files;
  readonly #local: LocalKeys;
  readonly #environment: Environment;
  readonly #locks: KeyLocks | undefined;

  /** @param locks absent where nobody is to be asked for passphrases and passwords */
  constructor(files: Files, local: LocalKeys, environment: Environment, locks?: KeyLocks) {
    this.#files = files;
    this.#local = local;
    this.#environment = environment;
    this.#locks = locks;
  }

  /** Throws `key.not-found`, `key.unreadable`, `key.outside-repo`, `key.ambiguous`. */
  async resolve(reference: KeyReference, scheme: SchemeId, site: ReferenceSite): Promise<KeyMaterial> {
    return this.#locked(await this.#find(reference, scheme, site));
  }

  /** A key from elsewhere; the person is asked for the passphrase or the password that it lacks. Throws what unlocking throws. */
  async opened(material: KeyMaterial): Promise<KeyMaterial> {
    const locked = this.#locked(material);
    return locked.lock === undefined ? locked : locked.lock.unlock('open');
  }

  /** With a lock where it lacks something. */
  #locked(material: KeyMaterial): KeyMaterial {
    return this.#locks?.on(material) ?? material;
  }

  async #find(reference: KeyReference, scheme: SchemeId, site: ReferenceSite): Promise<KeyMaterial> {
    const { text: ref, name } = reference;
    if (reference.kind === 'local') {
      const found = await this.#local.find(scheme, reference.name);
      if (found === undefined) throw new Failure('key.not-found', { ref });
      return found;
    }
    if (reference.kind === 'env') {
      const value = await this.#environment.read(reference.name);
      if (value === undefined || value === '') throw new Failure('key.not-found', { ref });
      return { ref, name, bytes: Plaintext.fromText(value) };
    }
    return {
      ref,
      name,
      bytes: await this.#readFile(ref, this.#files.join(site.base, reference.path), site.root),
    };
  }

  /** The real path of the file that a reference names; undefined for what is no file. Throws `file.unreadable`. */
  async fileOf(reference: KeyReference, { base }: ReferenceSite): Promise<string | undefined> {
    return reference.kind === 'path'
      ? this.#files.realPath(this.#files.join(base, reference.path))
      : undefined;
  }

  /** What may open values of a scheme: the referenced keys that can be had, the person's own, and what they know by heart. */
  async openingKeys(
    references: readonly KeyReference[],
    scheme: SchemeId,
    site: ReferenceSite,
  ): Promise<readonly KeyMaterial[]> {
    const keys: KeyMaterial[] = [];
    for (const reference of references) {
      try {
        keys.push(await this.resolve(reference, scheme, site));
      } catch (error) {
        // A key of the rule that this person does not have is no reason not to try the others.
        if (!Failure.is(error, 'key.not-found') && !Failure.is(error, 'key.unreadable')) throw error;
      }
    }
    const own = await this.own(scheme);
    const password = opensWithPassword.has(scheme) ? this.#locks?.password() : undefined;
    return [
      ...keys,
      ...own.filter((key) => !keys.some((other) => other.ref === key.ref)),
      ...(password === undefined ? [] : [password]),
    ];
  }

  /** The person's own keys of a scheme. */
  async own(scheme: SchemeId): Promise<readonly KeyMaterial[]> {
    return (await this.#local.list(scheme)).map((key) => this.#locked(key));
  }

  async #readFile(ref: string, path: string, root: string | undefined): Promise<Plaintext> {
    try {
      if (!(await this.#files.exists(path))) throw new Failure('key.not-found', { ref });
      const real = await this.#files.realPath(path);
      if (root !== undefined && !this.#files.contains(await this.#files.realPath(root), real)) {
        throw new Failure('key.outside-repo', { ref });
      }
      return new Plaintext(await this.#files.read(real));
    } catch (error) {
      if (Failure.is(error, 'file.unreadable'))
        throw new Failure('key.unreadable', { ref, reason: error.details.reason });
      if (Failure.is(error, 'file.too-large'))
        throw new Failure('key.unusable', { ref, reason: l10n.t('it is far too large for a key') });
      throw error;
    }
  }
}
