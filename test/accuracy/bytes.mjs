import { createHash } from 'node:crypto';

/** Random bytes that are the same for the same seed. @param {string} seed */
export function randomOf(seed) {
  let counter = 0;
  return (/** @type {number} */ size) => {
    /** @type {Buffer[]} */
    const blocks = [];
    while (blocks.length * 32 < size) {
      blocks.push(createHash('sha256').update(`${seed} ${counter}`).digest());
      counter += 1;
    }
    return Buffer.concat(blocks).subarray(0, size);
  };
}

export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** @param {Buffer} bytes @param {string} alphabet */
export const spell = (bytes, alphabet) => [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
/** @param {string} text @param {number} width */
export const wrapped = (text, width) => (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');
/** @param {string} name @param {string} body */
export const armour = (name, body) => `-----BEGIN ${name}-----\n${body}\n-----END ${name}-----`;
/** @param {Buffer | string} value */
export const base64 = (value) => Buffer.from(value).toString('base64');
/** @param {Buffer | string} value */
export const base64url = (value) => Buffer.from(value).toString('base64url');
