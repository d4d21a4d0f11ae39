import type { Plaintext } from '../core/plaintext.ts';

/** A key as it was found: which reference led to it, and the bytes of its file. Schemes read the bytes. */
export interface KeyMaterial {
  /** The reference a person wrote or would write: `local:dev-2026`, `.purser/keys/prod.pub.pem`. */
  readonly ref: string;
  /** The key's name, where the reference gives one: NAME of `local:` and `env:`, or of `NAME=FILE`. */
  readonly name: string | undefined;
  readonly bytes: Plaintext;
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
