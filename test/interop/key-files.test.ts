import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditKeyFile } from '../../src/audit/key-file.ts';
import { describePeer } from '../support/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'purser-keys-'));
afterAll(() => {
  // The agent that gpg started.
  if (isThere('gpg', '--version')) run('gpgconf', '--kill', 'all');
  rmSync(folder, { recursive: true, force: true });
});

const isThere = (program: string, probe: string) => spawnSync(program, [probe]).error === undefined;

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, GNUPGHOME: folder },
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}

const found = (text: string) => auditKeyFile(text, 'a.key').map(({ message }) => message);

describe.skipIf(!isThere('ssh-keygen', '-?'))('ssh-keygen', () => {
  it.each(['rsa', 'ecdsa', 'ed25519'])(
    'makes %s keys that are told, unless they are under a passphrase',
    (type) => {
      for (const format of ['RFC4716', 'PEM', 'PKCS8']) {
        for (const passphrase of ['', 'hunter2']) {
          const file = join(folder, `${type}-${format}-${passphrase}`);
          run(
            'ssh-keygen',
            '-q',
            '-t',
            type,
            ...(type === 'rsa' ? ['-b', '2048'] : []),
            '-m',
            format,
            '-N',
            passphrase,
            '-f',
            file,
          );
          expect(found(readFileSync(file, 'utf8'))).toHaveLength(passphrase === '' ? 1 : 0);
          expect(found(readFileSync(`${file}.pub`, 'utf8'))).toEqual([]);
        }
      }
    },
  );
});

describe.skipIf(!isThere('gpg', '--version'))('gpg', () => {
  it.each(['rsa2048', 'dsa2048', 'ed25519', 'nistp256'])(
    'exports %s keys that are told, unless they are under a passphrase',
    (type) => {
      for (const passphrase of ['', 'hunter2']) {
        const user = `${type}${passphrase}@example.com`;
        const batch = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', passphrase];
        run('gpg', ...batch, '--quick-gen-key', user, type, 'default', 'never');
        const exported = run('gpg', ...batch, '--armor', '--export-secret-keys', user);
        expect(found(exported)).toEqual(passphrase === '' ? ['a PGP private key stands here in clear'] : []);
        expect(found(run('gpg', '--armor', '--export', user))).toEqual([]);
      }
    },
  );
});

describePeer('age-keygen', 'ageKeygen', (ageKeygen) => {
  it('makes identities that are told', () => {
    expect(found(ageKeygen([], '').toString())).toEqual(['an age identity stands here in clear']);
  });
});

describe.skipIf(!isThere('openssl', 'version'))('openssl', () => {
  it.each(['RSA', 'EC', 'ED25519', 'X25519', 'ED448', 'DSA'])('makes %s keys that are told', (type) => {
    const options: Readonly<Record<string, readonly string[]>> = {
      EC: ['-pkeyopt', 'ec_paramgen_curve:secp256k1'],
    };
    const key =
      type === 'DSA' ? dsaKey() : run('openssl', 'genpkey', '-algorithm', type, ...(options[type] ?? []));
    expect(found(key)).toHaveLength(1);
  });
});

function dsaKey(): string {
  const parameters = join(folder, 'dsa.pem');
  run('openssl', 'dsaparam', '-out', parameters, '1024');
  return run('openssl', 'gendsa', parameters);
}
