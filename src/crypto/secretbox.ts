import { randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import { toBase64 } from '../core/bytes.ts';
import { Plaintext } from '../core/plaintext.ts';
import { isSecretboxKeyName, readSecretboxToken, secretboxPrefix } from './secretbox-token.ts';
import { generate32ByteKey, read32ByteKey } from './symmetric-key.ts';
import { unusable } from './unusable.ts';

/** A secretbox key (XSalsa20-Poly1305). One without a name opens; only one with a name seals. */
export interface SecretboxKey {
  /** How the person named the key, for messages. */
  readonly ref: string;
  readonly name: string | undefined;
  /** 32 bytes that do not print. */
  readonly key: Plaintext;
}

export interface SealSecretboxOptions {
  /** 24 bytes; for published vectors only. Random where it is not given: used twice, it gives the plaintexts away. */
  readonly nonce?: Uint8Array;
}

/**
 * Reads a secretbox key in the spellings of `read32ByteKey`.
 * @param name what tokens call it
 * @throws Failure `key.unusable`, also for a name that would not fit a token
 */
export function readSecretboxKey(bytes: Uint8Array, ref: string, name?: string): SecretboxKey {
  if (name !== undefined && !isSecretboxKeyName(name))
    throw unusable(ref, 'its name does not fit in a token');
  return { ref, name, key: new Plaintext(new Uint8Array(read32ByteKey(bytes, ref).export())) };
}

/** A new key as one line of 44 characters (URL-safe base64), without a newline. */
export function generateSecretboxKey(): string {
  return generate32ByteKey();
}

/**
 * Seals bytes as kube-apiserver's secretbox provider stores them, as text.
 * @throws Failure `key.unusable` for a key without a name
 */
export function sealSecretbox(
  plaintext: Uint8Array,
  key: SecretboxKey,
  options: SealSecretboxOptions = {},
): string {
  if (key.name === undefined) throw unusable(key.ref, 'it has no name to seal under; write NAME=FILE');
  const nonce = options.nonce ?? new Uint8Array(randomBytes(nacl.secretbox.nonceLength));
  const box = nacl.secretbox(plaintext, nonce, key.key.expose());
  return `${secretboxPrefix}${key.name}:${toBase64(Buffer.concat([nonce, box]))}`;
}

/**
 * Opens a secretbox value. Undefined means: not sealed with this key, or not as it was sealed. The name in the token
 * is not compared: it is not authenticated, and one key may go by two names.
 * @throws Failure `ciphertext.malformed`
 */
export function openSecretbox(token: string, key: SecretboxKey): Uint8Array | undefined {
  const { nonce, box } = readSecretboxToken(token);
  return nacl.secretbox.open(box, nonce, key.key.expose()) ?? undefined;
}
