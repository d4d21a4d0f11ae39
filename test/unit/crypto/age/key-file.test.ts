import { inspect } from 'node:util';
import { armor, Encrypter } from 'age-encryption';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import type { AskPassphrase } from '../../../../src/crypto/age/age-key.ts';
import { readAgeKeyFile } from '../../../../src/crypto/age/key-file.ts';
import {
  bytesOf,
  ed25519Key,
  keyOf,
  nativeIdentity,
  neverAsked,
  pkcs8,
  unwrapWith,
  wrapFor,
} from '../../../support/age-keys.ts';

const [first, second] = [await nativeIdentity(), await nativeIdentity(true)];
const dataKey = new Uint8Array(32).fill(7);
const read = (text: string | Uint8Array, ask: AskPassphrase = neverAsked) =>
  readAgeKeyFile(typeof text === 'string' ? bytesOf(text) : text, 'keys.txt', ask);
const recipientsOf = async (text: string) => (await read(text)).keys.map(({ recipient }) => recipient?.text);
const recipientOf = async (identity: string) => (await keyOf(identity)).recipient?.text ?? '';

const sealedTo = async (identity: string) => wrapFor(await recipientOf(identity), dataKey);

async function failureOf(text: string | Uint8Array): Promise<Failure<'key.unusable'>> {
  const failure: unknown = await read(text).catch((error: unknown) => error);
  if (Failure.is(failure, 'key.unusable')) return failure;
  throw new Error('it was accepted', { cause: failure });
}

describe('a key file', () => {
  it.each([
    ['as age-keygen writes it', `# created: 2026\n# public key: age1\n${first}\n`, 1],
    ['with CRLF and no final newline', `# a\r\n\r\n${first}\r\n${second}`, 2],
    ['with space around its lines', `  ${first}\t\n   # b\n`, 1],
    ['as SOPS_AGE_KEY may hold it', `${first} ${second}`, 2],
  ])('%s gives its identities and their recipients', async (_, text, count) => {
    const expected = [await recipientOf(first), await recipientOf(second)].slice(0, count);
    expect(await recipientsOf(text)).toEqual(expected);
  });

  it('is used but for the lines that are no keys, which are said', async () => {
    const text = `AGE-PLUGIN-YUBIKEY-1QQQQ\n${first}\nAGE-PLUGIN-../../BIN/SH1QQ\nage1qqqq\n${second.slice(0, -1)}\nhunter2`;
    const { keys, refused } = await read(text);
    expect(keys).toHaveLength(1);
    const reasons = refused.map(({ details }) => details.reason);
    expect(reasons).toEqual([
      'line 1 needs a plugin of age, and Purser runs none',
      'line 3 needs a plugin of age, and Purser runs none',
      'line 4 is a recipient where a private key belongs',
      expect.stringMatching(/^line 5 is an age identity that is cut short/),
      'line 6 is no age identity',
    ]);
  });

  it.each([
    ['nothing', '', /no age identity/],
    ['comments', '# AGE-SECRET-KEY-1\n', /no age identity/],
    ['a plugin alone', 'AGE-PLUGIN-YUBIKEY-1QQQQ', /plugin/],
    ['a lower-case identity', first.toLowerCase(), /line 1 is no age identity/],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0]), /not text/],
    ['16 MiB', new Uint8Array(16 * 1024 * 1024).fill(0x23), /larger/],
    ['more than a mebibyte of text', '#'.repeat(1024 * 1024 + 1), /longer/],
    ['more than 1000 keys', 'AGE-SECRET-KEY-1 '.repeat(1001), /more than 1000/],
    ['a broken armor', '-----BEGIN AGE ENCRYPTED FILE-----\nA\n', /armor/],
    ['a broken header', 'age-encryption.org/v1\n-> scrypt a 1', /header/],
  ])('of %s is refused', async (_, text, reason) => {
    expect((await failureOf(text)).details.reason).toMatch(reason);
  });

  it('is read or refused, whatever it holds, and no identity is repeated', async () => {
    const piece = fc.oneof(
      fc.constantFrom(first, '\n', '-----BEGIN OPENSSH PRIVATE KEY-----', '-> scrypt AAAA 30\n', '\n--- '),
      fc.constantFrom('age-encryption.org/v1\n', 'AGE-SECRET-KEY-1', pkcs8(ed25519Key()), '#'),
      fc.string({ unit: 'binary' }),
    );
    const damaged = fc.tuple(fc.nat(first.length - 1), fc.string({ minLength: 1, maxLength: 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), damaged, async (pieces, [at, by]) => {
        const broken = first.slice(0, at) + by + first.slice(at + 1);
        for (const text of [pieces.join(''), broken]) {
          const result: unknown = await read(text).catch((error: unknown) => error);
          const shown = inspect(result, { depth: 20, showHidden: true });
          expect(result instanceof Error && !Failure.is(result, 'key.unusable'), shown).toBe(false);
          expect(shown.includes(first.slice(20, 36)) || shown.includes(first.slice(-16))).toBe(false);
        }
      }),
    );
  });
});

