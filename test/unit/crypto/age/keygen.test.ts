import { describe, expect, it } from 'vitest';
import { generateAgeKey } from '../../../../src/crypto/age/keygen.ts';
import { readAgeRecipient } from '../../../../src/crypto/age/recipient.ts';
import { keyOf } from '../../../support/age-keys.ts';

const when = new Date('2026-11-21T18:30:00.123Z');

describe('a new age key', () => {
  it.each([
    [false, 'x25519', /^AGE-SECRET-KEY-1[A-Z0-9]{58}$/],
    [true, 'hybrid', /^AGE-SECRET-KEY-PQ-1[A-Z0-9]{58}$/],
  ])('(post-quantum: %s) is a key file as age-keygen writes it', async (postQuantum, kind, shape) => {
    const { keyFile, recipient } = await generateAgeKey(when, { postQuantum });
    const [created, publicKey, identity = '', ...rest] = keyFile.exposeText()?.split('\n') ?? [];
    expect(created).toBe('# created: 2026-11-21T18:30:00Z');
    expect(publicKey).toBe(`# public key: ${recipient}`);
    expect(identity).toMatch(shape);
    expect(rest).toEqual(['']);
    expect(readAgeRecipient(recipient, 'k').kind).toBe(kind);
    expect((await keyOf(keyFile.expose())).recipient?.text).toBe(recipient);
  });

  it('is another each time', async () => {
    expect((await generateAgeKey(when)).recipient).not.toBe((await generateAgeKey(when)).recipient);
  });
});
