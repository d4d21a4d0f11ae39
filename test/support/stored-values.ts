import { createCipheriv, randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import type { StoredValueKey } from '../../src/crypto/at-rest/stored-key.ts';
import type { StaticProvider } from '../../src/crypto/at-rest/stored-mark.ts';
import { varint } from './etcd-records.ts';

/** Seals as kube-apiserver's providers do. */
export function sealed(
  { provider, name, key }: StoredValueKey,
  plaintext: Uint8Array,
  etcdKey = '/registry/secrets/default/db',
): Uint8Array {
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(`k8s:enc:${provider}:v1:${name}:`),
      payload(provider, key.expose(), plaintext, etcdKey),
    ]),
  );
}

function payload(provider: StaticProvider, key: Uint8Array, plaintext: Uint8Array, aad: string): Buffer {
  if (provider === 'secretbox') {
    const nonce = new Uint8Array(randomBytes(24));
    return Buffer.concat([nonce, nacl.secretbox(plaintext, nonce, key)]);
  }
  if (provider === 'aescbc') {
    const iv = randomBytes(16);
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv);
    return Buffer.concat([iv, cipher.update(plaintext), cipher.final()]);
  }
  const nonce = randomBytes(12);
  const name = ({ 16: 'aes-128-gcm', 24: 'aes-192-gcm', 32: 'aes-256-gcm' } as const)[key.length];
  const cipher = createCipheriv(name ?? 'aes-256-gcm', key, nonce).setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** A Secret as kube-apiserver stores it: `k8s\0`, and protobuf. */
export function storedSecret(name: string, data: Readonly<Record<string, string>>): Buffer {
  const meta = Buffer.concat([field(1, name), field(3, 'default')]);
  const entries = Object.entries(data).map(([key, value]) =>
    field(2, Buffer.concat([field(1, key), field(2, value)])),
  );
  const secret = Buffer.concat([field(1, meta), ...entries, field(3, 'Opaque')]);
  const kind = Buffer.concat([field(1, 'v1'), field(2, 'Secret')]);
  return Buffer.concat([Buffer.from('k8s\0'), field(1, kind), field(2, secret)]);
}

function field(number: number, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from([number * 8 + 2, ...varint(bytes.length)]), bytes]);
}
