import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { openJwe, sealJwe } from '../../../src/crypto/jwe.ts';
import { readJweKey, readJweKeys } from '../../../src/crypto/jwe-key.ts';
import { passwordJwk, passwordJwks, unlockPrivateKey } from '../../../src/crypto/unlock-key.ts';
import { headerOf, text, bytes as utf8 } from './jwe-keys.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const passphrase = 'correct horse \u00fc';
const bytes = (file: string | Buffer) => new Uint8Array(Buffer.from(file));
const cipher = 'aes-256-cbc';

function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('unlockPrivateKey', () => {
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['PKCS#8 as PEM', bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher, passphrase }))],
    ['PKCS#8 as DER', bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'der', cipher, passphrase }))],
    ["OpenSSL's own PEM", bytes(rsa.privateKey.export({ type: 'pkcs1', format: 'pem', cipher, passphrase }))],
  ];
  const plain = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each(files)('opens %s', (_, file) => {
    const opened = Buffer.from(unlockPrivateKey(file, passphrase, 'k')).toString();
    expect(opened).toBe(plain);
    expect(createPrivateKey(opened).equals(rsa.privateKey)).toBe(true);
  });

  it('opens a key of an elliptic curve', () => {
    const file = bytes(ec.privateKey.export({ type: 'sec1', format: 'pem', cipher, passphrase }));
    const opened = Buffer.from(unlockPrivateKey(file, passphrase, 'k')).toString();
    expect(createPrivateKey(opened).equals(ec.privateKey)).toBe(true);
  });

  it.each(files)('says that %s has another passphrase, and quotes neither', (_, file) => {
    for (const wrong of ['', 'hunter2', passphrase.toUpperCase(), 'x'.repeat(5000)]) {
      const { code, details } = failureOf(() => unlockPrivateKey(file, wrong, 'k'));
      expect([code, details]).toEqual(['key.locked', { ref: 'k', given: true }]);
    }
  });

  /** EncryptedPrivateKeyInfo with a key derivation that was told to take its time. */
  const slow = (derivation: string, ...numbers: string[]) => {
    const tlv = (tag: string, ...parts: string[]) => {
      const content = parts.join('');
      return `${tag}${(content.length / 2).toString(16).padStart(2, '0')}${content}`;
    };
    const salt = tlv('04', '00'.repeat(8));
    const kdf = tlv(
      '30',
      tlv('06', derivation),
      tlv('30', salt, ...numbers.map((number) => tlv('02', number))),
    );
    const aes = tlv('30', tlv('06', '60864801650304012a'), tlv('04', '00'.repeat(16)));
    const scheme = tlv('30', tlv('06', '2a864886f70d01050d'), tlv('30', kdf, aes));
    return new Uint8Array(Buffer.from(tlv('30', scheme, tlv('04', '00'.repeat(32))), 'hex'));
  };
  const pbkdf2 = '2a864886f70d01050c';
  const scrypt = '2b06010401da47040b';

  it.each([
    ['PBKDF2 of 2^31 - 1 rounds', slow(pbkdf2, '7fffffff')],
    ['PBKDF2 of a million and one', slow(pbkdf2, '0f4241')],
    ['PBKDF2 beyond all numbers', slow(pbkdf2, `7f${'ff'.repeat(16)}`)],
    ['scrypt that is parallel', slow(scrypt, '4000', '08', '010000')],
    ['scrypt that is large', slow(scrypt, '01000000', '01', '01')],
  ])('refuses %s at once', (_, file) => {
    const pem = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${Buffer.from(file).toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
    const before = process.cpuUsage();
    for (const form of [file, bytes(pem)]) {
      const { code, details } = failureOf(() => unlockPrivateKey(form, passphrase, 'k'));
      expect([code, details]).toEqual([
        'key.unusable',
        { ref: 'k', reason: expect.stringMatching(/rounds/) },
      ]);
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });

  it('refuses what hides its rounds behind a line that OpenSSL passes over', () => {
    const file = [
      '-----BEGIN ENCRYPTED PRIVATE KEY-----',
      'MC4wLAYi',
      '',
      'MH8wWwYJKoZIhvcNAQUNME4wLQYJKoZIhvcNAQUMMCAEGDAGAgEAAgEBBFUAAAAA',
      'AAAAAAAAAAAAAAIEAvrwgDAdBglghkgBZQMEASoEEAAAAAAAAAAAAAAAAAAAAAAE',
      'IAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      '-----END ENCRYPTED PRIVATE KEY-----',
    ].join('\n');
    const before = process.cpuUsage();
    expect(() => unlockPrivateKey(bytes(file), passphrase, 'k')).toThrow(Failure);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });

  it.each([
    ['cut short', files[1]?.[1].subarray(0, 60)],
    ['without rounds', slow(pbkdf2)],
    ['with rounds below nothing', slow(pbkdf2, 'ff')],
    [
      'of rubbish',
      bytes('-----BEGIN ENCRYPTED PRIVATE KEY-----\n????\n-----END ENCRYPTED PRIVATE KEY-----\n'),
    ],
  ])('refuses a file %s', (_, file) => {
    expect(failureOf(() => unlockPrivateKey(file ?? new Uint8Array(), passphrase, 'k')).code).toBe(
      'key.unusable',
    );
  });
});

describe('a password', () => {
  const file = utf8(JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW', kid: 'team', use: 'enc' }));

  it('makes a key of a JWK that leaves it out', async () => {
    const key = readJweKey(passwordJwk(file, 'entrap_o\u2013peter'), 'k');
    expect(key).toMatchObject({
      kind: 'symmetric',
      description: 'password',
      alg: 'PBES2-HS256+A128KW',
      kid: 'team',
    });
    const token = await sealJwe(utf8('hunter2'), key);
    expect(headerOf(token)).toMatchObject({ alg: 'PBES2-HS256+A128KW', kid: 'team', p2c: 600_000 });
    expect(Buffer.from(String(headerOf(token).p2s), 'base64url')).toHaveLength(16);
    expect(text(await openJwe(token, readJweKey(passwordJwk(file, 'entrap_o\u2013peter'), 'k')))).toBe(
      'hunter2',
    );
  });

  it('leaves no trace of itself in a header: no thumbprint, which could be tried at leisure', async () => {
    const jwk = { kty: 'oct', alg: 'PBES2-HS512+A256KW' };
    const key = readJweKey(passwordJwk(utf8(JSON.stringify(jwk)), 'hunter2'), 'k');
    expect(key.kid).toBeUndefined();
    expect(headerOf(await sealJwe(utf8('x'), key))).not.toHaveProperty('kid');
  });

  it('opens what any of its algorithms sealed, where no file says which', () => {
    const keys = readJweKeys(passwordJwks('hunter2'), 'k');
    expect(keys.flatMap(({ opens }) => opens.alg).toSorted()).toEqual([
      'PBES2-HS256+A128KW',
      'PBES2-HS384+A192KW',
      'PBES2-HS512+A256KW',
    ]);
  });
});
