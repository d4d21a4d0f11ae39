import { armour, base64, base64url, LETTERS, randomOf, spell, wrapped } from './bytes.mjs';
import { certificates } from './certificates.mjs';
import { bech32, jwk, pem, pgpArmour, sshPublicKey } from './keys.mjs';

/**
 * What a corpus file names instead of holding it: key material, tokens and ciphertext. `«b64 hunter2»` is the base64 of a
 * text, `«rand 32»` 32 letters and digits, `«b64 «pem rsa»»` the base64 of a key. Keys are made anew in each run; random
 * text is the same in each run for the same place, so that a disagreement can be looked at again.
 */

/** @typedef {{ words: readonly string[], text: string, random: (size: number) => Buffer }} Call */
/** @typedef {(call: Call) => string} Part */

/** @type {Record<string, Part>} */
const parts = {
  rand: ({ words, random }) => spell(random(Number(words[0])), LETTERS),
  lower: ({ words, random }) => spell(random(Number(words[0])), LETTERS.slice(26)),
  upper: ({ words, random }) => spell(random(Number(words[0])), `${LETTERS.slice(0, 26)}234567`),
  digits: ({ words, random }) => spell(random(Number(words[0])), '0123456789'),
  hex: ({ words, random }) => random(Number(words[0]) / 2).toString('hex'),
  b64rand: ({ words, random }) => base64(random(Number(words[0]))),
  b64urlrand: ({ words, random }) => base64url(random(Number(words[0]))),
  uuid: ({ random }) =>
    random(16)
      .toString('hex')
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-a$4-'),
  b64: ({ text }) => base64(text),
  b64line: ({ text }) => base64(`${text}\n`),
  b64wrap: ({ text }) => wrapped(base64(text), 64),
  b64url: ({ text }) => base64url(text),
  json: ({ text }) => JSON.stringify(text).slice(1, -1),
  lines: ({ text }) => text.replaceAll('\\n', '\n'),
  pem: ({ words, random }) => pem(words[0] ?? '', random),
  cert: ({ words }) => certificates[Number(words[0] ?? 0)] ?? '',
  age: ({ random }) => bech32('age-secret-key-', random(32)).toUpperCase(),
  'age-public': ({ random }) => bech32('age', random(32)),
  'ssh-public': ({ random }) => `ssh-ed25519 ${base64(sshPublicKey(random(32)))}`,
  jwk: ({ words }) => jwk(words[0] ?? 'ec'),
  jwt: ({ random }) =>
    [
      { alg: 'RS256', kid: random(6).toString('hex') },
      { iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:ci:deployer' },
    ]
      .map((part) => base64url(JSON.stringify(part)))
      .concat(base64url(random(256)))
      .join('.'),
  bcrypt: ({ random }) => `$2y$10$${spell(random(53), `./${LETTERS}`)}`,
  apr1: ({ random }) => `$apr1$${spell(random(8), LETTERS)}$${spell(random(22), LETTERS)}`,
  jwe: ({ random }) =>
    [
      base64url('{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256"}'),
      ...[256, 16, 32, 16].map((size) => base64url(random(size))),
    ].join('.'),
  fernet: ({ random }) =>
    base64(
      Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0, 0x68]), random(3), random(16), random(32), random(32)]),
    )
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  'fernet-key': ({ random }) => `${base64url(random(32))}=`,
  secretbox: ({ words, random }) =>
    `k8s:enc:secretbox:v1:${words[0] ?? 'dev'}:${base64(random(24 + 16 + 20))}`,
  enc: ({ words, random }) =>
    `ENC[AES256_GCM,data:${base64(random(Number(words[0] ?? 16)))},iv:${base64(random(32))},tag:${base64(random(16))},type:${words[1] ?? 'str'}]`,
  sealed: ({ random }) => base64(Buffer.concat([Buffer.from([2, 0]), random(512), random(44)])),
  'age-file': ({ random }) => armour('AGE ENCRYPTED FILE', wrapped(base64(ageFile(random)), 64)),
  'pgp-message': ({ random }) =>
    pgpArmour('MESSAGE', Buffer.concat([Buffer.from([0x84, 0x5e, 3]), random(400)])),
  vault: ({ words, random }) =>
    [
      '$ANSIBLE_VAULT;1.1;AES256',
      wrapped(Buffer.from(random(Number(words[0] ?? 120)).toString('hex')).toString('hex'), 80),
    ].join('\n'),
};

/** @param {(size: number) => Buffer} random */
function ageFile(random) {
  const [share, key, mac] = [random(32), random(32), random(32)].map((bytes) =>
    base64(bytes).replace('=', ''),
  );
  return Buffer.concat([
    Buffer.from(`age-encryption.org/v1\n-> X25519 ${share}\n${key}\n--- ${mac}\n`),
    random(80),
  ]);
}

/**
 * A line of the corpus, with what it names in its place. What is made of several lines is indented as the line is.
 *
 * @param {string} line
 * @param {string} seed
 * @returns {string[]}
 */
export function expand(line, seed) {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  let text = line;
  for (let round = 0; text.includes('«'); round += 1) {
    const before = text;
    text = text.replaceAll(/«([\w-]+)(?: ([^«»]*))?»/g, (_, name, argument = '', offset) => {
      const part = parts[name];
      if (part === undefined) throw new Error(`${seed}: there is no part ${name}`);
      return part({
        words: argument.split(' '),
        text: argument,
        random: randomOf(`${seed} ${round} ${offset}`),
      });
    });
    if (text === before) throw new Error(`${seed}: cannot read the part in ${line}`);
  }
  return text.split('\n').map((part, index) => (index === 0 || part === '' ? part : `${indent}${part}`));
}
