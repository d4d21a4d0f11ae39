import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { utf8 } from '../core/bytes.ts';
import { spkiFingerprint } from './fingerprint.ts';
import { unusable } from './unusable.ts';

/** A private key of a Sealed Secrets controller. Printing it shows no key bytes, because they stay inside the KeyObject. */
export interface UnsealingKey {
  readonly key: KeyObject;
  /** Of the modulus. */
  readonly bits: number;
  /** Of its certificate's public key (see `spkiFingerprint`). */
  readonly fingerprint: string;
}

const block = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----[^-]*-----END \1-----/g;

/**
 * The RSA private keys of a PEM text, PKCS#1 as Sealed Secrets controllers keep them, or PKCS#8.
 * @throws Failure `key.unusable`
 */
export function readUnsealingKeys(pem: Uint8Array, ref: string): readonly UnsealingKey[] {
  const text = utf8(pem);
  if (text === undefined) throw unusable(ref, 'it is not text');
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || text.includes('Proc-Type: 4,ENCRYPTED')) {
    throw unusable(ref, 'it is protected by a passphrase');
  }
  const keys = [...text.matchAll(block)].map(([found]) => importKey(found, ref));
  if (keys.length === 0) throw unusable(ref, 'it holds no RSA private key in PEM');
  return keys;
}

function importKey(pem: string, ref: string): UnsealingKey {
  const key = tryImport(pem);
  if (key === undefined) throw unusable(ref, 'its private key is damaged');
  if (key.asymmetricKeyType !== 'rsa') throw unusable(ref, 'its private key is not one of RSA');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return { key, bits, fingerprint: spkiFingerprint(createPublicKey(key)) };
}

function tryImport(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // What the importer says may quote the key.
    return undefined;
  }
}
