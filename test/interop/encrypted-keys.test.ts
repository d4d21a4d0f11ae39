import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/errors.ts';
import { openJwe, sealJwe } from '../../src/crypto/jwe.ts';
import { readJweKey } from '../../src/crypto/jwe-key.ts';
import { lockOf } from '../../src/crypto/key-lock.ts';
import { unlockPrivateKey } from '../../src/crypto/unlock-key.ts';

const passphrase = 'correct horse';
const sealed = ['-passout', `pass:${passphrase}`];
const legacy = ['-provider', 'legacy', '-provider', 'default'];

function openssl(args: readonly string[], input: string | Buffer = ''): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input });
  if (status !== 0) throw new Error(`openssl ended with ${status}: ${stderr.toString()}`);
  return stdout;
}

const isThere = spawnSync('openssl', ['version']).error === undefined;
const makes = {
  'RSA 2048': ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'EC P-256': ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'EC P-521': ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  X25519: ['genpkey', '-algorithm', 'X25519'],
} as const;
type Kind = keyof typeof makes;
const pkcs8: readonly Kind[] = ['RSA 2048', 'EC P-256', 'EC P-521', 'X25519'];

/** How openssl encrypts a private key, and the keys that it does that with. */
const ways: readonly (readonly [string, readonly string[], readonly Kind[]])[] = [
  ['pkcs8 -v2 aes-256-cbc', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc'], pkcs8],
  [
    'pkcs8 -v2 with a million rounds',
    ['pkcs8', '-topk8', '-v2', 'aes-128-cbc', '-iter', '1000000'],
    ['X25519'],
  ],
  [
    'pkcs8 -v2prf hmacWithSHA512',
    ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512'],
    ['X25519'],
  ],
  ['pkcs8 -scrypt', ['pkcs8', '-topk8', '-scrypt'], pkcs8],
  ['pkcs8 as DER', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-outform', 'DER'], pkcs8],
  ['pkcs8 -scrypt as DER', ['pkcs8', '-topk8', '-scrypt', '-outform', 'DER'], ['RSA 2048']],
  ['pkcs8 -v1 PBE-SHA1-3DES', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES'], ['RSA 2048']],
  ['rsa -aes256 -traditional', ['rsa', '-aes256', '-traditional'], ['RSA 2048']],
  ['rsa -des3 -traditional', ['rsa', '-des3', '-traditional'], ['RSA 2048']],
  ['ec -aes256', ['ec', '-aes256'], ['EC P-256', 'EC P-521']],
];
const rows = ways.flatMap(([way, args, kinds]) => kinds.map((kind) => [kind, way, args] as const));

describe.skipIf(!isThere)('keys that openssl encrypts', () => {
  it.each(rows)('%s by %s are unlocked, and told from a wrong passphrase', async (kind, _, args) => {
    const clear = openssl(makes[kind]);
    const file = new Uint8Array(openssl([...args, ...sealed], clear));
    expect(lockOf(file)).toEqual({ needs: 'passphrase', id: undefined });
    expect(() => readJweKey(file, 'k')).toThrow('key.unusable');
    const key = readJweKey(unlockPrivateKey(file, passphrase, 'k'), 'k');
    expect(key).toMatchObject({ kind: 'private', description: kind });
    const token = await sealJwe(Buffer.from('hunter2'), readJweKey(openssl(['pkey', '-pubout'], clear), 'p'));
    expect(Buffer.from((await openJwe(token, key)) ?? []).toString()).toBe('hunter2');
    for (const wrong of ['', 'Correct horse']) {
      expect(() => unlockPrivateKey(file, wrong, 'k')).toThrow(
        new Failure('key.locked', { ref: 'k', given: true }),
      );
    }
  });

  it('asks for no more than a million rounds', () => {
    const slow = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-iter', '1000001', ...sealed];
    const file = new Uint8Array(openssl(slow, openssl(makes.X25519)));
    expect(() => unlockPrivateKey(file, passphrase, 'k')).toThrow('key.unusable');
  });

  it.each(['PBE-MD5-DES', 'PBE-SHA1-RC2-40'])('says of %s that OpenSSL gave it up', (cipher) => {
    const args = ['pkcs8', '-topk8', '-v1', cipher, ...legacy, ...sealed];
    const file = new Uint8Array(openssl(args, openssl(makes['RSA 2048'])));
    try {
      unlockPrivateKey(file, passphrase, 'k');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'key.unusable',
        details: { reason: expect.stringMatching(/gave up/) },
      });
    }
  });

  it.each([
    ['PKCS#1 as DER', ['rsa', '-traditional', '-outform', 'DER'], 'RSA 2048'],
    ['PKCS#1 as PEM', ['rsa', '-traditional'], 'RSA 2048'],
    ['SEC1 as DER', ['ec', '-outform', 'DER'], 'EC P-256'],
    ['SEC1 as PEM, after its parameters', ['ec', '-param_enc', 'named_curve'], 'EC P-521'],
    ['PKCS#8 as DER', ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], 'X25519'],
  ] as const)('reads %s', (_, args, kind) => {
    const key = readJweKey(new Uint8Array(openssl(args, openssl(makes[kind]))), 'k');
    expect(key).toMatchObject({ kind: 'private', description: kind });
  });

  it('reads a public key of PKCS#1 as DER', () => {
    const file = openssl(['rsa', '-RSAPublicKey_out', '-outform', 'DER'], openssl(makes['RSA 2048']));
    expect(readJweKey(new Uint8Array(file), 'k')).toMatchObject({ kind: 'public', description: 'RSA 2048' });
  });
});
