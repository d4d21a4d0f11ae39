import { randomBytes } from 'node:crypto';
import { CompactEncrypt, FlattenedEncrypt, type FlattenedJWE } from 'jose';
import { describe, expect, it } from 'vitest';
import { openJwe } from '../../../src/crypto/jwe.ts';
import { contentEncryptions, keyManagements } from '../../../src/crypto/jwe-algorithms.ts';
import type { JweKey } from '../../../src/crypto/jwe-key.ts';
import { recogniseJwe } from '../../../src/crypto/jwe-token.ts';
import { bytes, codeOf, ec, jwk, key, oct, publicJwk, rsa, text, x25519 } from './jwe-keys.ts';
import { compact, encode, headerOf, p384, sealed } from './spoiled-jwe.ts';

/** Everything there is to open with: a token that none of them opens is not opened by confusion. */
const secret = randomBytes(32);
const everyKey: readonly JweKey[] = [
  ...[rsa, ec, p384, x25519].map((pair) => key(jwk(pair))),
  ...['dir', 'A256KW', 'A256GCMKW', 'A256GCM', 'A128CBC-HS256', 'PBES2-HS256+A128KW'].map((alg) =>
    key({ kty: 'oct', alg, k: secret.toString('base64url') }),
  ),
];

async function outcomes(token: string): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(everyKey.map((one) => codeOf(openJwe(token, one)))));
}

describe('a token is opened by the algorithm of its key', () => {
  const algorithms = [...keyManagements.keys()];
  const rows = algorithms.flatMap((alg) => {
    const pairs = { rsa, ecdh: ec, symmetric: undefined, direct: undefined, password: undefined };
    const { family = 'direct', keyBytes = 32 } = keyManagements.get(alg) ?? {};
    const pair = pairs[family];
    const k = secret.subarray(0, keyBytes);
    const material = pair === undefined ? { kty: 'oct', k: k.toString('base64url') } : jwk(pair);
    return [{ alg, family, pair: pair, k, material }];
  });

  it.each(rows)('and $alg by no key that is for another', async ({ alg, pair, k, material }) => {
    const enc = 'A128CBC-HS256';
    const token = await new CompactEncrypt(bytes('hunter2'))
      .setProtectedHeader({ alg, enc })
      .encrypt(pair?.publicKey ?? k);
    expect(text(await openJwe(token, key({ ...material, alg })))).toBe('hunter2');
    for (const other of rows) {
      if (other.alg === alg) continue;
      const its = key({ ...other.material, alg: other.alg });
      expect(await codeOf(openJwe(token, its)), `a key for ${other.alg}`).toBe('not this key');
    }
  });

  it.each(rows)('and not because its header says another than $alg', async ({ alg, pair, k, material }) => {
    const good = await sealed(pair ?? Buffer.from(k), { alg, enc: 'A128CBC-HS256' });
    const mine = key({ ...material, alg, kid: 'k1' });
    for (const other of [...algorithms.filter((one) => one !== alg), 'none', 'RSA1_5', 'HPKE-0', 'a', '']) {
      const header = encode({ ...headerOf(good), alg: other, kid: 'k1' });
      const code = await codeOf(openJwe(compact({ ...good, protected: header }), mine));
      expect(code, other).toMatch(/^(?:ciphertext\.(?:refused|malformed)|open\.failed|not this key)$/);
    }
  });
});

