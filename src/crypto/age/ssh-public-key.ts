import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromBase64 } from '../../core/bytes.ts';
import { unusable } from '../unusable.ts';
import { SshReader } from './ssh-wire.ts';

/** A public key of SSH that age seals to. */
export type SshPublicKey = SshEd25519PublicKey | SshRsaPublicKey;

export interface SshEd25519PublicKey {
  readonly kind: 'ssh-ed25519';
  /** As SSH encodes it (RFC 8709): what stands in base64 in a `.pub` file. */
  readonly wire: Uint8Array;
  /** The 32 bytes that stand for the point. */
  readonly point: Uint8Array;
  /** The same point as X25519 takes it. */
  readonly montgomery: Uint8Array;
}

export interface SshRsaPublicKey {
  readonly kind: 'ssh-rsa';
  /** As SSH encodes it (RFC 4253, section 6.6). */
  readonly wire: Uint8Array;
  readonly key: KeyObject;
}

/**
 * Reads a line of a `.pub` file: type, base64, and a comment that says nothing.
 * @throws Failure `key.unusable`
 */
export function readSshPublicKeyLine(line: string, ref: string): SshPublicKey {
  const [type, base64 = ''] = line.trim().split(/[ \t]+/);
  const wire = fromBase64(base64);
  if (wire === undefined) throw unusable(ref, 'what follows its type is not base64');
  const key = readSshPublicKey(wire, ref);
  if (key.kind !== type) throw unusable(ref, 'it is of another type than it says');
  return key;
}

/** @throws Failure `key.unusable` */
export function readSshPublicKey(wire: Uint8Array, ref: string): SshPublicKey {
  const reader = new SshReader(wire, unusable(ref, 'its public key is damaged'));
  switch (reader.text()) {
    case 'ssh-ed25519':
      return readEd25519(wire, reader, ref);
    case 'ssh-rsa':
      return readRsa(wire, reader, ref);
    default:
      throw unusable(ref, 'age takes SSH keys of the types ssh-ed25519 and ssh-rsa only');
  }
}

function readEd25519(wire: Uint8Array, reader: SshReader, ref: string): SshEd25519PublicKey {
  const point = reader.string();
  reader.end();
  try {
    return { kind: 'ssh-ed25519', wire, point, montgomery: ed25519.utils.toMontgomery(point) };
  } catch {
    throw unusable(ref, 'its public key is no point of the curve');
  }
}

function readRsa(wire: Uint8Array, reader: SshReader, ref: string): SshRsaPublicKey {
  const [exponent, modulus] = [reader.mpint(), reader.mpint()];
  reader.end();
  const bits = modulus.byteLength * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048) throw unusable(ref, `it is RSA of ${bits} bits; age takes 2048 and more`);
  if (bits > 16_384) throw unusable(ref, `it is RSA of ${bits} bits; 16384 are the most`);
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!odd || exponent.byteLength > 3 || (exponent.byteLength === 1 && exponent[0] === 1))
    throw unusable(ref, 'its public exponent is not one that is in use');
  const jwk = { kty: 'RSA', n: base64Url(modulus), e: base64Url(exponent) };
  return { kind: 'ssh-rsa', wire, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

/** How a stanza names the key: four bytes of a hash, which may collide. Source: age's `agessh`. */
export function sshTag({ wire }: SshPublicKey): string {
  return createHash('sha256').update(wire).digest().subarray(0, 4).toString('base64').replace(/=+$/, '');
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
