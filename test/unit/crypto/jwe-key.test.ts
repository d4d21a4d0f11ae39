import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { fingerprintsEqual } from '../../../src/crypto/fingerprint.ts';
import { publicKeyPem, readJweKey } from '../../../src/crypto/jwe-key.ts';
import { generateJweKey } from '../../../src/crypto/jwe-keygen.ts';
import { describeVectors, readVector } from '../../support/vectors.ts';
import { certificate } from './jwe-keys.ts';

const bytes = (text: string | Buffer) => new Uint8Array(Buffer.from(text));
const jwkBytes = (jwk: object) => bytes(JSON.stringify(jwk));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const x25519 = generateKeyPairSync('x25519');
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' });
const oct = (size: number, more: object = {}) =>
  jwkBytes({ kty: 'oct', k: randomBytes(size).toString('base64url'), ...more });

function reasonOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return error.details.reason;
    throw error;
  }
  throw new Error('the key was accepted');
}

describe('readJweKey', () => {
  it.each([
    ['SPKI PEM', bytes(rsa.publicKey.export({ type: 'spki', format: 'pem' })), 'public'],
    ['SPKI DER', bytes(rsa.publicKey.export({ type: 'spki', format: 'der' })), 'public'],
    ['PKCS#1 public PEM', bytes(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' })), 'public'],
    ['public JWK', jwkBytes(jwkOf(rsa.publicKey)), 'public'],
    ['PKCS#8 PEM', bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'private'],
    ['PKCS#8 DER', bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'der' })), 'private'],
    ['PKCS#1 private PEM', bytes(rsa.privateKey.export({ type: 'pkcs1', format: 'pem' })), 'private'],
    ['private JWK', jwkBytes(jwkOf(rsa.privateKey)), 'private'],
    [
      'PEM after a BOM and a comment',
      bytes(`\ufeff# prod\r\n${rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()}`),
      'public',
    ],
  ])('reads one RSA key the same from %s', async (_, file, kind) => {
    const der = rsa.publicKey.export({ type: 'spki', format: 'der' });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(der)));
    expect(readJweKey(file, 'k')).toMatchObject({
      kind,
      alg: 'RSA-OAEP-256',
      enc: 'A128CBC-HS256',
      description: 'RSA 2048',
      kid: await calculateJwkThumbprint(jwkOf(rsa.publicKey) as Parameters<typeof calculateJwkThumbprint>[0]),
      fingerprint: `SHA256:${Buffer.from(digest).toString('base64')}`,
    });
  });

  it.each([
    ['PEM', bytes(`subject=CN = purser-test\n\n${certificate}`)],
    ['DER', bytes(Buffer.from(certificate.replace(/-----.*?-----/g, ''), 'base64'))],
  ])('reads the key of an X.509 certificate in %s, expired or not', (_, file) => {
    // openssl x509 -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    const fingerprint = 'SHA256:XDfWC/As5HZYF7nZqVKrmQ3fsrqui9j+PdH+DRwK22o=';
    expect(readJweKey(file, 'k')).toMatchObject({ kind: 'public', description: 'EC P-256', fingerprint });
  });

  it.each([
    ['EC P-384', ec, bytes(ec.privateKey.export({ type: 'sec1', format: 'pem' }))],
    ['X25519', x25519, bytes(x25519.privateKey.export({ type: 'pkcs8', format: 'pem' }))],
  ])('gives %s ECDH-ES+A256KW and one kid for both halves', (description, pair, file) => {
    const mine = readJweKey(file, 'k');
    const theirs = readJweKey(jwkBytes(jwkOf(pair.publicKey)), 'k');
    expect(mine).toMatchObject({ kind: 'private', description, alg: 'ECDH-ES+A256KW', enc: 'A128CBC-HS256' });
    expect(theirs).toMatchObject({ kind: 'public', kid: mine.kid, fingerprint: mine.fingerprint });
  });

  it.each([
    [{}, 32, 'dir', 'A128CBC-HS256'],
    [{ alg: 'dir' }, 64, 'dir', 'A256CBC-HS512'],
    [{ alg: 'A128GCM' }, 16, 'dir', 'A128GCM'],
    [{ alg: 'A256GCM' }, 32, 'dir', 'A256GCM'],
    [{ alg: 'A256KW' }, 32, 'A256KW', 'A128CBC-HS256'],
    [{ alg: 'A128GCMKW' }, 16, 'A128GCMKW', 'A128CBC-HS256'],
  ])('takes a symmetric key as %j of %i bytes says', (more, size, alg, enc) => {
    const key = readJweKey(oct(size, more), 'k');
    expect(key).toMatchObject({
      kind: 'symmetric',
      alg,
      enc,
      description: `oct ${size * 8}`,
      fingerprint: undefined,
    });
  });

  it("takes a JWK's own kid and alg", () => {
    const key = readJweKey(
      jwkBytes({ ...jwkOf(rsa.publicKey), kid: 'prod-2026', alg: 'RSA-OAEP-512', use: 'enc' }),
      'k',
    );
    expect(key).toMatchObject({ kid: 'prod-2026', alg: 'RSA-OAEP-512', opens: { alg: ['RSA-OAEP-512'] } });
  });

  it('gives the public half as PEM', () => {
    const key = readJweKey(bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'k');
    expect(publicKeyPem(key)).toBe(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
    expect(() => publicKeyPem(readJweKey(oct(32), 'k'))).toThrow('key.unusable');
  });

  it('prints no key bytes', () => {
    const secret = randomBytes(32);
    const key = readJweKey(jwkBytes({ kty: 'oct', k: secret.toString('base64url'), kid: 'k' }), 'k');
    const printed = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    for (const spelling of ['base64', 'base64url', 'hex'] as const) {
      expect(printed).not.toContain(secret.toString(spelling).slice(0, 20));
    }
  });

  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const hugeRsa = { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(2049, 0xff).toString('base64url') };
  const pem = (pair: { publicKey: KeyObject }) =>
    bytes(pair.publicKey.export({ type: 'spki', format: 'pem' }));
  it.each([
    ['RSA below 2048 bits', pem(small), /1024 bits/],
    ['Ed25519', pem(generateKeyPairSync('ed25519')), /ED25519/],
    ['X448', pem(generateKeyPairSync('x448')), /X448/],
    ['RSA-PSS', pem(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })), /RSA-PSS/],
    ['secp256k1', pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), /curve/],
    ['a key for signatures', jwkBytes({ ...jwkOf(rsa.publicKey), use: 'sig' }), /signatures/],
    ['key_ops without encryption', jwkBytes({ ...jwkOf(rsa.publicKey), key_ops: ['verify'] }), /key_ops/],
    ['a signature algorithm', jwkBytes({ ...jwkOf(rsa.publicKey), alg: 'RS256' }), /alg/],
    ['RSA1_5', jwkBytes({ ...jwkOf(rsa.publicKey), alg: 'RSA1_5' }), /not safe/],
    ['an empty password', oct(0, { alg: 'PBES2-HS256+A128KW' }), /empty|complete/],
    ['a password that is left out', jwkBytes({ kty: 'oct', alg: 'PBES2-HS256+A128KW' }), /not written/],
    ['an RSA key with an EC algorithm', jwkBytes({ ...jwkOf(rsa.publicKey), alg: 'ECDH-ES' }), /fit/],
    ['an EC key with a symmetric algorithm', jwkBytes({ ...jwkOf(ec.publicKey), alg: 'dir' }), /fit/],
    ['a symmetric key with an RSA algorithm', oct(32, { alg: 'RSA-OAEP' }), /fit/],
    ['a symmetric key too short for its algorithm', oct(16, { alg: 'A256KW' }), /fit/],
    ['a symmetric key of an odd size', oct(20), /160 bits/],
    ['a set without keys', jwkBytes({ keys: [] }), /without one for encryption/],
    [
      'a set of keys for signatures',
      jwkBytes({ keys: [{ ...jwkOf(rsa.publicKey), use: 'sig' }] }),
      /without/,
    ],
    ['a set of keys that are too small', jwkBytes({ keys: [jwkOf(small.publicKey)] }), /1024 bits/],
    ['a set that is none', jwkBytes({ keys: 'x' }), /without one/],
    ['RSA above 16384 bits', jwkBytes(hugeRsa), /16392 bits/],
    ['a JWK without its parts', jwkBytes({ kty: 'RSA', e: 'AQAB' }), /complete/],
    ['a JWK of an unknown kind', jwkBytes({ kty: 'AKP', alg: 'dir' }), /complete/],
    ['a point off the curve', jwkBytes({ ...jwkOf(ec.publicKey), y: jwkOf(ec.publicKey).x }), /complete/],
    [
      'an encrypted PEM',
      bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })),
      /passphrase/,
    ],
    ['a damaged PEM', bytes('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'), /damaged/],
    [
      'an OpenSSH key',
      bytes('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----'),
      /no key/,
    ],
    ['binary rubbish', bytes(Buffer.from([0x30, 0x82, 1, 2, 3])), /neither/],
    ['text', bytes('hunter2'), /neither/],
    ['nothing', bytes(''), /neither/],
    ['a huge file', new Uint8Array(100_000), /larger/],
  ])('refuses %s', (_, file, reason) => {
    expect(reasonOf(() => readJweKey(file, 'k'))).toMatch(reason);
  });

  it('quotes nothing of a key it refuses', () => {
    const jwk = { ...jwkOf(rsa.privateKey), qi: 12345, kty: 'RSA' };
    expect(reasonOf(() => readJweKey(jwkBytes(jwk), 'k'))).toBe(
      'it is not a complete JSON Web Key of a known kind',
    );
  });
});

