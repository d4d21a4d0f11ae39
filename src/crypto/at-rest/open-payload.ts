import { createDecipheriv } from 'node:crypto';
import nacl from 'tweetnacl';
import type { StoredValueKey } from './stored-key.ts';
import type { StaticProvider } from './stored-mark.ts';

const blockBytes = 16;
const tagBytes = 16;
const gcmNonceBytes = 12;

/** What is wrong with a payload's length for its provider, or undefined. */
export function lengthFault(provider: StaticProvider, payload: Uint8Array): string | undefined {
  const length = payload.byteLength;
  if (length < shortest[provider]) return 'it is cut short';
  if (provider === 'aescbc' && length % blockBytes !== 0) return 'it does not end with a whole block';
  return undefined;
}

const shortest: Readonly<Record<StaticProvider, number>> = {
  aescbc: 2 * blockBytes,
  aesgcm: gcmNonceBytes + tagBytes,
  secretbox: nacl.secretbox.nonceLength + tagBytes,
};

/**
 * Opens a payload of the right length as kube-apiserver does (encrypt/aes, encrypt/secretbox). Undefined means: not sealed with
 * this key, or altered. For aescbc, which has no authenticator, one wrong key in some 250 gives bytes that mean nothing.
 * @param etcdKey the whole path in etcd, prefix included; only aesgcm is bound to it
 */
export function openPayload(
  payload: Uint8Array,
  key: StoredValueKey,
  etcdKey: string,
): Uint8Array | undefined {
  if (key.provider === 'secretbox') return openSecretboxPayload(payload, key.key.expose());
  return key.provider === 'aescbc'
    ? openCbc(payload, key.key.expose())
    : openGcm(payload, key.key.expose(), etcdKey);
}

function openSecretboxPayload(payload: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const nonce = payload.subarray(0, nacl.secretbox.nonceLength);
  return nacl.secretbox.open(payload.subarray(nacl.secretbox.nonceLength), nonce, key) ?? undefined;
}

function openCbc(payload: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  const cipher = createDecipheriv(`aes-${bits(key)}-cbc`, key, payload.subarray(0, blockBytes));
  const first = cipher.update(payload.subarray(blockBytes));
  try {
    return new Uint8Array(Buffer.concat([first, cipher.final()]));
  } catch {
    return undefined;
  }
}

function openGcm(payload: Uint8Array, key: Uint8Array, etcdKey: string): Uint8Array | undefined {
  const end = payload.byteLength - tagBytes;
  const nonce = payload.subarray(0, gcmNonceBytes);
  const cipher = createDecipheriv(bits(key) === 128 ? 'aes-128-gcm' : gcmName(key), key, nonce, {
    authTagLength: tagBytes,
  });
  cipher.setAAD(Buffer.from(etcdKey));
  cipher.setAuthTag(payload.subarray(end));
  const opened = cipher.update(payload.subarray(gcmNonceBytes, end));
  try {
    cipher.final();
  } catch {
    return undefined;
  }
  return new Uint8Array(opened);
}

function gcmName(key: Uint8Array): 'aes-192-gcm' | 'aes-256-gcm' {
  return bits(key) === 192 ? 'aes-192-gcm' : 'aes-256-gcm';
}

function bits(key: Uint8Array): number {
  return key.byteLength * 8;
}
