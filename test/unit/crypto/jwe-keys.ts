import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Failure } from '../../../src/core/errors.ts';
import { type JweKey, readJweKey } from '../../../src/crypto/jwe-key.ts';

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const x25519 = generateKeyPairSync('x25519');

export function key(jwk: object): JweKey {
  return readJweKey(new TextEncoder().encode(JSON.stringify(jwk)), 'k');
}
export const jwk = (pair: typeof rsa, more: object = {}) => ({
  ...pair.privateKey.export({ format: 'jwk' }),
  ...more,
});
export const publicJwk = (pair: typeof rsa, more: object = {}) => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  ...more,
});
export const oct = (size: number, more: object = {}) => ({
  kty: 'oct',
  k: randomBytes(size).toString('base64url'),
  ...more,
});

export const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
export const bytes = (value: string) => new TextEncoder().encode(value);
export const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

export async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    (value) => (value === undefined ? 'not this key' : 'opened'),
    (error: unknown) => (error instanceof Failure ? error.code : `crashed: ${String(error)}`),
  );
}