describe('a token that was tampered with', () => {
  const header = { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256' };
  const good = () => sealed(rsa, header);

  it.each([...contentEncryptions.keys()])(
    'does not open with its content encryption changed from %s',
    async (enc) => {
      const token = await sealed(rsa, { alg: 'RSA-OAEP-256', enc });
      expect(await codeOf(openJwe(compact(token), key(jwk(rsa))))).toBe('opened');
      for (const other of contentEncryptions.keys()) {
        if (other === enc) continue;
        const swapped = { ...token, protected: encode({ ...headerOf(token), enc: other }) };
        expect(await outcomes(compact(swapped)), other).not.toContain('opened');
      }
      // Outside of what is authenticated it is changed without a trace in the header.
      const { enc: _enc, ...rest } = headerOf(token);
      const outside = await new FlattenedEncrypt(bytes('x'))
        .setProtectedHeader({ alg: 'RSA-OAEP-256' })
        .setUnprotectedHeader({ enc })
        .encrypt(rsa.publicKey);
      expect(await codeOf(openJwe(JSON.stringify(outside), key(jwk(rsa))))).toBe('opened');
      for (const other of contentEncryptions.keys()) {
        if (other === enc) continue;
        expect(await outcomes(JSON.stringify({ ...outside, header: { enc: other } })), other).not.toContain(
          'opened',
        );
      }
      expect(rest).not.toHaveProperty('enc');
    },
  );

  it.each<[string, (token: FlattenedJWE) => object | Promise<object>, RegExp]>([
    [
      'a tag cut short',
      (token) => ({
        tag: encode(
          Buffer.from(token.tag ?? '', 'base64url')
            .subarray(0, 8)
            .toString('latin1'),
        ),
      }),
      /^ciphertext\.malformed$/,
    ],
    ['no tag', () => ({ tag: '' }), /malformed/],
    ['no encrypted key', () => ({ encrypted_key: '' }), /malformed/],
    [
      'an encrypted key of another size',
      () => ({ encrypted_key: randomBytes(16).toString('base64url') }),
      /not this key/,
    ],
    [
      'an initialization vector of another size',
      () => ({ iv: randomBytes(12).toString('base64url') }),
      /malformed/,
    ],
    ['no ciphertext', () => ({ ciphertext: '' }), /malformed/],
    ['the algorithm none', () => ({ protected: encode({ ...header, alg: 'none' }) }), /malformed|refused/],
    [
      'an unknown critical extension',
      () => ({ protected: encode({ ...header, crit: ['x'], x: 1 }) }),
      /refused/,
    ],
    [
      'b64, which is for signatures',
      () => ({ protected: encode({ ...header, crit: ['b64'], b64: false }) }),
      /refused/,
    ],
    [
      'an empty list of critical extensions',
      () => ({ protected: encode({ ...header, crit: [] }) }),
      /refused/,
    ],
    [
      'critical extensions of another kind',
      () => ({ protected: encode({ ...header, crit: 'alg' }) }),
      /refused/,
    ],
    ['critical extensions that are not protected', () => ({ header: { crit: ['x'], x: 1 } }), /refused/],
    [
      'a header that says its algorithm twice',
      () => ({ protected: encode('{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256","alg":"RSA-OAEP-256"}') }),
      /malformed/,
    ],
    [
      'the same, escaped',
      () => ({ protected: encode('{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256","\\u0061lg":"dir"}') }),
      /malformed/,
    ],
    ['its algorithm in two headers', () => ({ header: { alg: 'RSA-OAEP-256' } }), /malformed/],
    ['its algorithm in the third', () => ({ unprotected: { alg: 'dir' } }), /malformed/],
    ['a compression that is not protected', () => ({ unprotected: { zip: 'DEF' } }), /malformed/],
    [
      'a compression that was added',
      () => ({ protected: encode({ ...header, zip: 'DEF' }) }),
      /not this key/,
    ],
    ['a compression of its own', () => ({ protected: encode({ ...header, zip: 'GZIP' }) }), /refused/],
  ])('is refused with %s', async (_, spoil, expected) => {
    const token = await good();
    const spoilt = { ...token, ...(await spoil(token)) };
    const codes = [...(await outcomes(JSON.stringify(spoilt)))].filter((code) => code !== 'not this key');
    expect(codes.length === 0 ? ['not this key'] : codes).toEqual([expect.stringMatching(expected)]);
  });

  it('says one thing twice in its JSON, and is refused', async () => {
    const json = JSON.stringify(await good());
    const twice = `${json.slice(0, -1)},"tag":"AAAAAAAAAAAAAAAAAAAAAA"}`;
    expect(recogniseJwe(twice)).toMatchObject({ is: 'malformed', reason: 'its JSON names one thing twice' });
  });

  it('may have its algorithm in an unprotected header, where the key decides all the same', async () => {
    const token = await new FlattenedEncrypt(bytes('hunter2'))
      .setProtectedHeader({ enc: 'A256GCM' })
      .setUnprotectedHeader({ alg: 'A256KW' })
      .encrypt(secret);
    const k = secret.toString('base64url');
    const json = JSON.stringify(token);
    expect(text(await openJwe(json, key({ kty: 'oct', alg: 'A256KW', k })))).toBe('hunter2');
    expect(await codeOf(openJwe(json, key({ kty: 'oct', alg: 'A256GCMKW', k })))).toBe('not this key');
    expect(await codeOf(openJwe(json.replace('A256KW', 'dir'), key({ kty: 'oct', k })))).toBe(
      'ciphertext.malformed',
    );
  });
});

describe('keys of the wrong size', () => {
  it.each([
    ['A128KW', 32],
    ['A256KW', 16],
    ['A192GCMKW', 32],
    ['A256GCM', 16],
    ['A256CBC-HS512', 32],
  ])('%s takes no key of %i bytes', (alg, size) => {
    expect(() => key(oct(size, { alg }))).toThrow('key.unusable');
  });

  it('takes no public key to open with', async () => {
    expect(
      await codeOf(
        openJwe(compact(await sealed(rsa, { alg: 'RSA-OAEP', enc: 'A256GCM' })), key(publicJwk(rsa))),
      ),
    ).toBe('not this key');
  });
});