describe('generateJweKey', () => {
  it('makes an RSA-4096 pair whose halves go by one name', async () => {
    const pair = await generateJweKey();
    const mine = readJweKey(bytes(pair.privatePem), 'mine');
    const theirs = readJweKey(bytes(pair.publicPem), 'theirs');
    expect(pair.privatePem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(theirs).toMatchObject({ kind: 'public', description: 'RSA 4096', kid: mine.kid });
    expect(fingerprintsEqual(mine.fingerprint ?? '', theirs.fingerprint ?? 'x')).toBe(true);
  });
});

describe('fingerprintsEqual', () => {
  it('does not mind the padding, and nothing else', () => {
    expect(fingerprintsEqual('SHA256:AAAA=', 'SHA256:AAAA')).toBe(true);
    expect(fingerprintsEqual('SHA256:AAAA', 'SHA256:AAAB')).toBe(false);
    expect(fingerprintsEqual('SHA256:AAAA', 'sha256:AAAA')).toBe(false);
  });
});

describeVectors('the published key of a real cluster', 'jwe/kubecon-eu-key.pub', () => {
  it('is read as RSA 4096', () => {
    const key = readJweKey(bytes(readVector('jwe/kubecon-eu-key.pub')), 'key.pub');
    expect(key).toMatchObject({ kind: 'public', description: 'RSA 4096', alg: 'RSA-OAEP-256' });
  });
});
