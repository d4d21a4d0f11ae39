import { generateKeyPairSync } from 'node:crypto';
import { armour, base64, wrapped } from './bytes.mjs';

/**
 * Key material for the corpus. Nothing here protects anything: PEM and JWK keys are made anew in each run, one of a kind;
 * what other tools write is put together from random bytes in the right form.
 */

/** @type {Map<string, string>} */
const made = new Map();

/** @param {string} kind @param {() => string | Buffer} make */
function once(kind, make) {
  const key = made.get(kind) ?? make().toString().trimEnd();
  made.set(kind, key);
  return key;
}

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = () => generateKeyPairSync('ed25519');

/** @type {Readonly<Record<string, () => string | Buffer>>} */
const pems = {
  rsa: () => rsa().privateKey.export({ type: 'pkcs8', format: 'pem' }),
  'rsa-pkcs1': () => rsa().privateKey.export({ type: 'pkcs1', format: 'pem' }),
  ec: () => ec().privateKey.export({ type: 'pkcs8', format: 'pem' }),
  'ec-sec1': () => ec().privateKey.export({ type: 'sec1', format: 'pem' }),
  ed25519: () => ed25519().privateKey.export({ type: 'pkcs8', format: 'pem' }),
  encrypted: () =>
    ec().privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'test' }),
  public: () => rsa().publicKey.export({ type: 'spki', format: 'pem' }),
};

/** @param {string} kind @param {(size: number) => Buffer} random */
export function pem(kind, random) {
  if (kind === 'openssh') return armour('OPENSSH PRIVATE KEY', wrapped(base64(openssh(random)), 70));
  if (kind === 'pgp') return pgpArmour('PRIVATE KEY BLOCK', pgpKey(random, true));
  if (kind === 'pgp-public') return pgpArmour('PUBLIC KEY BLOCK', pgpKey(random, false));
  const make = pems[kind];
  if (make === undefined) throw new Error(`there is no key ${kind}`);
  return once(kind, make);
}

/** @param {string} kind `ec` and `rsa` are private, `public` is the public half of another */
export function jwk(kind) {
  const { privateKey, publicKey } = kind === 'rsa' ? rsa() : ec();
  const key = kind === 'public' ? publicKey : privateKey;
  return once(`jwk-${kind}`, () =>
    JSON.stringify({ ...key.export({ format: 'jwk' }), use: 'enc', kid: kind }),
  );
}

/** A field of OpenSSH: its size in four bytes, then itself. @param {Buffer | string} value */
function field(value) {
  const bytes = Buffer.from(value);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}

/** @param {Buffer} point */
export const sshPublicKey = (point) => Buffer.concat([field('ssh-ed25519'), field(point)]);

/** OpenSSH's PROTOCOL.key, without a passphrase. @param {(size: number) => Buffer} random */
function openssh(random) {
  const point = random(32);
  const check = random(4);
  const pair = field(Buffer.concat([random(32), point]));
  const padding = Buffer.from([1, 2, 3, 4, 5]);
  const kept = Buffer.concat([check, check, sshPublicKey(point), pair, field('deploy'), padding]);
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(field),
    Buffer.from([0, 0, 0, 1]),
    field(sshPublicKey(point)),
    field(kept),
  ]);
}

/** An Ed25519 key and its user of RFC 9580, without a passphrase. @param {(size: number) => Buffer} random @param {boolean} secret */
function pgpKey(random, secret) {
  const curve = Buffer.from('092b06010401da470f01', 'hex');
  const head = Buffer.concat([
    Buffer.from([4, 0x68, 0, 0, 0, 22]),
    curve,
    Buffer.from([1, 7, 0x40]),
    random(32),
  ]);
  const rest = secret ? Buffer.concat([Buffer.from([0, 1, 0]), random(32), random(2)]) : Buffer.alloc(0);
  const user = Buffer.from('Test material <test@example.org>');
  const packet = (/** @type {number} */ tag, /** @type {Buffer} */ body) => [
    Buffer.from([tag, body.length]),
    body,
  ];
  return Buffer.concat([...packet(secret ? 0x94 : 0x98, Buffer.concat([head, rest])), ...packet(0xb4, user)]);
}

/** @param {string} kind @param {Buffer} body */
export function pgpArmour(kind, body) {
  let sum = 0xb704ce;
  for (const byte of body) {
    sum ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1)
      sum = sum & 0x800000 ? ((sum << 1) ^ 0x1864cfb) & 0xffffff : sum << 1;
  }
  const check = base64(Buffer.from(sum.toString(16).padStart(6, '0'), 'hex'));
  return armour(`PGP ${kind}`, `\n${wrapped(base64(body), 64)}\n=${check}`);
}

/** Bech32 of BIP 173, which age keys are written in. @param {string} prefix @param {Buffer} bytes */
export function bech32(prefix, bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const data = (bits.match(/.{1,5}/g) ?? []).map((five) => Number.parseInt(five.padEnd(5, '0'), 2));
  const codes = [...Buffer.from(prefix)];
  const spread = codes.map((code) => code >> 5);
  const low = codes.map((code) => code & 31);
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const value of [...spread, 0, ...low, ...data, 0, 0, 0, 0, 0, 0]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of generator.entries()) if ((top >>> bit) & 1) sum ^= term;
  }
  const check = [0, 1, 2, 3, 4, 5].map((index) => ((sum ^ 1) >>> (5 * (5 - index))) & 31);
  return `${prefix}1${[...data, ...check].map((five) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[five]).join('')}`;
}
