import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { isSameRecipient, readAgeRecipient, shortRecipient } from '../../../../src/crypto/age/recipient.ts';
import { sshInteger, sshStrings } from '../../../../src/crypto/age/ssh-wire.ts';
import { keyOfEachKind } from '../../../support/age-keys.ts';

const x25519 = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN';
const modulus = modulusOf(2048);
const read = (text: string) => readAgeRecipient(text, '.sops.yaml');

function refusal(text: string): Failure<'key.unusable'> {
  try {
    read(text);
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('a recipient', () => {
  it('is read as sops takes it, white space around it aside', () => {
    expect(read(` ${x25519}\n`)).toEqual({ kind: 'x25519', text: x25519, id: x25519 });
    expect(read(`${ed25519} alice@example.com `)).toEqual({
      kind: 'ssh-ed25519',
      text: `${ed25519} alice@example.com`,
      id: ed25519,
    });
  });

  it('is the same key under any comment, and another key is another', async () => {
    expect(isSameRecipient(read(`${ed25519} a`), read(`${ed25519}\tb c`))).toBe(true);
    const [, hybrid] = await keyOfEachKind();
    expect(isSameRecipient(read(x25519), read(hybrid?.recipient?.text ?? ''))).toBe(false);
  });

  it('is shown short', async () => {
    expect(shortRecipient(read(x25519))).toBe('age1ql3z7hjy…mcac8p');
    expect(shortRecipient(read(`${ed25519} alice`))).toMatch(/^ssh-ed25519 SHA256:[A-Za-z0-9+/]{43}$/);
    for (const { recipient } of await keyOfEachKind())
      expect(shortRecipient(recipient ?? read('')).length).toBeLessThan(70);
  });

  it.each([
    ['a letter off', x25519.replace('hjy', 'hjz'), /checksum/],
    ['cut short', x25519.slice(0, -1), /checksum/],
    ['in capitals', x25519.toUpperCase(), /neither/],
    ['a plugin', 'age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t', /plugin/],
    ['a plugin named as a path', 'age1../../../bin/sh1qqqq', /plugin/],
    ['a plugin named as another path', 'age1C:\\evil.exe1qqqq', /plugin/],
    ['a plugin without a name', 'age11qqqq', /plugin/],
    ['empty', '', /neither/],
    ['two lines', `${x25519}\n${x25519}`, /one line/],
    ['without end', `age1${'q'.repeat(100_000)}`, /longer than 8192/],
    ['a private key', 'AGE-SECRET-KEY-1QQQQ', /private key/],
    ['SSH without a key', 'ssh-ed25519', /damaged/],
    ['SSH cut short', ed25519.slice(0, -4), /damaged/],
    ['SSH that is not base64', 'ssh-ed25519 ä', /base64/],
    ['SSH of another type than it says', ed25519.replace('ssh-ed25519', 'ssh-rsa'), /another type/],
    ['SSH that is no point', `ssh-ed25519 ${wire('ssh-ed25519', new Uint8Array(32).fill(2))}`, /no point/],
    ['SSH of a kind age does not take', `ssh-dss ${wire('ssh-dss')}`, /ssh-ed25519 and ssh-rsa only/],
    [
      'RSA with a needless zero',
      `ssh-rsa ${wire('ssh-rsa', number(3), new Uint8Array([0, ...modulus]))}`,
      /damaged/,
    ],
    ['RSA that is negative', `ssh-rsa ${wire('ssh-rsa', number(3), modulus.subarray(1))}`, /damaged/],
    ['RSA of 1024 bits', rsaLine(1024), /1024 bits/],
    ['RSA without an exponent', `ssh-rsa ${wire('ssh-rsa', number(1), modulus)}`, /exponent/],
    ['RSA of too many bits', `ssh-rsa ${wire('ssh-rsa', number(3), new Uint8Array(2400).fill(1))}`, /bits/],
  ])('that is %s is refused, and its text is not repeated', (_, text, reason) => {
    const failure = refusal(text);
    expect(failure.details.reason).toMatch(reason);
    expect(text.length > 8 && inspect(failure).includes(text.slice(0, 40))).toBe(false);
  });

  it('that is a private key by mistake is not said, even where recipients go by their text', () => {
    const text = 'AGE-SECRET-KEY-1CANARY';
    expect(() => readAgeRecipient(text, text)).toThrow(
      expect.objectContaining({
        details: { ref: 'a recipient', reason: expect.stringContaining('private') },
      }),
    );
  });

  it('is one or a refusal, whatever the text', () => {
    const starts = fc.constantFrom('age1', 'age1pq1', 'ssh-rsa ', 'ssh-ed25519 ', 'ssh-', '', 'AGE-', x25519);
    const rests = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.base64String({ maxLength: 400 }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => wire('ssh-rsa', bytes, modulus)),
    );
    fc.assert(
      fc.property(starts, rests, (start, rest) => {
        try {
          expect(read(start + rest).text).toBe((start + rest).trim());
        } catch (error) {
          if (!Failure.is(error, 'key.unusable')) throw error;
        }
      }),
    );
  });
});

function wire(...parts: readonly (string | Uint8Array)[]): string {
  return Buffer.from(sshStrings(...parts)).toString('base64');
}

function number(value: number): Uint8Array {
  return new Uint8Array([value]);
}

function modulusOf(bits: number): Uint8Array {
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
  return sshInteger(new Uint8Array(Buffer.from(n, 'base64url')));
}

function rsaLine(bits: number): string {
  return `ssh-rsa ${wire('ssh-rsa', new Uint8Array([1, 0, 1]), modulusOf(bits))}`;
}
