import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import {
  generateSecretboxKey,
  openSecretbox,
  readSecretboxKey,
  sealSecretbox,
} from '../../../src/crypto/secretbox.ts';
import { readSecretboxToken, recogniseSecretbox } from '../../../src/crypto/secretbox-token.ts';
import { describeVectors, vectorRows } from '../../support/vectors.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const keyOf = (text: string, name?: string) => readSecretboxKey(bytes(text), 'k', name);
const prefix = 'k8s:enc:secretbox:v1:';

/** `module.exports = [[key, nonce, message, box], …];`, all base64. */
const parseModule = (text: string) =>
  JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) as [string, string, string, string][];

describeVectors("tweetnacl's secretbox vectors", 'secretbox', () => {
  const rows = vectorRows('secretbox/secretbox.random.js', parseModule);

  it('are more than 200', () => {
    expect(rows.length).toBeGreaterThan(200);
  });

  it('seal and open as written', () => {
    for (const [key, nonce, message, box] of rows) {
      const mine = keyOf(key, 'vector');
      const payload = Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(box, 'base64')]).toString(
        'base64',
      );
      const token = `${prefix}vector:${payload}`;
      const plaintext = new Uint8Array(Buffer.from(message, 'base64'));
      expect(sealSecretbox(plaintext, mine, { nonce: new Uint8Array(Buffer.from(nonce, 'base64')) })).toBe(
        token,
      );
      expect(Buffer.from(openSecretbox(token, mine) ?? [1]).equals(plaintext)).toBe(true);
    }
  });
});

describe('secretbox', () => {
  const key = keyOf(generateSecretboxKey(), 'dev-2026');

  it('gives back any bytes exactly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (plaintext) => {
        expect(Buffer.from(openSecretbox(sealSecretbox(plaintext, key), key) ?? [1]).equals(plaintext)).toBe(
          true,
        );
      }),
    );
  });

  it('does not open after one bit of the payload flipped', () => {
    const token = sealSecretbox(bytes('correct horse'), key);
    const payload = Buffer.from(token.slice(token.lastIndexOf(':') + 1), 'base64');
    for (let bit = 0; bit < payload.length * 8; bit++) {
      const flipped = Buffer.from(payload);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openSecretbox(`${prefix}dev-2026:${flipped.toString('base64')}`, key)).toBeUndefined();
    }
  });

  it('is silent about what another key sealed, and does not mind another name', () => {
    const token = sealSecretbox(bytes('x'), key);
    expect(openSecretbox(token, keyOf(generateSecretboxKey(), 'dev-2026'))).toBeUndefined();
    expect(openSecretbox(token.replace('dev-2026', 'old'), key)).toEqual(bytes('x'));
  });

  it('uses a fresh nonce each time', () => {
    const nonces = Array.from(
      { length: 10_000 },
      () => readSecretboxToken(sealSecretbox(bytes(''), key)).nonce,
    );
    expect(new Set(nonces.map((nonce) => Buffer.from(nonce).toString('hex'))).size).toBe(10_000);
  });

  it('opens with a key that has no name, and does not seal with it', () => {
    const text = generateSecretboxKey();
    expect(openSecretbox(sealSecretbox(bytes('x'), keyOf(text, 'a')), keyOf(text))).toEqual(bytes('x'));
    expect(() => sealSecretbox(bytes('x'), keyOf(text))).toThrow('key.unusable');
  });

  it.each(['', 'a:b', 'a b', 'a\n', 'ä', 'x'.repeat(300)])('refuses the key name %j', (name) => {
    expect(() => keyOf(generateSecretboxKey(), name)).toThrow('key.unusable');
  });

  it('refuses a key of the wrong size', () => {
    expect(() => keyOf(Buffer.alloc(31).toString('base64'), 'a')).toThrow(Failure);
  });

  it('prints no key bytes', () => {
    const printed = inspect(keyOf('ab'.repeat(32), 'a'), { depth: 9, showHidden: true });
    expect(printed).not.toMatch(/ab ab|171/);
  });
});

describe('recogniseSecretbox', () => {
  const token = sealSecretbox(bytes('hunter2'), keyOf(generateSecretboxKey(), 'dev-2026'));

  it('recognises a value, and reads its key name and size', () => {
    expect(recogniseSecretbox(` ${token}\n`)).toEqual({ is: 'yes' });
    expect(readSecretboxToken(`${token}\n`)).toMatchObject({ keyName: 'dev-2026', ciphertextBytes: 7 });
  });

  it.each(['', 'hunter2', 'k8s:enc:aescbc:v1:key1:AAAA', 'the prefix is k8s:enc:secretbox:v1:'])(
    'no: %j',
    (text) => {
      expect(recogniseSecretbox(text)).toEqual({ is: 'no' });
    },
  );

  it.each([
    ['nothing after the prefix', prefix],
    ['no payload', `${prefix}dev-2026:`],
    ['no key name', `${prefix}:${token.slice(token.lastIndexOf(':') + 1)}`],
    ['no colon', token.replace('dev-2026:', '')],
    ['cut short', token.slice(0, -3)],
    ['cut to less than nonce and authenticator', token.slice(0, prefix.length + 9 + 40)],
    ['URL-safe base64', `${prefix}a:${'-_'.repeat(40)}`],
    ['white space inside', `${token.slice(0, 50)} ${token.slice(50)}`],
  ])('malformed: %s', (_, text) => {
    expect(recogniseSecretbox(text).is).toBe('malformed');
    expect(() => readSecretboxToken(text)).toThrow('ciphertext.malformed');
  });
});
