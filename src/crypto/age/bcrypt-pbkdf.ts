import { createHash } from 'node:crypto';
import { Blowfish } from './blowfish.ts';

/**
 * Derives a key from a passphrase as OpenSSH does (bcrypt_pbkdf of OpenBSD). It is slow on purpose, some 10 ms a round and
 * 32 bytes, and lets other work have its turn between them.
 *
 * @param length of the key, in bytes
 */
export async function bcryptPbkdf(
  passphrase: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Promise<Uint8Array> {
  const hashedPassphrase = sha512(passphrase);
  const blocks = Math.ceil(length / 32);
  const key = new Uint8Array(blocks * 32);
  for (let block = 0; block < blocks; block++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(block + 1);
    let step = bcryptHash(hashedPassphrase, sha512(salt, counter));
    const sum = Uint8Array.from(step);
    for (let round = 1; round < rounds; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      step = bcryptHash(hashedPassphrase, sha512(step));
      step.forEach((byte, at) => {
        sum[at] = (sum[at] ?? 0) ^ byte;
      });
    }
    // The bytes of a block are spread over the key, so that no part of the key is had for less work.
    sum.forEach((byte, at) => {
      key[at * blocks + block] = byte;
    });
  }
  return key.subarray(0, length);
}

function bcryptHash(passphrase: Uint8Array, salt: Uint8Array): Uint8Array {
  const [key, salted] = [words(passphrase), words(salt)];
  const cipher = new Blowfish();
  cipher.expandKey(key, salted);
  for (let time = 0; time < 64; time++) {
    cipher.expandKey(salted);
    cipher.expandKey(key);
  }
  const state = words(new TextEncoder().encode('OxychromaticBlowfishSwatDynamite'));
  for (let at = 0; at < state.length; at += 2)
    for (let time = 0; time < 64; time++) cipher.encryptAt(state, at);
  const bytes = Buffer.alloc(32);
  state.forEach((word, at) => bytes.writeInt32LE(word, at * 4));
  return new Uint8Array(bytes);
}

function words(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.byteLength / 4 }, (_, at) => view.getInt32(at * 4));
}

function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
