import { createCipheriv, createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { generateFernetKey, openFernet, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { describeFernetToken, recogniseFernet } from '../../../src/crypto/fernet-token.ts';
import { describeVectors, vectorRows } from '../../support/vectors.ts';

interface Vector {
  readonly desc?: string;
  readonly token: string;
  readonly now: string;
  readonly ttl_sec: number;
  readonly iv: number[];
  readonly src: string;
  readonly secret: string;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const keyOf = (text: string) => readFernetKey(bytes(text), 'k');
const now = new Date('2026-03-01T12:00:00Z');

function outcome(open: () => Uint8Array | undefined): string {
  try {
    const opened = open();
    return opened === undefined ? 'not this key' : `opened: ${Buffer.from(opened).toString()}`;
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

describeVectors('the Fernet specification', 'fernet', () => {
  it('has vectors that generate, verify and must be refused', () => {
    const counts = ['generate', 'verify', 'invalid'].map((name) => vectorRows(`fernet/${name}.json`).length);
    expect(counts).toEqual([1, 2, 10]);
  });

  it.each(vectorRows<Vector>('fernet/generate.json'))(
    'generates $token',
    ({ token, now, iv, src, secret }) => {
      const options = { now: new Date(now), iv: Uint8Array.from(iv) };
      expect(sealFernet(bytes(src), keyOf(secret), options)).toBe(token);
    },
  );

  it.each(vectorRows<Vector>('fernet/verify.json'))(
    'verifies with a ttl of $ttl_sec',
    ({ token, now, ttl_sec, src, secret }) => {
      const opened = openFernet(token, keyOf(secret), { now: new Date(now), ttlSeconds: ttl_sec });
      expect(Buffer.from(opened ?? []).toString()).toBe(src);
    },
  );

  it.each(vectorRows<Vector>('fernet/invalid.json'))(
    'does not open: $desc',
    ({ token, now, ttl_sec, secret }) => {
      const open = () => openFernet(token, keyOf(secret), { now: new Date(now), ttlSeconds: ttl_sec });
      expect(outcome(open)).not.toContain('opened');
    },
  );

  it.each(vectorRows<Vector>('fernet/invalid.json').filter(({ desc }) => /TTL|TS/.test(desc ?? '')))(
    'opens where no age is asked for: $desc',
    ({ token, secret }) => {
      expect(openFernet(token, keyOf(secret))).toEqual(bytes(''));
    },
  );
});

describe('fernet', () => {
  const key = keyOf(generateFernetKey());

  it('gives back any bytes exactly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (plaintext) => {
        const opened = openFernet(sealFernet(plaintext, key, { now }), key);
        expect(Buffer.from(opened ?? [1]).equals(plaintext)).toBe(true);
      }),
    );
  });

  it('does not open after one bit of the token flipped', () => {
    const token = Buffer.from(sealFernet(bytes('correct horse'), key, { now }), 'base64url');
    for (let bit = 0; bit < token.length * 8; bit++) {
      const flipped = Buffer.from(token);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const text = `${flipped.toString('base64url')}==`.slice(0, Math.ceil((flipped.length * 4) / 3 / 4) * 4);
      expect(outcome(() => openFernet(text, key))).not.toContain('opened');
    }
  });

  it('is silent about what another key sealed', () => {
    expect(openFernet(sealFernet(bytes('x'), key, { now }), keyOf(generateFernetKey()))).toBeUndefined();
  });

  it('says open.failed where the seal is good and the padding is not', () => {
    const raw = Buffer.alloc(32, 7);
    const cipher = createCipheriv('aes-128-cbc', raw.subarray(16), Buffer.alloc(16)).setAutoPadding(false);
    const head = Buffer.from('80000000005e000000', 'hex');
    const signed = Buffer.concat([head, Buffer.alloc(16), cipher.update(Buffer.alloc(16)), cipher.final()]);
    const hmac = createHmac('sha256', raw.subarray(0, 16)).update(signed).digest();
    const token = Buffer.concat([signed, hmac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    expect(outcome(() => openFernet(token, keyOf(raw.toString('hex'))))).toBe('open.failed');
  });

  it('keeps a time that is given, for rotation', () => {
    const old = sealFernet(bytes('x'), key, { now: new Date('2020-01-02T03:04:05Z') });
    const rotated = sealFernet(openFernet(old, key) ?? bytes(''), key, {
      now: describeFernetToken(old).createdAt,
    });
    expect(describeFernetToken(rotated).createdAt.toISOString()).toBe('2020-01-02T03:04:05.000Z');
    expect(rotated).not.toBe(old);
  });

  it('uses a fresh vector each time', () => {
    const tokens = Array.from({ length: 10_000 }, () => sealFernet(bytes(''), key, { now }).slice(12, 34));
    expect(new Set(tokens).size).toBe(10_000);
  });

  it('agrees with the npm package fernet', () => {
    const fernet = createRequire(import.meta.url)('fernet');
    const text = generateFernetKey();
    const secret = new fernet.Secret(text);
    const theirs: string = new fernet.Token({ secret, time: now }).encode('pässword');
    expect(outcome(() => openFernet(theirs, keyOf(text)))).toBe('opened: pässword');
    const token = sealFernet(bytes('pässword'), keyOf(text), { now });
    expect(new fernet.Token({ secret, token, ttl: 0 }).decode()).toBe('pässword');
  });
});

describe('recogniseFernet', () => {
  const token = sealFernet(bytes('hunter2'), keyOf(generateFernetKey()), { now });

  it('recognises a token, and reads its age and size', () => {
    expect(recogniseFernet(`\n ${token}\r\n`)).toEqual({ is: 'yes' });
    expect(describeFernetToken(`${token}\n`)).toEqual({
      createdAt: now,
      bytes: token.length,
      ciphertextBytes: 16,
    });
  });

  it.each(['', 'hunter2', 'gAAAA', 'Z0FBQUFB', 'hAAAAABexample', 'a gAAAAABd'])('no: %j', (text) => {
    expect(recogniseFernet(text)).toEqual({ is: 'no' });
  });

  it.each([
    ['cut short', token.slice(0, -1)],
    ['cut to whole characters', token.slice(0, -4)],
    ['cut to almost nothing', 'gAAAAABd'],
    ['white space inside', `${token.slice(0, 40)}\n${token.slice(40)}`],
    ['foreign characters', `${token.slice(0, 40)}%%%%${token.slice(44)}`],
    ['the standard alphabet', `${token.slice(0, 40)}++//${token.slice(44)}`],
    ['text that goes on', `${token}${token}`],
  ])('malformed: %s', (_, text) => {
    expect(recogniseFernet(text).is).toBe('malformed');
    expect(() => describeFernetToken(text)).toThrow('ciphertext.malformed');
  });

  it('takes no time over a megabyte', () => {
    const before = process.cpuUsage();
    expect(recogniseFernet(`gAAAAA${'A'.repeat(1_000_000)}`).is).toBe('malformed');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});

describe('readFernetKey', () => {
  const raw = Buffer.from('fbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbefbef', 'hex');
  const spellings = [
    ['URL-safe base64', `${raw.toString('base64url')}=`],
    ['standard base64', raw.toString('base64')],
    ['hexadecimal', raw.toString('hex')],
    ['capital hexadecimal', raw.toString('hex').toUpperCase()],
    ['with white space around', `  ${raw.toString('base64')}\r\n`],
  ] as const;

  it.each(spellings)('reads %s', (_, text) => {
    const token = sealFernet(bytes('x'), keyOf(raw.toString('hex')), { now });
    expect(outcome(() => openFernet(token, keyOf(text)))).toBe('opened: x');
  });

  it.each([
    ['nothing', '', /empty/],
    ['31 bytes', `${raw.subarray(1).toString('base64url')}==`, /not 32 bytes/],
    ['33 bytes', Buffer.alloc(33).toString('base64url'), /not 32 bytes/],
    ['no padding', raw.toString('base64url'), /43 characters/],
    ['a passphrase', 'correct horse battery staple', /28 characters/],
    ['a placeholder', 'CHANGE_ME_GENERATE_A_NEW_KEY_SEE_COMMENT_ABOVE', /46 characters/],
    ['both alphabets at once', `+_${raw.toString('base64').slice(2)}`, /not 32 bytes/],
  ])('refuses %s, and quotes nothing of it', (_, text, reason) => {
    try {
      keyOf(text);
      expect.unreachable();
    } catch (error) {
      expect(Failure.is(error, 'key.unusable') && error.details.reason).toMatch(reason);
    }
  });

  it('prints no key bytes', () => {
    const printed = inspect(keyOf(raw.toString('hex')), { depth: 9, showHidden: true });
    expect(printed).not.toMatch(/fb|ef be|251/i);
  });
});
