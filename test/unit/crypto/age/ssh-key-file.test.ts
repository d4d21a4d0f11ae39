import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import type { AgeKey } from '../../../../src/crypto/age/age-key.ts';
import { readSshKeyFile } from '../../../../src/crypto/age/ssh-key-file.ts';
import { sshStrings } from '../../../../src/crypto/age/ssh-wire.ts';
import { ed25519Key, neverAsked, pkcs8, rsaKey, unwrapWith, wrapFor } from '../../../support/age-keys.ts';

const dataKey = new Uint8Array(32).fill(9);
const [one, other, rsa] = [ed25519Key(), ed25519Key(), rsaKey()];
const read = (pem: string) => readSshKeyFile(pem, 'id', neverAsked);

async function opensItsOwn(key: AgeKey): Promise<boolean> {
  const enc = await wrapFor(key.recipient?.text ?? '', dataKey);
  return Buffer.from((await unwrapWith(enc, [key])) ?? []).equals(dataKey);
}

function refusal(pem: string): Failure<'key.unusable'> {
  try {
    read(pem);
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const part = (key: KeyObject, name: 'd' | 'x') =>
  new Uint8Array(Buffer.from(key.export({ format: 'jwk' })[name] ?? '', 'base64url'));

interface Shape {
  readonly publicPoint?: Uint8Array;
  readonly checks?: readonly [number, number];
  readonly padding?: readonly number[];
  readonly cipher?: string;
  readonly kdf?: string;
  readonly options?: Uint8Array;
  readonly keys?: number;
}

/** An Ed25519 key in OpenSSH's format, with what a test wants otherwise. */
function openSsh(key: KeyObject, shape: Shape = {}): string {
  const [seed, point] = [part(key, 'd'), part(key, 'x')];
  const publicKey = sshStrings('ssh-ed25519', shape.publicPoint ?? point);
  const [first, second] = shape.checks ?? [5, 5];
  const block = Buffer.concat([
    new Uint8Array([0, 0, 0, first, 0, 0, 0, second]),
    sshStrings('ssh-ed25519', point, Buffer.concat([seed, point]), 'a comment'),
    new Uint8Array(shape.padding ?? [1, 2, 3]),
  ]);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    sshStrings(shape.cipher ?? 'none', shape.kdf ?? 'none', shape.options ?? ''),
    new Uint8Array([0, 0, 0, shape.keys ?? 1]),
    sshStrings(publicKey, block),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}

const bcrypt = (rounds: number) => {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(rounds);
  return new Uint8Array(Buffer.concat([sshStrings(new Uint8Array(16)), count]));
};

describe('a private key of SSH', () => {
  it.each([
    ['OpenSSH', openSsh(one)],
    ['PKCS#8, Ed25519', pkcs8(one)],
    ['PKCS#8, RSA', pkcs8(rsa)],
    ['PKCS#1', rsa.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['OpenSSH with CRLF and text around it', `my key\r\n${openSsh(one).replaceAll('\n', '\r\n')}`],
  ])('in %s opens what is sealed to its public half', async (_, pem) => {
    expect(await opensItsOwn(read(pem))).toBe(true);
  });

  it('is the same key in either format', () => {
    expect(read(openSsh(one)).recipient).toEqual(read(pkcs8(one)).recipient);
  });

  it('in PEM under a passphrase is unlocked for what it may open', async () => {
    const pem = rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'hunter2' });
    const [clear, answers] = [read(pkcs8(rsa)), ['hunter3', 'hunter2']];
    const locked = readSshKeyFile(pem.toString(), 'id', async () => answers.shift());
    const mine = await wrapFor(clear.recipient?.text ?? '', dataKey);
    const another = await wrapFor(read(openSsh(one)).recipient?.text ?? '', dataKey);
    expect(await unwrapWith(another, [locked])).toBeUndefined();
    expect(answers).toHaveLength(2);
    await expect(unwrapWith(mine, [locked])).rejects.toMatchObject({ code: 'key.unusable' });
    expect(await unwrapWith(mine, [locked])).toEqual(dataKey);
  });

  const pkcs8Locked = one.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'a' });
  const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each([
    ['PKCS#8 under a passphrase', pkcs8Locked.toString(), /ssh-keygen -p/],
    ['ECDSA', pkcs8(ecKey), /Ed25519 and RSA/],
    ['SEC1', ecKey.export({ type: 'sec1', format: 'pem' }).toString(), /Ed25519 and RSA/],
    ['PKCS#8 cut short', pkcs8(rsa).replace(/\n.*\n-----END/, '\n-----END'), /damaged/],
    ['a block without end', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA', /Ed25519 and RSA/],
    ['RSA of 1024 bits', pkcs8(rsaKey(1024)), /1024 bits/],
    ['two halves', openSsh(one, { publicPoint: part(other, 'x') }), /not one key/],
    ['two check numbers', openSsh(one, { checks: [1, 2] }), /damaged/],
    ['another padding', openSsh(one, { padding: [1, 2, 4] }), /damaged/],
    ['two keys', openSsh(one, { keys: 2 }), /more than one/],
    ['a cipher age does not read', openSsh(one, { cipher: 'aes256-gcm@openssh.com', kdf: 'bcrypt' }), /-Z/],
    ['too many rounds', openSsh(one, { cipher: 'aes256-ctr', kdf: 'bcrypt', options: bcrypt(1025) }), /work/],
    ['no rounds', openSsh(one, { cipher: 'aes256-ctr', kdf: 'bcrypt', options: bcrypt(0) }), /work/],
    ['no options', openSsh(one, { cipher: 'aes256-ctr', kdf: 'bcrypt' }), /damaged/],
  ])('of %s is refused, and nothing of it is repeated', (_, pem, reason) => {
    const failure = refusal(pem);
    expect(failure.details.reason).toMatch(reason);
    const body = pem.split('\n')[1] ?? '';
    expect(body.length > 8 && inspect(failure, { depth: 20 }).includes(body.slice(0, 30))).toBe(false);
  });

  it('in OpenSSH is another key or refused after a byte of its encoding changed', async () => {
    const lines = openSsh(one).split('\n');
    const file = Buffer.from(lines.slice(1, -2).join(''), 'base64');
    const flip = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(flip, async ([at, by]) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ by;
        const pem = [lines[0], changed.toString('base64'), lines.at(-2)].join('\n');
        try {
          // What nobody checks: the comment, and the numbers that only say that a passphrase was right.
          expect(await opensItsOwn(read(pem))).toBe(true);
        } catch (error) {
          if (!Failure.is(error, 'key.unusable')) throw error;
        }
      }),
    );
  });
});
