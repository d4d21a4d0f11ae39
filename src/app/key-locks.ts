import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import { lockOf } from '../crypto/key-lock.ts';
import type { KeyLock, KeyMaterial } from '../schemes/keys.ts';
import type { AskSecret } from './ports.ts';

/**
 * Puts a lock on keys that lack a passphrase or a password. A passphrase that fitted is asked for once as long as this lives:
 * the opened key is kept in memory, and so is a password that was sealed with.
 */
export class KeyLocks {
  readonly #ask: AskSecret;
  readonly #opened = new Map<string, { readonly locked: Plaintext; readonly key: KeyMaterial }>();

  constructor(ask: AskSecret) {
    this.#ask = ask;
  }

  /** The key as it is to be used: with a lock where it needs one, opened where it was opened before. */
  on(material: KeyMaterial): KeyMaterial {
    const lock = lockOf(material.bytes.expose());
    if (lock === undefined) return material;
    const kept = this.#opened.get(material.ref);
    const known = kept?.locked.equals(material.bytes) === true ? kept.key : undefined;
    // A file that leaves its password out stays one, however often the password was typed: it may stand in a repository.
    if (known !== undefined)
      return lock.needs === 'passphrase'
        ? known
        : { ...material, lock: { ...lock, unlock: async () => known } };
    return { ...material, lock: { ...lock, unlock: this.#unlocking(material, lock.needs) } };
  }

  /** A password for values that no key at hand opens, typed when the first of them is to be opened. */
  password(): KeyMaterial {
    const bytes = new Plaintext(new Uint8Array());
    // What prompts say where they name a key otherwise.
    const ref = l10n.t('values sealed with a password');
    const unlock = once(async () => {
      const [password, { passwordJwks }] = [await this.#password(ref), await unlockKey()];
      return { ref, name: undefined, bytes: new Plaintext(passwordJwks(password)) };
    });
    return { ref, name: undefined, bytes, lock: { needs: 'password', id: undefined, unlock } };
  }

  #unlocking(material: KeyMaterial, needs: KeyLock['needs']): KeyLock['unlock'] {
    const opening = once(() => (needs === 'passphrase' ? this.#open(material) : this.#typed(material)));
    const sealing = once(() => (needs === 'passphrase' ? opening() : this.#typedTwice(material)));
    return (purpose) => (purpose === 'open' ? opening() : sealing());
  }

  async #open(material: KeyMaterial): Promise<KeyMaterial> {
    const { ref } = material;
    const passphrase = await this.#ask('passphrase', ref);
    if (passphrase === undefined || passphrase === '') throw new Failure('key.locked', { ref, given: false });
    const { unlockPrivateKey } = await unlockKey();
    return this.#keep(material, unlockPrivateKey(material.bytes.expose(), passphrase, ref));
  }

  /** Whether a password fits only a value can tell, so it is not kept for the next command. */
  async #typed(material: KeyMaterial): Promise<KeyMaterial> {
    const [password, { passwordJwk }] = [await this.#password(material.ref), await unlockKey()];
    return { ...material, bytes: new Plaintext(passwordJwk(material.bytes.expose(), password)) };
  }

  /** What is sealed with a mistyped password would be lost. */
  async #typedTwice(material: KeyMaterial): Promise<KeyMaterial> {
    const { ref } = material;
    const password = await this.#ask('sealing password', ref);
    if (password === undefined || password === '') throw new Failure('key.password-missing', { ref });
    if ((await this.#ask('password again', ref)) !== password)
      throw new Failure('key.password-mistyped', { ref });
    const { passwordJwk } = await unlockKey();
    return this.#keep(material, passwordJwk(material.bytes.expose(), password));
  }

  async #password(ref: string): Promise<string> {
    const password = await this.#ask('password', ref);
    if (password === undefined || password === '') throw new Failure('password.failed', { given: false });
    return password;
  }

  #keep({ ref, name, bytes }: KeyMaterial, opened: Uint8Array): KeyMaterial {
    const key = { ref, name, bytes: new Plaintext(opened) };
    this.#opened.set(ref, { locked: bytes, key });
    return key;
  }
}

/** Cryptography is loaded when it is first needed. */
function unlockKey() {
  return import('../crypto/unlock-key.ts');
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
