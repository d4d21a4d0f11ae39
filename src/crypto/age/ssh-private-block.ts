import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { Identity } from 'age-encryption';
import { unusable } from '../unusable.ts';
import { SshEd25519Identity } from './ssh-ed25519.ts';
import type { SshEd25519PublicKey, SshPublicKey, SshRsaPublicKey } from './ssh-public-key.ts';
import { SshRsaIdentity } from './ssh-rsa.ts';
import { SshReader, sshInteger, sshStrings } from './ssh-wire.ts';

/** What opens age files with an SSH key. */
export type SshPrivateKey = Identity;

/**
 * Reads the private part of an OpenSSH key, in clear, and sees to it that it belongs to the public one.
 * @param failing the reason to give where its two check numbers differ: it is damaged, or was decrypted wrongly
 * @throws Failure `key.unusable`
 */
export function readPrivateBlock(
  block: Uint8Array,
  publicKey: SshPublicKey,
  ref: string,
  failing: string,
): SshPrivateKey {
  const reader = new SshReader(block, unusable(ref, failing));
  if (reader.uint32() !== reader.uint32()) throw unusable(ref, failing);
  const mismatch = unusable(ref, 'its private and its public half are not one key');
  if (reader.text() !== publicKey.kind) throw mismatch;
  const identity =
    publicKey.kind === 'ssh-rsa'
      ? readRsa(reader, publicKey, mismatch)
      : readEd25519(reader, publicKey, mismatch);
  reader.string();
  if (!reader.rest().every((byte, at) => byte === ((at + 1) & 255))) throw unusable(ref, failing);
  return identity;
}

function readEd25519(reader: SshReader, publicKey: SshEd25519PublicKey, mismatch: Error): Identity {
  reader.string();
  const secret = reader.string();
  const seed = secret.subarray(0, 32);
  if (secret.byteLength !== 64 || !isSame(ed25519.getPublicKey(seed), publicKey.point)) throw mismatch;
  return new SshEd25519Identity(publicKey, seed);
}

function readRsa(reader: SshReader, publicKey: SshRsaPublicKey, mismatch: Error): Identity {
  const [n, e, d] = [reader.mpint(), reader.mpint(), reader.mpint()];
  const [qi, p, q] = [reader.mpint(), reader.mpint(), reader.mpint()];
  if (!isSame(sshStrings('ssh-rsa', sshInteger(e), sshInteger(n)), publicKey.wire)) throw mismatch;
  return new SshRsaIdentity(publicKey, rsaKey({ n, e, d, p, q, qi }, mismatch));
}

type RsaNumbers = Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'qi', Uint8Array>>;

function rsaKey(numbers: RsaNumbers, mismatch: Error): KeyObject {
  const { n, p, q, d } = numbers;
  if (toBigInt(p) * toBigInt(q) !== toBigInt(n)) throw mismatch;
  const jwk: Record<string, string> = { kty: 'RSA', dp: remainder(d, p), dq: remainder(d, q) };
  for (const [name, bytes] of Object.entries(numbers)) jwk[name] = Buffer.from(bytes).toString('base64url');
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    // What the importer says may quote the key.
    throw mismatch;
  }
}

/** `d mod (prime − 1)`, which JWK asks for and OpenSSH leaves out. */
function remainder(d: Uint8Array, prime: Uint8Array): string {
  const hex = (toBigInt(d) % (toBigInt(prime) - 1n || 1n)).toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}
