import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import {
  entryName,
  findEntry,
  findObjects,
  fullAddress,
  readAddress,
} from '../../../src/manifest/address.ts';
import type { Entry } from '../../../src/manifest/manifest.ts';
import { scan } from '../../../src/manifest/scan.ts';
import {
  decodeData,
  plaintextOf,
  plaintextValue,
  tokenOf,
  tokenValue,
} from '../../../src/manifest/secret.ts';

const manifest = scan(
  'kind: Secret\nmetadata: {name: a, namespace: x}\nstringData: {password: p, "a.b": q}\n---\nkind: Secret\nmetadata: {name: b}\nstringData: {password: p}\ndata: {password: cA==}\n',
);

function failureOf(work: () => unknown): Failure | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Failure;
  }
}

describe('an entry address', () => {
  it.each([
    ['data.a', { object: undefined, map: 'data', key: 'a' }],
    ['stringData.tls.key', { object: undefined, map: 'stringData', key: 'tls.key' }],
    [
      'Secret/x/a#stringData.b',
      { object: { kind: 'Secret', namespace: 'x', name: 'a' }, map: 'stringData', key: 'b' },
    ],
    [
      'Secret//a#data.b#c/d',
      { object: { kind: 'Secret', namespace: '', name: 'a' }, map: 'data', key: 'b#c/d' },
    ],
  ])('%s', (text, address) => {
    expect(readAddress(text)).toEqual(address);
  });

  it.each(['', 'a', 'data', 'data.', 'metadata.a', 'x/a#data.b', 'Secret/x/a', 'Data.a'])(
    'is not %j',
    (text) => {
      expect(failureOf(() => readAddress(text))?.code).toBe('usage');
    },
  );

  it('means one entry, or tells the candidates in full', () => {
    expect(entryName(findEntry(manifest, readAddress('stringData.a.b'), '').entry)).toBe('stringData.a.b');
    expect(fullAddress(findEntry(manifest, readAddress('Secret//b#stringData.password'), ''))).toBe(
      'Secret//b#stringData.password',
    );
    expect(failureOf(() => findEntry(manifest, readAddress('stringData.password'), 'asked'))).toMatchObject({
      code: 'entry.ambiguous',
      details: {
        wanted: 'asked',
        candidates: ['Secret/x/a#stringData.password', 'Secret//b#stringData.password'],
      },
    });
    expect(failureOf(() => findEntry(manifest, readAddress('data.nope'), 'asked'))?.code).toBe(
      'entry.not-found',
    );
  });

  it('means the objects that an absent entry may be added to', () => {
    expect(findObjects(manifest, readAddress('data.new'))).toHaveLength(2);
    expect(findObjects(manifest, readAddress('Secret/x/a#data.new'))).toHaveLength(1);
  });
});

describe('a value of a Secret', () => {
  const entry = (map: Entry['map'], text: string) => ({ map, text }) as Entry;

  it('is decoded as kube-apiserver decodes it', () => {
    expect(decodeData('AAH/')).toEqual(new Uint8Array([0, 1, 255]));
    expect(decodeData('AA\r\nH/\n')).toEqual(new Uint8Array([0, 1, 255]));
    expect(decodeData('')).toEqual(new Uint8Array());
    // Go's StdEncoding is not strict: stray bits at the end are dropped.
    expect(decodeData('/x==')).toEqual(new Uint8Array([255]));
    for (const wrong of ['AAH', 'A AH', '_w==', '=AAA', 'AA=A', 'A===', 'AAH/=', '%', 'AAA\u2028'])
      expect(decodeData(wrong), wrong).toBeUndefined();
  });

  it('is the text in stringData and the bytes in data, nothing added or lost', () => {
    expect(plaintextOf(entry('stringData', 'a\n')).exposeText()).toBe('a\n');
    expect(plaintextOf(entry('data', 'AP8=')).expose()).toEqual(new Uint8Array([0, 255]));
    expect(failureOf(() => plaintextOf(entry('data', 'not base64')))?.code).toBe('entry.not-base64');
    expect(plaintextValue('data', new Plaintext(new Uint8Array([0, 255])))).toBe('AP8=');
    expect(plaintextValue('stringData', Plaintext.fromText('a\n'))).toBe('a\n');
    expect(failureOf(() => plaintextValue('stringData', new Plaintext(new Uint8Array([255]))))?.code).toBe(
      'entry.not-text',
    );
  });

  it('holds ciphertext once more in base64 under data', () => {
    expect(tokenValue('stringData', 'gAAA')).toBe('gAAA');
    expect(tokenValue('data', 'gAAA')).toBe('Z0FBQQ==');
    expect(tokenOf(entry('data', 'Z0FBQQ=='))).toBe('gAAA');
    expect(tokenOf(entry('data', '/w=='))).toBeUndefined();
    expect(tokenOf(entry('data', '!'))).toBeUndefined();
  });
});
