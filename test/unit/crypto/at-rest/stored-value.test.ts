import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { storedValueKey } from '../../../../src/crypto/at-rest/stored-key.ts';
import type { StaticProvider } from '../../../../src/crypto/at-rest/stored-mark.ts';
import { openStoredValue, readStoredValue } from '../../../../src/crypto/at-rest/stored-value.ts';
import { runs } from '../../../support/arbitraries.ts';
import { sealed } from '../../../support/stored-values.ts';
import { describeVectors, vectorRows } from '../../../support/vectors.ts';

const path = '/registry/secrets/default/db';
const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const text = (value: Uint8Array) => Buffer.from(value).toString();
const keyOf = (provider: StaticProvider, name: string, secret = randomBytes(32)) =>
  storedValueKey(provider, name, new Plaintext(new Uint8Array(secret)));

interface Composed {
  readonly id: string;
  readonly storedBase64: string;
  readonly keyName?: string;
  readonly keyBase64?: string;
  readonly kmsName?: string;
  readonly keyID?: string;
  readonly aadEtcdKey?: string;
  readonly plaintextHex?: string;
  readonly plaintextUtf8?: string;
}

describeVectors('the stored values of Kubernetes', 'k8s', () => {
  const composed = vectorRows<Composed>('k8s/composed_stored_values.json');
  const providerOf = ({ id }: Composed) => id.replace('-composed', '') as StaticProvider;

  it.each(composed.filter(({ keyBase64 }) => keyBase64 !== undefined))('$id opens', (vector) => {
    const key = keyOf(
      providerOf(vector),
      vector.keyName ?? '',
      Buffer.from(vector.keyBase64 ?? '', 'base64'),
    );
    const opened = openStoredValue(bytes(vector.storedBase64), [key], vector.aadEtcdKey ?? '');
    const expected = vector.plaintextHex ?? Buffer.from(vector.plaintextUtf8 ?? '').toString('hex');
    expect(Buffer.from(opened.plaintext.expose()).toString('hex')).toBe(expected);
  });

  it('a value of a KMS v1 names the KMS', () => {
    const [vector] = composed.filter(({ id }) => id === 'kmsv1-composed');
    expect(readStoredValue(bytes(vector?.storedBase64 ?? ''))).toEqual({
      is: 'kms',
      kmsName: 'testprovider',
      envelope: { version: 'v1', dekBytes: 24, ciphertextBytes: 47 },
    });
  });

  it('a value of a KMS v2 names the KMS and its key', () => {
    const [vector] = composed.filter(({ id }) => id === 'kmsv2-seed-composed');
    expect(readStoredValue(bytes(vector?.storedBase64 ?? ''))).toEqual({
      is: 'kms',
      kmsName: vector?.kmsName,
      envelope: {
        version: 'v2',
        keyId: vector?.keyID,
        dekSource: 'seed',
        dekBytes: 44,
        ciphertextBytes: 79,
        annotations: [],
      },
    });
    expect(() => openStoredValue(bytes(vector?.storedBase64 ?? ''), [], path)).toThrow('stored.kms');
  });

  it.each(
    vectorRows<{ id: string; keyHex?: string; aadUtf8: string; storedHex: string; plaintextUtf8: string }>(
      'k8s/aes_legacy_vectors.json',
    ),
  )('$id opens', (vector) => {
    const stored = Buffer.from(vector.storedHex, 'hex');
    const seed = (vector as { seedHex?: string }).seedHex;
    // What a KMS' seed makes of it is aesgcm with a derived key (HKDF-Expand), behind 32 bytes of info.
    const derived = (info: Buffer) =>
      createHmac('sha256', Buffer.from(seed ?? '', 'hex'))
        .update(Buffer.concat([info, Buffer.from([1])]))
        .digest();
    const secret =
      seed === undefined ? Buffer.from(vector.keyHex ?? '', 'hex') : derived(stored.subarray(0, 32));
    const value = Buffer.concat([
      Buffer.from('k8s:enc:aesgcm:v1:k:'),
      stored.subarray(seed === undefined ? 0 : 32),
    ]);
    const opened = openStoredValue(value, [keyOf('aesgcm', 'k', secret)], vector.aadUtf8);
    expect(opened.plaintext.exposeText()).toBe(vector.plaintextUtf8);
  });
});

