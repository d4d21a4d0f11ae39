import { beforeAll, describe, expect, it } from 'vitest';
import { generateDataKey } from '../../../../src/crypto/sops/data-key.ts';
import { type SopsValue, sealSopsValue, sopsAad } from '../../../../src/crypto/sops/value.ts';
import { readSopsText } from '../../../../src/schemes/sops/file.ts';
import { KnownCiphertexts } from '../../../../src/schemes/sops/known-ciphertexts.ts';
import { openLeaves } from '../../../../src/schemes/sops/open.ts';

const value: SopsValue = { type: 'str', bytes: new TextEncoder().encode('hunter2') };
const dataKey = generateDataKey();
const known = new KnownCiphertexts();
let ciphertext: string;

const opened = (text: string) =>
  openLeaves(readSopsText(text, 'yaml'), dataKey, () => true, known).values.map(({ plaintext }) =>
    plaintext.exposeText(),
  );

beforeAll(() => {
  ciphertext = sealSopsValue(value, dataKey, sopsAad(['a']));
  known.add(ciphertext, sopsAad(['a']), value);
});

describe('a ciphertext that was made just now', () => {
  it('is what it was made of where it was made for', () => {
    expect(opened(`a: ${ciphertext}\n`)).toEqual(['hunter2']);
  });

  it('is not at another place', () => {
    expect(known.valueOf(ciphertext, sopsAad(['b']))).toBeUndefined();
    expect(() => opened(`b: ${ciphertext}\n`)).toThrow(expect.objectContaining({ code: 'open.failed' }));
  });

  it('is not with one character changed', () => {
    const altered = ciphertext.replace(/data:./, (start) => (start === 'data:A' ? 'data:B' : 'data:A'));
    expect(() => opened(`a: ${altered}\n`)).toThrow(expect.objectContaining({ code: 'open.failed' }));
  });
});
