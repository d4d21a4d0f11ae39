import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPgpKeys } from '../../src/cluster/decryption-pgp.ts';
import { GpgHome } from '../support/gpg.ts';
import { describePeer } from '../support/peers.ts';

describePeer('keys of GnuPG in a decryption Secret', 'gpg', () => {
  let home: GpgHome;
  const quietly = ['--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', ''];
  const gpg = (args: readonly string[]): Buffer => {
    const done = spawnSync('gpg', [...quietly, ...args], { env: home.env });
    if (done.status !== 0) throw new Error('gpg failed');
    return done.stdout;
  };

  beforeAll(() => {
    home = new GpgHome();
  });
  afterAll(() => home?.remove());

  it.each([
    ['rsa2048', 'rsa2048'],
    ['ed25519', 'cv25519'],
    ['nistp256', 'nistp384'],
    ['dsa2048', 'elg2048'],
  ])('of %s with a subkey of %s are told by the fingerprints that gpg gives', (primary, subkey) => {
    const user = `${primary}@example.com`;
    gpg(['--quick-gen-key', user, primary, 'sign', '1y']);
    const [own = ''] = home.fingerprints(user);
    gpg(['--quick-add-key', own, subkey, 'encrypt', '1y']);
    const expected = { state: 'private', fingerprints: home.fingerprints(user) };
    expect(expected.fingerprints).toHaveLength(2);
    expect(readPgpKeys(gpg(['--armor', '--export-secret-keys', user]))).toEqual(expected);
    expect(readPgpKeys(gpg(['--export-secret-keys', user]))).toEqual(expected);
    const commented = gpg(['--armor', '--comment', 'made for a test', '--export-secret-keys', user]);
    expect(readPgpKeys(Buffer.from(commented.toString().replaceAll('\n', '\r\n')))).toEqual(expected);
    // The primary key, by which SOPS calls it, may be kept elsewhere.
    expect(readPgpKeys(gpg(['--armor', '--export-secret-subkeys', user]))).toEqual(expected);
    expect(readPgpKeys(gpg(['--armor', '--export', user]))).toEqual({
      state: 'inert',
      reason: 'it is a public PGP key',
    });
  });

  it('under a passphrase decrypt nothing', () => {
    const fingerprint = home.addKey('locked', 'a passphrase');
    const locked = spawnSync(
      'gpg',
      [...quietly.slice(0, -1), 'a passphrase', '--armor', '--export-secret-keys', fingerprint],
      { env: home.env },
    ).stdout;
    expect(readPgpKeys(locked)).toEqual({ state: 'inert', reason: 'a passphrase protects this PGP key' });
  });

  it('cut short are no keys, wherever they are cut', () => {
    const whole = gpg(['--export-secret-keys', home.addKey('short')]);
    for (let length = 0; length < whole.length; length += 7)
      expect(['broken', 'private', 'inert']).toContain(readPgpKeys(whole.subarray(0, length)).state);
    expect(readPgpKeys(whole.subarray(0, 20)).state).toBe('broken');
  });
});