describe('a stored value', () => {
  const providers = ['secretbox', 'aescbc', 'aesgcm'] as const;

  it.each(providers)('of %s gives back any bytes, with any key that validation takes', (provider) => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(...(provider === 'secretbox' ? [32] : [16, 24, 32])),
        (plaintext, length) => {
          const key = keyOf(provider, 'k', randomBytes(length));
          const opened = openStoredValue(sealed(key, plaintext), [keyOf(provider, 'other'), key], path);
          expect(opened.key).toBe(key);
          expect(Buffer.from(opened.plaintext.expose())).toEqual(Buffer.from(plaintext));
        },
      ),
      runs(40),
    );
  });

  it.each(providers)('of %s that is cut anywhere is a failure, never a crash', (provider) => {
    const key = keyOf(provider, 'k');
    const whole = sealed(key, Buffer.from('k8s\0a secret of some length, over a block'));
    for (let length = 'k8s:enc:'.length; length < whole.length; length++) {
      const cut = whole.subarray(0, length);
      // A whole block less of aescbc may open by chance: it has no authenticator.
      if (provider === 'aescbc' && (length - 20) % 16 === 0) continue;
      expect(() => openStoredValue(cut, [key], path), `${length} bytes`).toThrow(Failure);
    }
  });

  it.each(providers)('of %s opens with the line break that etcdctl adds', (provider) => {
    const key = keyOf(provider, 'k');
    const printed = Buffer.concat([sealed(key, Buffer.from('k8s\0x')), Buffer.from('\n')]);
    expect(text(openStoredValue(printed, [key], path).plaintext.expose())).toBe('k8s\0x');
  });

  it('of aesgcm opens at its own path only', () => {
    const key = keyOf('aesgcm', 'k');
    const value = sealed(key, Buffer.from('x'));
    expect(() => openStoredValue(value, [key], '/registry/secrets/default/other')).toThrow(
      'stored.not-opened',
    );
    expect(text(openStoredValue(value, [key], path).plaintext.expose())).toBe('x');
  });

  it('is not opened by a key of another name, and names the one that is needed', () => {
    const key = keyOf('secretbox', 'old');
    const value = sealed(key, Buffer.from('x'));
    const attempt = () => openStoredValue(value, [{ ...key, name: 'new' }], path);
    expect(attempt).toThrow(expect.objectContaining({ code: 'stored.key-missing' }));
    expect(attempt).toThrow(expect.objectContaining({ details: { provider: 'secretbox', keyName: 'old' } }));
  });

  it('is opened by the key that fits, where two have the same name or one is the beginning of the other', () => {
    const [a, b, long] = [keyOf('secretbox', 'a'), keyOf('secretbox', 'a'), keyOf('secretbox', 'a:b')];
    for (const key of [a, b, long])
      expect(openStoredValue(sealed(key, Buffer.from('x')), [a, b, long], path).key).toBe(key);
  });

  it('of aescbc is taken for an object rather than for what a wrong key makes of it', () => {
    const right = keyOf('aescbc', 'k');
    const value = sealed(right, Buffer.from('{"kind":"Secret"}'));
    for (let tries = 0; tries < 800; tries++) {
      const wrong = keyOf('aescbc', 'k');
      expect(openStoredValue(value, [wrong, right], path).key).toBe(right);
    }
  });

  it('in plaintext is itself, without a key', () => {
    const opened = openStoredValue(Buffer.from('k8s\0x'), [keyOf('aescbc', 'k')], path);
    expect(opened.key).toBeUndefined();
    expect(text(opened.plaintext.expose())).toBe('k8s\0x');
  });

  it('prints nothing of itself or of a key', () => {
    const key = keyOf('secretbox', 'k', Buffer.alloc(32, 0xab));
    const opened = openStoredValue(sealed(key, Buffer.from('hunter2')), [key], path);
    expect(inspect(opened, { depth: 9, showHidden: true })).not.toMatch(/hunter2|104, 117|ab ab|171/);
  });
});

describe('a key of an EncryptionConfiguration', () => {
  it.each([
    ['secretbox', 16],
    ['secretbox', 33],
    ['aescbc', 31],
    ['aesgcm', 0],
  ] as const)('of %s may not have %i bytes', (provider, length) => {
    expect(() => keyOf(provider, 'k', Buffer.alloc(length))).toThrow('key.unusable');
  });
});
