import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { readStoredMark } from '../../../../src/crypto/at-rest/stored-mark.ts';
import { readStoredValue } from '../../../../src/crypto/at-rest/stored-value.ts';
import { runs } from '../../../support/arbitraries.ts';

describe('the mark of a stored value', () => {
  it.each([
    ['k8s:enc:secretbox:v1:key1:payload', 'secretbox', 'key1', 26],
    ['k8s:enc:aescbc:v1:a b/ä:x', 'aescbc', 'a b/ä', 25],
    ['k8s:enc:kms:v1:cloud:x', 'kms v1', 'cloud', 21],
    ['k8s:enc:kms:v2:cloud:x', 'kms v2', 'cloud', 21],
    ['k8s:enc:aesgcm:v1:', 'aesgcm', undefined, 18],
    ['k8s:enc:aesgcm:v1:ke', 'aesgcm', undefined, 20],
    ['k8s:enc:aesgcm:v2:key1:x', 'unknown', undefined, 24],
    ['k8s:enc:', 'unknown', undefined, 8],
  ])('%j', (value, provider, keyName, payloadAt) => {
    expect(readStoredMark(Buffer.from(value))).toEqual({ provider, keyName, payloadAt, form: undefined });
  });

  it.each([
    ['k8s\0\n', 'protobuf'],
    ['{"kind":"X"}', 'json'],
    ['', 'other'],
    ['k8s:en', 'other'],
    ['1234', 'other'],
  ])('of plaintext: %j', (value, form) => {
    expect(readStoredMark(Buffer.from(value))).toMatchObject({ provider: 'identity', form });
  });

  it('reads names with colons where the configuration has them, in its order', () => {
    const names = (...all: string[]) => all.map((name) => ({ provider: 'aescbc', name }) as const);
    const value = Buffer.from('k8s:enc:aescbc:v1:team:2026:x');
    expect(readStoredMark(value).keyName).toBe('team');
    expect(readStoredMark(value, names('team:2026')).keyName).toBe('team:2026');
    expect(readStoredMark(value, names('other', 'team', 'team:2026')).keyName).toBe('team');
    expect(readStoredMark(value, [{ provider: 'aesgcm', name: 'team:2026' }]).keyName).toBe('team');
  });

  it('says what a newer provider calls itself', () => {
    const attempt = () => readStoredValue(Buffer.from('k8s:enc:quantum:v3:key1:x'));
    expect(attempt).toThrow(
      expect.objectContaining({ code: 'stored.unknown-provider', details: { provider: 'quantum v3' } }),
    );
  });

  it('is read of any bytes without a crash', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'k8s:enc:', 'k8s:enc:kms:v1:n:', 'k8s:enc:kms:v2:n:', 'k8s:enc:aescbc:v1:n:'),
        fc.uint8Array({ maxLength: 80 }),
        (prefix, rest) => {
          try {
            readStoredValue(Buffer.concat([Buffer.from(prefix), rest]));
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
          }
        },
      ),
      runs(400),
    );
  });
});
