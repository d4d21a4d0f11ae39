import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { toBase64 } from '../core/bytes.ts';
import { type SealingPlace, sealingLabel } from '../core/sealing-place.ts';
import { readSealedItem } from './sealed-secrets-token.ts';
import type { UnsealingKey } from './unsealing-keys.ts';
import type { SealingCertificate } from './x509.ts';

const zeroNonce = () => new Uint8Array(12);
const tagBytes = 16;
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

/**
 * Seals bytes as an item of `encryptedData` (`HybridEncrypt` of bitnami/sealed-secrets, pkg/crypto). Each item has an AES key of its
 * own, used once, so the nonce is zero.
 */
export function sealItem(
  plaintext: Uint8Array,
  { publicKey }: Pick<SealingCertificate, 'publicKey'>,
  place: SealingPlace,
): string {
  const key = randomBytes(32);
  const wrapped = publicEncrypt({ key: publicKey, ...oaep, oaepLabel: labelBytes(place) }, key);
  const cipher = createCipheriv('aes-256-gcm', key, zeroNonce());
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.byteLength);
  const sealed = [cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  return toBase64(Buffer.concat([length, wrapped, ...sealed]));
}

/**
 * Opens an item with whichever of these RSA private keys opens it. Undefined means: sealed to none of them, for another place, or
 * not as it was sealed; the format does not tell these apart.
 * @throws Failure `ciphertext.malformed`
 */
export function unsealItem(
  item: string,
  keys: readonly UnsealingKey[],
  place: SealingPlace,
): Uint8Array | undefined {
  const { wrappedKey, ciphertext } = readSealedItem(item);
  for (const { key } of keys) {
    const itemKey = unwrap(wrappedKey, key, place);
    const plaintext = itemKey && decrypt(ciphertext, itemKey);
    if (plaintext !== undefined) return plaintext;
  }
  return undefined;
}

function unwrap(wrapped: Uint8Array, privateKey: KeyObject, place: SealingPlace): Uint8Array | undefined {
  try {
    const key = privateDecrypt({ key: privateKey, ...oaep, oaepLabel: labelBytes(place) }, wrapped);
    return key.byteLength === 32 ? key : undefined;
  } catch {
    return undefined;
  }
}

function decrypt(ciphertext: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, zeroNonce());
  const tagStart = ciphertext.byteLength - tagBytes;
  decipher.setAuthTag(ciphertext.subarray(tagStart));
  try {
    const plaintext = [decipher.update(ciphertext.subarray(0, tagStart)), decipher.final()];
    return new Uint8Array(Buffer.concat(plaintext));
  } catch {
    return undefined;
  }
}

function labelBytes(place: SealingPlace): Buffer {
  return Buffer.from(sealingLabel(place), 'utf8');
}
