import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readJweKey, readJweKeys } from '../../../src/crypto/jwe-key.ts';
import { bytes, ec, jwk, oct, publicJwk, rsa } from './jwe-keys.ts';

const set = (...keys: unknown[]) => bytes(JSON.stringify({ keys }));
const ed25519 = generateKeyPairSync('ed25519');

describe('a JWK Set', () => {
  it('gives every key that is for encryption, those that say so first', () => {
    const file = set(
      publicJwk(rsa, { kid: 'signs', use: 'sig' }),
      publicJwk(ed25519, { kid: 'signs too' }),
      publicJwk(rsa, { kid: 'any' }),
      publicJwk(rsa, { kid: 'RS256', alg: 'RS256' }),
      { kty: 'AKP', kid: 'unknown', alg: 'ML-KEM-768' },
      publicJwk(ec, { kid: 'encrypts', use: 'enc' }),
      publicJwk(rsa, { kid: 'verifies', key_ops: ['verify'] }),
      oct(20, { kid: 'odd size' }),
      'no key',
      publicJwk(rsa, { kid: 'by alg', alg: 'RSA-OAEP-512' }),
    );
    expect(readJweKeys(file, 'k').map(({ kid }) => kid)).toEqual(['encrypts', 'by alg', 'any']);
    expect(readJweKey(file, 'k')).toMatchObject({ kid: 'encrypts', description: 'EC P-256' });
  });

  it('holds private and symmetric keys too', () => {
    const file = set(jwk(rsa, { kid: 'a' }), oct(32, { kid: 'b' }));
    expect(readJweKeys(file, 'k').map(({ kind }) => kind)).toEqual(['private', 'symmetric']);
  });
});
