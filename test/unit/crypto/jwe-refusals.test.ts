import { randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJwe } from '../../../src/crypto/jwe.ts';
import { bytes, codeOf, ec, jwk, key, oct, publicJwk, rsa, text } from './jwe-keys.ts';

describe('what a token may not decide', () => {
  const mine = key(jwk(rsa));
  const kid = mine.kid ?? '';
  const part = (value: object | number) =>
    (typeof value === 'number' ? randomBytes(value) : Buffer.from(JSON.stringify(value))).toString(
      'base64url',
    );
  const forged = (header: object, keyBytes = 256) =>
    [
      part({ enc: 'A128CBC-HS256', ...header }),
      keyBytes === 0 ? '' : part(keyBytes),
      part(16),
      part(32),
      part(16),
    ].join('.');

  it.each([
    ['RSA1_5', { alg: 'RSA1_5' }, 256],
    ['none', { alg: 'none' }, 0],
    [
      'PBES2 with a flood of iterations',
      { alg: 'PBES2-HS512+A256KW', p2c: 2 ** 31 - 1, p2s: 'AAAAAAAAAAAAAAAA' },
      40,
    ],
    ['PBES2 with one too many', { alg: 'PBES2-HS256+A128KW', p2c: 1_000_001, p2s: 'AAAAAAAAAAAAAAAA' }, 40],
    ['PBES2 of another kind', { alg: 'PBES2-HS1+A128KW', p2c: 1000, p2s: 'AAAAAAAAAAAAAAAA' }, 40],
    ['an unknown algorithm', { alg: 'ROT13' }, 256],
    ['an algorithm named like an inherited member', { alg: 'constructor' }, 256],
    ['an unknown content encryption', { alg: 'RSA-OAEP-256', enc: 'toString' }, 256],
    ['critical extensions', { alg: 'RSA-OAEP-256', crit: ['exp'], exp: 1 }, 256],
    ['another compression', { alg: 'RSA-OAEP-256', zip: 'GZ' }, 256],
  ])('refuses %s, with any key and at once', async (_, header, keyBytes) => {
    const before = process.cpuUsage();
    for (const one of [mine, key(jwk(ec)), key(oct(32)), key(publicJwk(rsa))]) {
      expect(await codeOf(openJwe(forged(header, keyBytes), one))).toBe('ciphertext.refused');
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  });

  it('opens compressed content, and refuses a bomb', async () => {
    const zip = (size: number) =>
      new CompactEncrypt(new Uint8Array(size))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM', zip: 'DEF', kid })
        .encrypt(rsa.publicKey);
    expect((await openJwe(await zip(250_000), mine))?.byteLength).toBe(250_000);
    const bomb = await zip(50_000_000);
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(openJwe(bomb, mine))).toBe('ciphertext.refused');
  });

  // The shape of Wycheproof's JWE tests 106 to 109: one secret, the algorithm of the token's choosing.
  it.each([
    ['A128GCMKW', 'A128KW'],
    ['A128KW', 'A128GCMKW'],
    ['A128GCM', 'A128KW'],
    ['A128KW', 'dir'],
  ])('does not use a symmetric key for %s as one for %s', async (its, tokens) => {
    const secret = oct(16);
    const token = await new CompactEncrypt(bytes('x'))
      .setProtectedHeader({ alg: tokens, enc: 'A128GCM' })
      .encrypt(Buffer.from(secret.k, 'base64url'));
    expect(text(await openJwe(token, key({ ...secret, alg: tokens })))).toBe('x');
    expect(await codeOf(openJwe(token, key({ ...secret, alg: its })))).toBe('not this key');
  });

  it('does not use an RSA key for another algorithm than the one it names', async () => {
    const bound = key(jwk(rsa, { alg: 'RSA-OAEP-256', kid: 'prod' }));
    const token = (kid: string) =>
      new CompactEncrypt(bytes('x'))
        .setProtectedHeader({ alg: 'RSA-OAEP', enc: 'A128GCM', kid })
        .encrypt(rsa.publicKey);
    expect(await codeOf(openJwe(await token('prod'), bound))).toBe('ciphertext.refused');
    expect(await codeOf(openJwe(await token('dev'), bound))).toBe('not this key');
  });

  it('does not take a public key for a shared secret', async () => {
    const spki = new Uint8Array(rsa.publicKey.export({ type: 'spki', format: 'der' }).subarray(0, 32));
    const token = await new CompactEncrypt(bytes('x'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
      .encrypt(spki);
    expect(await codeOf(openJwe(token, mine))).toBe('ciphertext.refused');
    expect(await codeOf(openJwe(token, key(publicJwk(rsa))))).toBe('not this key');
  });
});
