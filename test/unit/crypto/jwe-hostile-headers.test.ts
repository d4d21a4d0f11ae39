import { createPublicKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openJwe } from '../../../src/crypto/jwe.ts';
import { codeOf, ec, jwk, key, type rsa, x25519 } from './jwe-keys.ts';
import { compact, encode, headerOf, p384, sealed } from './spoiled-jwe.ts';

describe('an ephemeral key that was chosen to learn something', () => {
  const spkiPoint = (pair: typeof rsa) => createPublicKey(pair.privateKey).export({ format: 'jwk' });
  /** On the curve with another b, so that its order is small: the invalid curve attack on RFC 7518's ECDH-ES. */
  const offCurve = {
    kty: 'EC',
    crv: 'P-256',
    x: encode(Buffer.alloc(32, 1).toString('latin1')),
    y: encode(Buffer.alloc(32, 2).toString('latin1')),
  };
  const point = (hex: string) => ({
    kty: 'OKP',
    crv: 'X25519',
    x: Buffer.from(hex, 'hex').toString('base64url'),
  });

  it.each([
    ['on another curve', ec, spkiPoint(p384)],
    ['on no curve', ec, offCurve],
    ['at infinity', ec, { ...offCurve, x: encode('\0'.repeat(32)), y: encode('\0'.repeat(32)) }],
    ['on another curve than it says', ec, { ...spkiPoint(p384), crv: 'P-256' }],
    ['for X25519', ec, spkiPoint(x25519)],
    ['on a curve for signatures', x25519, { ...spkiPoint(x25519), crv: 'Ed25519' }],
    ['on P-256', x25519, spkiPoint(ec)],
    ['of nothing', ec, {}],
    ['that is a private key', ec, ec.privateKey.export({ format: 'jwk' })],
    ['that is a secret', ec, { kty: 'oct', k: 'AAAA' }],
    ['that is missing', ec, undefined],
    // RFC 7748 §6.1: the points of small order, for which the shared secret is all zeros.
    ['of order 1', x25519, point('00'.repeat(32))],
    ['of order 2', x25519, point(`01${'00'.repeat(31)}`)],
    ['of order 8', x25519, point('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800')],
    [
      'of order 8, the other',
      x25519,
      point('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
    ],
    ['of p - 1', x25519, point(`ec${'ff'.repeat(30)}7f`)],
    ['of p', x25519, point(`ed${'ff'.repeat(30)}7f`)],
    ['of p + 1', x25519, point(`ee${'ff'.repeat(30)}7f`)],
  ])('%s', async (_, pair, epk) => {
    for (const alg of ['ECDH-ES', 'ECDH-ES+A256KW']) {
      const token = await sealed(pair, { alg, enc: 'A256GCM' });
      const mine = key(jwk(pair, { kid: 'k1' }));
      const header = encode({ ...headerOf(token), epk, kid: 'k1' });
      expect(await codeOf(openJwe(compact({ ...token, protected: header }), mine))).toBe('open.failed');
    }
  });
});

describe('a password hashing count', () => {
  const k = Buffer.from('correct horse').toString('base64url');
  const alg = 'PBES2-HS256+A128KW';
  const mine = () => key({ kty: 'oct', alg, k, kid: 'team' });
  const token = (header: object) =>
    [
      encode({ alg, enc: 'A128GCM', kid: 'team', ...header }),
      randomBytes(24),
      randomBytes(12),
      randomBytes(8),
      randomBytes(16),
    ]
      .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
      .join('.');

  it.each([
    ['huge', { p2c: 2 ** 31, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'ciphertext.refused'],
    ['one more than a million', { p2c: 1_000_001, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'ciphertext.refused'],
    ['beyond all numbers', { p2c: 1e300, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'ciphertext.refused'],
    ['none', { p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'open.failed'],
    ['nothing', { p2c: 0, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'open.failed'],
    ['negative', { p2c: -1, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'open.failed'],
    ['broken', { p2c: 1000.5, p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'open.failed'],
    ['text', { p2c: '1000', p2s: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'open.failed'],
    ['with salt that is too short', { p2c: 1000, p2s: 'AAAA' }, 'open.failed'],
    ['without salt', { p2c: 1000 }, 'open.failed'],
  ])('%s takes no time', async (_, header, code) => {
    const before = process.cpuUsage();
    expect(await codeOf(openJwe(token(header), mine()))).toBe(code);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});
