import { expect, it } from 'vitest';
import { configurationHash } from '../../../../src/crypto/at-rest/configuration-hash.ts';

// The second is NIST's example of a message of 24 bits.
it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('of the bytes of %j is their SHA-256 in hex', (text, hex) => {
  expect(configurationHash(Buffer.from(text))).toBe(`sha256:${hex}`);
});
