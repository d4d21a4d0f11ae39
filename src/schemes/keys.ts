import type { Plaintext } from '../core/plaintext.ts';

/** A key as it was found: which reference led to it, and the bytes of its file. Schemes read the bytes. */
export interface KeyMaterial {
  /** The reference a person wrote or would write: `local:dev-2026`, `.purser/keys/prod.pub.pem`. */
  readonly ref: string;
  /** The key's name, where the reference gives one: NAME of `local:` and `env:`, or of `NAME=FILE`. */
  readonly name: string | undefined;
  readonly bytes: Plaintext;
  /** Present where the bytes are not the whole key, and a person can be asked for the rest. */
  readonly lock?: KeyLock;
}

/** What a key lacks that only the person knows. */
export interface KeyLock {
  /** `passphrase`: that of an encrypted private key. `password`: the key is one. */
  readonly needs: 'passphrase' | 'password';
  /** What ciphertexts call the key, where that is known without opening it. */
  readonly id: string | undefined;
  /**
   * The key itself. Asks once, however often it is called: what failed stays so for this key of this command. Something new is
   * sealed only to a password that was typed twice.
   * @throws Failure `key.locked`, `password.failed`, `key.unusable`
   */
  unlock(purpose: 'open' | 'seal'): Promise<KeyMaterial>;
}

/** What a key is, told without using it. Nothing in it is secret. */
export interface KeyFacts {
  readonly kind: 'public' | 'private' | 'symmetric';
  /** `RSA 4096`, `EC P-256`, `256 bits`. */
  readonly description: string;
  /** What ciphertexts call this key: a `kid` or a key name. Undefined where they do not name keys. */
  readonly id: string | undefined;
  /** `SHA256:` and the base64 of the public key's SPKI; a private key gives its public half's. */
  readonly fingerprint: string | undefined;
  /** The public half as SPKI PEM, of asymmetric keys. */
  readonly publicPem: string | undefined;
}