describe('a key file under a passphrase', () => {
  async function sealed(text: string, work = 4): Promise<Uint8Array> {
    const encrypter = new Encrypter();
    encrypter.setPassphrase('correct horse');
    encrypter.setScryptWorkFactor(work);
    return encrypter.encrypt(text);
  }

  it.each([
    ['binary', (file: Uint8Array) => file],
    ['armored', (file: Uint8Array) => bytesOf(`\n${armor.encode(file)}`)],
  ])('(%s) opens what its keys open, and asks once', async (_, form) => {
    const asked: string[] = [];
    const ask = async (ref: string) => {
      asked.push(ref);
      return 'correct horse';
    };
    const { keys } = await read(form(await sealed(`# a\n${first}\n${second}\n`)), ask);
    expect(asked).toEqual([]);
    for (const identity of [first, second])
      expect(await unwrapWith(await sealedTo(identity), keys)).toEqual(dataKey);
    expect(await unwrapWith(await sealedTo(await nativeIdentity()), keys)).toBeUndefined();
    expect(asked).toEqual(['keys.txt']);
  });

  it('is left alone where another key opens, or none of its keys could', async () => {
    const { keys } = await read(await sealed(first));
    const ssh = await keyOf(pkcs8(ed25519Key()));
    expect(await unwrapWith(await sealedTo(second), [...keys, await keyOf(second)])).toEqual(dataKey);
    expect(await unwrapWith(await wrapFor(ssh.recipient?.text ?? '', dataKey), keys)).toBeUndefined();
  });

  it.each([
    ['another passphrase', 'wrong', /another one/],
    ['none', undefined, /not given/],
    ['an empty one', '', /not given/],
  ])('with %s does not open, and asks again the next time', async (_, given, reason) => {
    const answers = [given, 'correct horse'];
    const { keys } = await read(await sealed(first), async () => answers.shift());
    const enc = await sealedTo(first);
    const failure: unknown = await unwrapWith(enc, keys).catch((error: unknown) => error);
    expect(Failure.is(failure, 'key.unusable') && failure.details.reason).toMatch(reason);
    expect(await unwrapWith(enc, keys)).toEqual(dataKey);
  });

  it('does not open after a byte changed', async () => {
    const file = await sealed(`${first}\n`);
    const enc = await sealedTo(first);
    const flip = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(flip, async ([at, by]) => {
        const changed = file.map((byte, index) => (index === at ? byte ^ by : byte));
        const opened = async () => {
          const { keys } = await read(changed, async () => 'correct horse');
          return unwrapWith(enc, keys);
        };
        await expect(opened()).rejects.toMatchObject({ code: 'key.unusable' });
      }),
    );
  });

  it.each([
    ['21', /2\^21; 2\^20 is the most/],
    ['30', /2\^30/],
    ['999999', /2\^999999/],
    ['99999999999999999999', /damaged/],
    ['1e9', /damaged/],
    ['018', /damaged/],
  ])(
    'that takes work of 2^%s is refused before any of it is done, and nobody is asked',
    async (work, reason) => {
      const file = Buffer.from(await sealed(first)).toString('latin1');
      const costly = file.replace(/^(-> scrypt \S+) \d+/m, `$1 ${work}`);
      const before = process.cpuUsage();
      const failure = await failureOf(new Uint8Array(Buffer.from(costly, 'latin1')));
      expect(failure.details.reason).toMatch(reason);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
    },
  );

  it('is refused where it is sealed to a key, or to a passphrase and more', async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await recipientOf(first));
    expect((await failureOf(await encrypter.encrypt(second))).details.reason).toMatch(
      /not with a passphrase/,
    );
    const file = Buffer.from(await sealed(first)).toString('latin1');
    const twice = file.replace(
      /-> scrypt [^]*?\n---/,
      (stanza) => `${stanza.slice(0, -3)}-> X25519 a\n\n---`,
    );
    expect((await failureOf(new Uint8Array(Buffer.from(twice, 'latin1')))).details.reason).toMatch(
      /passphrase/,
    );
  });
});
