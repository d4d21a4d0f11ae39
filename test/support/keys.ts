import { generateKeyPairSync, type KeyObject } from 'node:crypto';

const { privateKey: rsa, publicKey: rsaPublic } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: ec, publicKey: ecPublic } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: ed25519 } = generateKeyPairSync('ed25519');

const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki', passphrase?: string): string =>
  key
    .export({
      type,
      format: 'pem',
      ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
    })
    .toString();

/** Private keys, made anew in each run, as the files that hold them. */
export const privateKeyFiles: Readonly<Record<string, string>> = {
  'RSA in PKCS#8': pem(rsa, 'pkcs8'),
  'RSA in PKCS#1': pem(rsa, 'pkcs1'),
  'EC in PKCS#8': pem(ec, 'pkcs8'),
  'EC in SEC 1': pem(ec, 'sec1'),
  'Ed25519 in PKCS#8': pem(ed25519, 'pkcs8'),
  'a JWK of RSA': JSON.stringify(rsa.export({ format: 'jwk' })),
  'a JWK of EC': JSON.stringify(ec.export({ format: 'jwk' }), undefined, 2),
  'a JWK set': JSON.stringify({
    keys: [ecPublic.export({ format: 'jwk' }), { kid: 'b', ...ed25519.export({ format: 'jwk' }) }],
  }),
  // Made of the bytes 0 to 31.
  'an age identity':
    '# created: 2026-01-01T00:00:00Z\nAGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SWRYDWG\n',
  'a post-quantum age identity':
    'AGE-SECRET-KEY-PQ-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0S5DYVQQ\n',
};

/** Halves that may be published, and keys under a passphrase. */
export const harmlessKeyFiles: Readonly<Record<string, string>> = {
  'a public key': pem(rsaPublic, 'spki'),
  'a public JWK': JSON.stringify(ecPublic.export({ format: 'jwk' })),
  'PKCS#8 under a passphrase': pem(rsa, 'pkcs8', 'hunter2'),
  'PKCS#1 under a passphrase': pem(rsa, 'pkcs1', 'hunter2'),
};
