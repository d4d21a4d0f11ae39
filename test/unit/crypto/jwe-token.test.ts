import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJweToken, recogniseJwe } from '../../../src/crypto/jwe-token.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64url');
const header = { alg: 'RSA-OAEP-256', enc: 'A128CBC-HS256', kid: 'k1', purser: { for: 'db/main#password' } };
const parts = {
  protected: encode(header),
  encrypted_key: zeros(256),
  iv: zeros(16),
  ciphertext: zeros(32),
  tag: zeros(16),
};
const compact = (over: Partial<typeof parts> = {}) => Object.values({ ...parts, ...over }).join('.');
const withHeader = (value: unknown) => compact({ protected: encode(value) });
const flattened = (over: object = {}) => JSON.stringify({ ...parts, ...over });
const general = (recipients: readonly unknown[]) => flattened({ encrypted_key: undefined, recipients });

describe('recogniseJwe', () => {
  it.each([
    ['compact', compact()],
    [
      'compact with white space inside, as go-jose strips it',
      compact().replace(/(.{60})/g, '$1\n\u0085\u00a0\u3000 '),
    ],
    ['flattened JSON', flattened()],
    ['pretty-printed JSON', JSON.stringify(parts, null, 2)],
    [
      'general JSON with one recipient',
      JSON.stringify({
        protected: parts.protected,
        iv: parts.iv,
        ciphertext: parts.ciphertext,
        tag: parts.tag,
        recipients: [{ encrypted_key: parts.encrypted_key }],
      }),
    ],
    [
      'general JSON with two recipients',
      general([{ encrypted_key: zeros(256) }, { encrypted_key: zeros(9) }]),
    ],
    [
      'a header with a private member and an unusual first character',
      compact({ protected: Buffer.from(` ${JSON.stringify(header)}`).toString('base64url') }),
    ],
    [
      'direct encryption, no encrypted key',
      compact({ protected: encode({ alg: 'dir', enc: 'A128CBC-HS256' }), encrypted_key: '' }),
    ],
    [
      'an empty GCM ciphertext',
      compact({ protected: encode({ alg: 'RSA-OAEP', enc: 'A256GCM' }), iv: zeros(12), ciphertext: '' }),
    ],
    ['an algorithm that is refused later: RSA1_5', withHeader({ ...header, alg: 'RSA1_5' })],
    [
      'an algorithm that is refused later: none',
      compact({ protected: encode({ ...header, alg: 'none' }), encrypted_key: '' }),
    ],
    ['an unknown content encryption', withHeader({ ...header, enc: 'XC20P' })],
    [
      'a header that holds __proto__',
      compact({
        protected: Buffer.from(
          '{"__proto__":{"alg":"none"},"alg":"RSA-OAEP","enc":"A128CBC-HS256"}',
        ).toString('base64url'),
      }),
    ],
  ])('yes: %s', (_, text) => {
    expect(recogniseJwe(text)).toEqual({ is: 'yes' });
  });

  it.each([
    ['nothing', ''],
    ['a password', 'hunter2'],
    ['a sentence', 'Dr. Who. And. Some. More. Dots.'],
    ['a version', '1.2.3.4.5'],
    [
      'an ordinary JWT (signed)',
      `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ sub: 'me' })}.${zeros(256)}`,
    ],
    ['an unsecured JWT', `${encode({ alg: 'none' })}.${encode({ sub: 'me' })}.`],
    ['base64 of JSON', encode({ alg: 'RSA-OAEP', enc: 'A128GCM' })],
    ['base64 of text', Buffer.from('some text that is not secret').toString('base64')],
    ['a docker config', JSON.stringify({ auths: { 'r.example': { auth: 'dXNlcjpwYXNz' } } })],
    [
      'a JWS in JSON',
      JSON.stringify({ payload: 'e30', protected: encode({ alg: 'ES256' }), signature: zeros(64) }),
    ],
    ['Vault transit output', JSON.stringify({ ciphertext: 'vault:v1:abc' })],
    ['a configuration with a word in it', JSON.stringify({ protected: true })],
    ['a template', '{{ .Values.password }}'],
    ['a PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
  ])('no: %s', (_, text) => {
    expect(recogniseJwe(text)).toEqual({ is: 'no' });
  });

  it.each([
    ['cut in the tag', compact().slice(0, -5)],
    ['cut in the ciphertext', compact().slice(0, -30)],
    ['cut in the key', compact().slice(0, 200)],
    ['six parts', `${compact()}.AAAA`],
    ['a character that is not base64url', compact({ ciphertext: `${zeros(31)}!` })],
    ['padding', compact({ tag: `${zeros(16)}==` })],
    ['stray bits in the last character', compact({ tag: `${zeros(16).slice(0, -1)}B` })],
    [
      'a header that is not JSON',
      `eyJhbGciOiJ${compact().slice(11)}`.replace(parts.protected.slice(11, 30), ''),
    ],
    ['no tag', compact({ tag: '' })],
    ['an encrypted key where there must be none', withHeader({ alg: 'dir', enc: 'A128CBC-HS256' })],
    ['no encrypted key where there must be one', compact({ encrypted_key: '' })],
    ['a ciphertext of part blocks', compact({ ciphertext: zeros(33) })],
    ['an initialization vector of the wrong size', compact({ iv: zeros(12) })],
    ['broken JSON', flattened().slice(0, -9)],
    ['a member that is no string', flattened({ tag: 7 })],
    ['a header that is no object', flattened({ protected: encode([1]) })],
    ['an unprotected header that is no object', flattened({ header: 'x' })],
    ['a name in two headers', flattened({ header: { alg: 'dir' } })],
    ['zip outside the protected header', flattened({ header: { zip: 'DEF' } })],
    ['two recipients without a key', general([{}, {}])],
    ['a second recipient that is no object', general([{ encrypted_key: zeros(256) }, 'x'])],
    [
      'a second recipient whose key is no text',
      general([{ encrypted_key: zeros(256) }, { encrypted_key: 7 }]),
    ],
    ['no recipient', general([])],
    ['both JSON forms at once', flattened({ recipients: [{}] })],
    ['no algorithm', flattened({ protected: encode({ enc: 'A128GCM' }) })],
    ['a huge header', withHeader({ ...header, junk: 'x'.repeat(80_000) })],
  ])('malformed: %s', (_, text) => {
    expect(recogniseJwe(text)).toMatchObject({ is: 'malformed', reason: expect.stringMatching(/^it/) });
  });

  it('never throws, and agrees with readJweToken', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .constantFrom(compact(), flattened())
        .chain((text) =>
          fc
            .tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 5 }))
            .map(([at, drop, insert]) => text.slice(0, at) + insert + text.slice(at + drop)),
        ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (recogniseJwe(text).is === 'yes') expect(readJweToken(text).header.alg).not.toBe('');
        else expect(() => readJweToken(text)).toThrow('ciphertext.malformed');
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['dots', '.'.repeat(1_000_000)],
    ['white space', `eyJ${' '.repeat(1_000_000)}.`],
    ['nested arrays', `{"protected":"eyJ","ciphertext":${'['.repeat(1_000_000)}`],
    ['braces', `{"ciphertext"${'{'.repeat(1_000_000)}`],
    ['a long value', `eyJ${'A'.repeat(1_000_000)}.a.b.c.d`],
  ])('takes no time over a megabyte of %s', (_, text) => {
    const before = process.cpuUsage();
    expect(recogniseJwe(text).is).not.toBe('yes');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });
});

describe('readJweToken', () => {
  it('tells what the header says, without a key', () => {
    const token = readJweToken(compact());
    expect(token).toMatchObject({
      form: 'compact',
      header: {
        alg: 'RSA-OAEP-256',
        enc: 'A128CBC-HS256',
        kid: 'k1',
        boundTo: 'db/main#password',
        critical: false,
      },
      ciphertextBytes: 32,
      bytes: compact().length,
    });
  });

  it('believes a binding only in the protected header', () => {
    const { purser, ...rest } = header;
    const text = flattened({ protected: encode(rest), header: { purser } });
    expect(readJweToken(text)).toMatchObject({ form: 'flattened', header: { boundTo: undefined } });
  });

  it('does not take inherited names for header members', () => {
    const encoded = Buffer.from('{"__proto__":{"alg":"dir","enc":"A128GCM"}}').toString('base64url');
    expect(() => readJweToken(compact({ protected: encoded }))).toThrow('ciphertext.malformed');
  });
});
