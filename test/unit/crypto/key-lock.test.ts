import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockOf } from '../../../src/crypto/key-lock.ts';
import { certificate } from './jwe-keys.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const passphrase = 'hunter2';
const bytes = (text: string | Buffer) => new Uint8Array(Buffer.from(text));
const pkcs8 = { type: 'pkcs8', cipher: 'aes-256-cbc', passphrase } as const;
const pkcs1 = { type: 'pkcs1', cipher: 'aes-128-cbc', passphrase } as const;

describe('lockOf', () => {
  it.each([
    ['PKCS#8 as PEM', rsa.privateKey.export({ ...pkcs8, format: 'pem' })],
    ['PKCS#8 as DER', rsa.privateKey.export({ ...pkcs8, format: 'der' })],
    ['PKCS#8 of X25519 as DER', generateKeyPairSync('x25519').privateKey.export({ ...pkcs8, format: 'der' })],
    ["OpenSSL's own PEM", rsa.privateKey.export({ ...pkcs1, format: 'pem' })],
    [
      'PEM after a certificate',
      `${certificate}${rsa.privateKey.export({ ...pkcs8, format: 'pem' }).toString()}`,
    ],
  ])('finds the passphrase of %s', (_, file) => {
    expect(lockOf(bytes(file))).toEqual({ needs: 'passphrase', id: undefined });
  });

  it('finds the password that a JWK leaves out, and what it is called', () => {
    const jwk = { kty: 'oct', alg: 'PBES2-HS512+A256KW' };
    expect(lockOf(bytes(JSON.stringify(jwk)))).toEqual({ needs: 'password', id: undefined });
    expect(lockOf(bytes(JSON.stringify({ ...jwk, kid: 'team' })))).toEqual({ needs: 'password', id: 'team' });
    expect(lockOf(bytes(`\ufeff${JSON.stringify(jwk)}`))).toEqual({ needs: 'password', id: undefined });
    expect(lockOf(bytes(JSON.stringify({ ...jwk, k: 'AAAA' })))).toBeUndefined();
    expect(lockOf(bytes(JSON.stringify({ ...jwk, alg: 'dir' })))).toBeUndefined();
  });

  it.each([
    ['a private key in clear', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })],
    ['the same as DER', rsa.privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['PKCS#1 as DER', rsa.privateKey.export({ type: 'pkcs1', format: 'der' })],
    ['a public key as DER', rsa.publicKey.export({ type: 'spki', format: 'der' })],
    ['a certificate', certificate],
    ['text', 'gAAAAA'],
    ['broken JSON', '{"kty":"oct"'],
  ])('finds nothing that %s lacks', (_, file) => {
    expect(lockOf(bytes(file))).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (any) => {
        expect(lockOf(any)).toBeUndefined();
      }),
    );
  });
});
