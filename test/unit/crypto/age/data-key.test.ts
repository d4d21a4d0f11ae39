import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import type { AgeKey } from '../../../../src/crypto/age/age-key.ts';
import { readArmor } from '../../../../src/crypto/age/armor.ts';
import { unwrapDataKey } from '../../../../src/crypto/age/data-key.ts';
import { sshStrings } from '../../../../src/crypto/age/ssh-wire.ts';
import { keyOf, keyOfEachKind, nativeIdentity, unwrapWith, wrapFor } from '../../../support/age-keys.ts';

const begin = '-----BEGIN AGE ENCRYPTED FILE-----';
const end = '-----END AGE ENCRYPTED FILE-----';
const keys = await keyOfEachKind();
const kinds = keys.map((key) => [key.ref, key] as const);
const dataKey = new Uint8Array(randomBytes(32));

const sealedTo = (key: AgeKey | undefined, bytes = dataKey) => wrapFor(key?.recipient?.text ?? '', bytes);

function armored(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [begin, ...lines, end, ''].join('\n');
}

/** What came of it: the data key, `undefined`, or why not. Anything but a `Failure` is a bug. */
async function outcome(enc: string, of: readonly AgeKey[] = keys): Promise<unknown> {
  try {
    return (await unwrapDataKey(enc, of))?.expose();
  } catch (error) {
    if (Failure.is(error, 'ciphertext.malformed') || Failure.is(error, 'key.unusable')) return error.code;
    throw error;
  }
}

