import { describe, expect, it } from 'vitest';
import { bcryptPbkdf } from '../../../../src/crypto/age/bcrypt-pbkdf.ts';
import { bytesOf } from '../../../support/age-keys.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('bcrypt_pbkdf', () => {
  // From OpenBSD's own implementation, as golang.org/x/crypto keeps them.
  it.each([
    [12, 'password', 'salt', '1ae42c05d487bc02f64921a4ebe4ea93bcacfe135fda99974c06b7b01fae149a'],
    [
      3,
      'passwordy\0PASSWORD\0',
      'salty\0SALT\0',
      '7f310bd3e78c3280c59ce4595211a2928e8d4ec744c1ed2efc9f764e3388e0ad',
    ],
    [
      8,
      'секретное слово',
      'посолить немножко',
      '8df43fc6fe131fc47f0c9e39224bd94c70b6fcc8ee8135faddf61156e6cb2733ea765f315a3e1e4afc35bf8687d189254c1e05a6fe80c0617f9183d67260d6a115c6c94e3603e2303fbb43a76a64523ffda686b1d4518543',
    ],
  ])('of %i rounds agrees with OpenBSD', async (rounds, passphrase, salt, expected) => {
    const key = await bcryptPbkdf(bytesOf(passphrase), bytesOf(salt), rounds, expected.length / 2);
    expect(hex(key)).toBe(expected);
  });

  it('lets other work have its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await bcryptPbkdf(bytesOf('a'), bytesOf('b'), 6, 48);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(4);
  });
});
