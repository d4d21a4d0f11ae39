import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { CompactEncrypt, FlattenedEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJwe, sealJwe } from '../../../src/crypto/jwe.ts';
import type { JweKey } from '../../../src/crypto/jwe-key.ts';
import { readJweToken } from '../../../src/crypto/jwe-token.ts';
import { bytes, codeOf, ec, headerOf, jwk, key, oct, publicJwk, rsa, text, x25519 } from './jwe-keys.ts';

/** Every kind of key that Purser seals to, with the half or the key that opens. */
const pairs: readonly (readonly [string, JweKey, JweKey])[] = [
  ['RSA', key(publicJwk(rsa)), key(jwk(rsa))],
  ['RSA-OAEP-512', key(publicJwk(rsa, { alg: 'RSA-OAEP-512' })), key(jwk(rsa, { alg: 'RSA-OAEP-512' }))],
  ['EC', key(publicJwk(ec)), key(jwk(ec))],
  ['EC, ECDH-ES', key(publicJwk(ec, { alg: 'ECDH-ES' })), key(jwk(ec, { alg: 'ECDH-ES' }))],
  ['X25519', key(publicJwk(x25519)), key(jwk(x25519))],
  ...['dir', 'A256KW', 'A256GCMKW', 'A256GCM'].map((alg) => {
    const shared = key(oct(32, { alg }));
    return [`oct, ${alg}`, shared, shared] as const;
  }),
];

describe.each(pairs)('sealing and opening with %s', (_, seals, opens) => {
  it('gives back any bytes exactly', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (plaintext) => {
        const opened = await openJwe(await sealJwe(plaintext, seals), opens);
        expect(Buffer.from(opened ?? []).equals(plaintext)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('never opens after one character changed anywhere', async () => {
    const token = await sealJwe(bytes('correct horse'), seals, { for: 'db/main#password' });
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...alphabet.split('')),
        async (at, character) => {
          fc.pre(token[at] !== character);
          const changed = token.slice(0, at) + character + token.slice(at + 1);
          expect(await codeOf(openJwe(changed, opens))).not.toMatch(/opened|crashed/);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('writes the key and the binding into the protected header, and nothing critical', async () => {
    const token = await sealJwe(bytes('x'), seals, { for: 'db/main#password' });
    const header = headerOf(token);
    expect(header).toMatchObject({
      alg: seals.alg,
      enc: seals.enc,
      kid: seals.kid,
      purser: { for: 'db/main#password' },
    });
    expect(header).not.toHaveProperty('crit');
    expect(readJweToken(token).header.boundTo).toBe('db/main#password');
    expect(headerOf(await sealJwe(bytes('x'), seals))).not.toHaveProperty('purser');
  });
});

describe('sealJwe', () => {
  it('uses a fresh content key and vector each time', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 500 }, () => sealJwe(bytes('same'), pairs[5]?.[1] as JweKey)),
    );
    expect(new Set(tokens.map((token) => token.split('.')[2])).size).toBe(500);
    expect(new Set(tokens.map((token) => token.split('.')[3])).size).toBe(500);
  });

  it('seals to the public half of a private key', async () => {
    const token = await sealJwe(bytes('x'), key(jwk(rsa)));
    expect(text(await openJwe(token, key(jwk(rsa))))).toBe('x');
  });
});

describe('openJwe', () => {
  const mine = key(jwk(rsa));
  const sealed = (header: object, value = 'hunter2') =>
    new CompactEncrypt(bytes(value))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', ...header })
      .encrypt(rsa.publicKey);

  it('opens what names no key or another, if it verifies', async () => {
    expect(text(await openJwe(await sealed({}), mine))).toBe('hunter2');
    expect(text(await openJwe(await sealed({ kid: 'old-name' }), mine))).toBe('hunter2');
  });

  it.each(['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'])(
    'opens %s with an RSA key that names no algorithm',
    async (alg) => {
      for (const enc of [
        'A128GCM',
        'A192GCM',
        'A256GCM',
        'A128CBC-HS256',
        'A192CBC-HS384',
        'A256CBC-HS512',
      ]) {
        expect(text(await openJwe(await sealed({ alg, enc }), mine))).toBe('hunter2');
      }
    },
  );

  it('opens flattened JSON with additional authenticated data', async () => {
    const jwe = await new FlattenedEncrypt(bytes('hunter2'))
      .setProtectedHeader({ enc: 'A256GCM' })
      .setUnprotectedHeader({ alg: 'RSA-OAEP-256' })
      .setAdditionalAuthenticatedData(bytes('where'))
      .encrypt(rsa.publicKey);
    expect(text(await openJwe(JSON.stringify(jwe, null, 2), mine))).toBe('hunter2');
    expect(await codeOf(openJwe(JSON.stringify({ ...jwe, aad: 'AAAA' }), mine))).toBe('not this key');
  });

  it('is silent about what another key sealed', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await openJwe(await sealJwe(bytes('x'), key(publicJwk(other))), mine)).toBeUndefined();
    expect(await openJwe(await sealJwe(bytes('x'), key(publicJwk(ec))), mine)).toBeUndefined();
    expect(await openJwe(await sealJwe(bytes('x'), key(oct(32))), mine)).toBeUndefined();
    expect(await openJwe(await sealed({}), key(publicJwk(rsa)))).toBeUndefined();
  });

  it('says open.failed where the token names this key and does not verify', async () => {
    const token = (await sealJwe(bytes('hunter2'), mine)).split('.');
    token[4] = randomBytes(16).toString('base64url');
    expect(await codeOf(openJwe(token.join('.'), mine))).toBe('open.failed');
    token[1] = randomBytes(256).toString('base64url');
    expect(await codeOf(openJwe(token.join('.'), mine))).toBe('open.failed');
  });

  it('refuses text that is none', async () => {
    expect(await codeOf(openJwe('hunter2', mine))).toBe('ciphertext.malformed');
  });
});