describe('a data key', () => {
  it.each(kinds)('comes back from %s as it was', async (_, key) => {
    const sizes = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 33 }), fc.uint8Array());
    await fc.assert(
      fc.asyncProperty(sizes, async (bytes) => {
        expect(await unwrapWith(await sealedTo(key, bytes), [key])).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });

  it.each(kinds)('for %s stands armored, sealed to it alone', async (_, key) => {
    const enc = await sealedTo(key);
    expect(enc.startsWith(`${begin}\n`) && enc.endsWith(`\n${end}\n`)).toBe(true);
    expect(
      Buffer.from(readArmor(enc) ?? [])
        .toString('latin1')
        .match(/^-> /gm),
    ).toHaveLength(1);
  });

  it('is another text each time, though the key is the same', async () => {
    for (const key of keys) expect(await sealedTo(key)).not.toBe(await sealedTo(key));
  });

  it.each(kinds)('sealed to %s opens with no other key', async (_, key) => {
    const others = [...keys.filter((one) => one !== key), ...(await keyOfEachKind())];
    expect(await unwrapWith(await sealedTo(key), others)).toBeUndefined();
    expect(await unwrapWith(await sealedTo(key), [...others, key])).toEqual(dataKey);
  });

  it('opens with white space around it and with CRLF, as YAML may bring it', async () => {
    const enc = await sealedTo(keys[0]);
    expect(await outcome(`\n  ${enc.trim().replaceAll('\n', '\r\n')}`)).toEqual(dataKey);
  });

  it.each([
    ['a point of low order', 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z'],
    ['an SSH key of low order', `ssh-ed25519 ${lowOrder()}`],
  ])('is not sealed to %s', async (_, text) => {
    await expect(wrapFor(text, dataKey)).rejects.toMatchObject({ code: 'key.unusable' });
  });
});

describe('a damaged data key', () => {
  it.each(kinds)('for %s does not open after any byte changed', async (_, key) => {
    const file = readArmor(await sealedTo(key)) ?? new Uint8Array();
    const flip = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(flip, async ([at, by]) => {
        const changed = file.map((byte, index) => (index === at ? byte ^ by : byte));
        expect([undefined, 'ciphertext.malformed']).toContain(await outcome(armored(changed)));
      }),
      { numRuns: 150 },
    );
  });

  it('does not open after any character of its armor changed', async () => {
    const enc = (await sealedTo(keys[0])).trimEnd();
    const change = fc.tuple(fc.nat(enc.length - 1), fc.string({ minLength: 1, maxLength: 1 }));
    await fc.assert(
      fc.asyncProperty(change, async ([at, by]) => {
        fc.pre(by !== enc[at]);
        expect([undefined, 'ciphertext.malformed']).toContain(
          await outcome(enc.slice(0, at) + by + enc.slice(at + 1)),
        );
      }),
    );
  });

  it('is refused where its armor is wrapped otherwise, as age refuses it', async () => {
    const lines = (await sealedTo(keys[0])).split('\n');
    const [first = ''] = lines.splice(1, 1);
    for (const wrapped of [[first.slice(0, 32), first.slice(32)], [`${first} `], [first, ''], ['', first]])
      expect(await outcome(lines.toSpliced(1, 0, ...wrapped).join('\n'))).toBe('ciphertext.malformed');
    expect(await outcome(lines.toSpliced(1, 0, first).join('\n'))).toEqual(dataKey);
  });

  it.each(kinds)('for %s is said to be damaged where it is cut short', async (_, key) => {
    const file = readArmor(await sealedTo(key)) ?? new Uint8Array();
    for (const length of [0, 1, 21, 22, 60, file.length - 40, file.length - 1])
      expect(await outcome(armored(file.subarray(0, length)))).toBe('ciphertext.malformed');
  });

  it('is refused, whatever it is, in a moment and with nothing but a failure', async () => {
    const heads = fc.constantFrom('', 'age-encryption.org/v1\n', 'age-encryption.org/v1\n-> X25519 ');
    const tails = fc.constantFrom('', '\n--- ', '\n\n--- AAAA\n', '\n-> \n--- \n');
    const bodies = fc.tuple(heads, fc.string({ unit: 'binary' }), tails).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const file = armored(new TextEncoder().encode(body));
        for (const text of [file, body]) expect(await outcome(text)).toBe('ciphertext.malformed');
      }),
    );
  });

  it.each([
    ['longer than any', `${begin}\n${`${'A'.repeat(64)}\n`.repeat(2000)}${end}\n`, /65536/],
    ['with more recipients than any', header(65), /64 recipients/],
    ['of a later version', armored(Buffer.from('age-encryption.org/v2\n-> a\n\n--- a\n')), /another version/],
  ])('that is %s is refused before any work', async (_, enc, reason) => {
    const failure = await unwrapWith(enc, keys).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ciphertext.malformed' });
    expect((failure as Failure<'ciphertext.malformed'>).details.reason).toMatch(reason);
  });

  it('does not keep another key from being tried', async () => {
    const enc = await sealedTo(keys[0]);
    const broken: AgeKey = {
      ref: 'broken',
      recipient: undefined,
      locked: false,
      open: () => Promise.reject(new Failure('key.unusable', { ref: 'broken', reason: 'it is' })),
    };
    expect(await unwrapWith(enc, [broken, ...keys])).toEqual(dataKey);
    expect(await outcome(enc, [broken])).toBe('key.unusable');
  });

  it('gives away neither the key it is sealed to nor what it holds', async () => {
    const identity = await nativeIdentity();
    const key = await keyOf(identity);
    const file = readArmor(await sealedTo(key)) ?? new Uint8Array();
    const changed = armored(file.map((byte, at) => (at === file.length - 1 ? byte ^ 1 : byte)));
    const failure: unknown = await unwrapWith(changed, [key]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    const shown =
      inspect({ failure, key }, { depth: 20, showHidden: true }) + JSON.stringify({ failure, key });
    for (const secret of [identity.slice(20, 40), Buffer.from(dataKey).toString('hex').slice(0, 16)])
      expect(shown.toLowerCase()).not.toContain(secret.toLowerCase());
  });
});

function header(recipients: number): string {
  const stanzas = '-> X25519 aaaa\nAAAA\n'.repeat(recipients);
  return armored(Buffer.from(`age-encryption.org/v1\n${stanzas}--- AAAA\n`));
}

function lowOrder(): string {
  const neutral = new Uint8Array(32);
  neutral[0] = 1;
  return Buffer.from(sshStrings('ssh-ed25519', neutral)).toString('base64');
}
