import { createPrivateKey, createPublicKey } from 'node:crypto';
import { armor, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { identifyKey } from '../../../../src/app/keys/identify-key.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import type { SchemeId } from '../../../../src/schemes/scheme.ts';
import { nativeIdentity } from '../../../support/age-keys.ts';
import { describeTls } from '../../../support/certificates.ts';
import { privateKeyFiles } from '../../../support/keys.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { ecPair, rsaPair, symmetricKey } from '../../../support/workspace.ts';

const registry = allSchemes();
const rsa = rsaPair();
const place = { in: 'vault', vault: 'v', key: { name: 'k', extension: 'pem' } } as const;

/** What is made of a file. There is nobody who could be asked for anything. */
function identify(content: string | Uint8Array, ...schemes: readonly SchemeId[]) {
  const bytes = typeof content === 'string' ? Plaintext.fromText(content) : new Plaintext(content);
  const material = { ref: 'local:k', name: 'k', bytes };
  return identifyKey({ title: 'local:k', material, schemes, place }, registry);
}

const encrypted = (pem: string, passphrase: string) =>
  createPrivateKey(pem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString();

describe('a key of JWE', () => {
  it.each(Object.entries(privateKeyFiles).filter(([name]) => /RSA|EC/.test(name)))(
    'is told from its public half by nothing but that it opens: %s',
    async (_, content) => {
      const { known, openers } = await identify(content, 'jwe');
      expect(known).toMatchObject({ opens: true, fingerprint: expect.stringMatching(/^SHA256:/) });
      expect(openers).toMatchObject([{ key: known.id, scheme: 'jwe' }]);
    },
  );

  it('is the same key as its public half, by id, fingerprint and what ciphertexts call it', async () => {
    for (const pair of [rsa, ecPair()]) {
      const { known: own } = await identify(pair.privatePem, 'jwe');
      const { known: shared, openers } = await identify(pair.publicPem, 'jwe');
      expect(shared).toMatchObject({ id: own.id, fingerprint: own.fingerprint, names: own.names });
      expect(shared.opens).toBe(false);
      expect(openers).toEqual([]);
    }
  });

  it('under a passphrase is one that opens, and is not tried: nobody is asked for it', async () => {
    const { known, openers } = await identify(encrypted(rsa.privatePem, 'secret words'), 'jwe');
    expect(known).toMatchObject({ description: 'private key under a passphrase', opens: true, names: [] });
    expect(openers).toEqual([]);
  });

  it('that is a password has the name that values give it', async () => {
    const jwk = JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW', kid: 'team' });
    const { known, openers } = await identify(jwk, 'jwe');
    expect(known).toMatchObject({ description: 'a password', names: [{ scheme: 'jwe', name: 'team' }] });
    expect(openers).toEqual([]);
  });

  it('that is a set has the names of all its keys, and is its first one', async () => {
    const [today, old] = [ecPair(), ecPair()];
    const jwk = ({ privatePem }: { readonly privatePem: string }, kid: string) => {
      const key = createPrivateKey(privatePem).export({ format: 'jwk' });
      return { ...key, kid };
    };
    const set = JSON.stringify({ keys: [jwk(today, 'today'), jwk(old, 'old')] });
    const { known, openers } = await identify(set, 'jwe');
    expect(known.names.map(({ name }) => name)).toEqual(['today', 'old']);
    expect(known).toMatchObject({ id: (await identify(today.publicPem, 'jwe')).known.id, opens: true });
    expect(openers).toHaveLength(1);
  });

  it('that is a set opens only what its private keys do, and a public set is no key of one private half', async () => {
    const [today, old] = [ecPair(), ecPair()];
    const half = (pair: typeof today, kid: string, isPrivate: boolean) => ({
      ...(isPrivate ? createPrivateKey(pair.privatePem) : createPublicKey(pair.publicPem)).export({
        format: 'jwk',
      }),
      kid,
    });
    const mixed = JSON.stringify({ keys: [half(today, 'today', true), half(old, 'old', false)] });
    expect((await identify(mixed, 'jwe')).known).toMatchObject({ opens: true, names: [{ name: 'today' }] });
    const shared = JSON.stringify({ keys: [half(today, 'today', false), half(old, 'old', false)] });
    const { known } = await identify(shared, 'jwe');
    expect(known).toMatchObject({ opens: false, names: [{ name: 'today' }, { name: 'old' }] });
    expect(known.id).not.toBe((await identify(today.privatePem, 'jwe')).known.id);
  });

  it('may be a key of Sealed Secrets too, and is one row', async () => {
    const { known } = await identify(rsa.privatePem, 'jwe', 'sealed-secrets');
    expect(known.schemes).toEqual(['jwe', 'sealed-secrets']);
    expect(known.description).toBe('RSA 2048');
    const { known: ec } = await identify(ecPair().privatePem, 'jwe', 'sealed-secrets');
    expect(ec.schemes).toEqual(['jwe']);
  });
});

describe('a symmetric key', () => {
  it('opens; of Fernet it has no name, of Secretbox the one it is kept under', async () => {
    const fernet = await identify(symmetricKey(), 'fernet');
    expect(fernet.known).toMatchObject({ description: '256 bits', opens: true, names: [] });
    expect(fernet.openers).toHaveLength(1);
    const box = await identify(symmetricKey(), 'secretbox');
    expect(box.known.names).toEqual([{ scheme: 'secretbox', name: 'k' }]);
  });
});

describe('a key of age', () => {
  it('is its recipient, X25519 or post-quantum', async () => {
    const { known } = await identify(`${await nativeIdentity()}\n`, 'sops');
    expect(known).toMatchObject({ description: 'age, x25519', opens: true });
    expect(known.fingerprint).toMatch(/^age1/);
    const { known: hybrid } = await identify(`${await nativeIdentity(true)}\n`, 'sops');
    expect(hybrid.fingerprint).toMatch(/^age1pq/);
  });

  it('of which a file has several has every name, and no fingerprint', async () => {
    const { known } = await identify(`${await nativeIdentity()}\n${await nativeIdentity()}\n`, 'sops');
    expect(known.names).toHaveLength(2);
    expect(known.fingerprint).toBeUndefined();
  });

  it('under a passphrase is listed without anybody being asked for it', async () => {
    const encrypter = new Encrypter();
    encrypter.setPassphrase('secret words');
    encrypter.setScryptWorkFactor(10);
    const file = armor.encode(await encrypter.encrypt(`${await nativeIdentity()}\n`));
    const { known } = await identify(file, 'sops');
    expect(known).toMatchObject({ description: 'age, under a passphrase', opens: true, names: [] });
  });
});

describeTls('a certificate of Sealed Secrets', (make) => {
  it('seals only, and says until when', async () => {
    const { cert, key } = make({ name: 'sealed-secrets', days: 2, rsaBits: 2048 });
    const { known, openers } = await identify(cert, 'sealed-secrets');
    expect(known.description).toMatch(/^RSA 2048 certificate, valid until \d{4}-\d{2}-\d{2}$/);
    expect(known.opens).toBe(false);
    expect(openers).toEqual([]);
    const { known: own } = await identify(key, 'sealed-secrets');
    expect(own).toMatchObject({ id: known.id, description: 'RSA 2048', opens: true });
    const other = make({ name: 'sealed-secrets', rsaBits: 2048 }).key;
    const { known: both } = await identify(key + other, 'sealed-secrets');
    expect(both).toMatchObject({ description: '2 keys of RSA', id: known.id });
    expect(both.names).toHaveLength(2);
  });
});

describe('what is no key', () => {
  const cut = rsa.privatePem.replace(/\n.{20}/, '\n');
  it.each<[string, string | Uint8Array, SchemeId]>([
    ['a damaged PEM', cut, 'jwe'],
    ['a damaged public PEM', rsa.publicPem.replace(/\n.{20}/, '\n'), 'jwe'],
    ['a short key', 'c2hvcnQ=', 'fernet'],
    ['a short key', 'c2hvcnQ=', 'secretbox'],
    ['an age identity with a letter changed', 'AGE-SECRET-KEY-1QQQQ', 'sops'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 'jwe'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 'sops'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00]), 'sealed-secrets'],
    ['nothing', '', 'jwe'],
    [
      'a certificate cut short',
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
      'sealed-secrets',
    ],
  ])('is a row that says why, and quotes none of it: %s', async (_, content, scheme) => {
    const { known, openers } = await identify(content, scheme);
    expect(known).toMatchObject({ schemes: [scheme], opens: false, names: [], fingerprint: undefined });
    expect(known.description).toMatch(/^cannot be used: .{10}/);
    expect(openers).toEqual([]);
    const told = JSON.stringify(known);
    const lines = typeof content === 'string' ? content.split('\n').filter((line) => line.length > 20) : [];
    for (const line of lines.filter((one) => !one.startsWith('-----'))) expect(told).not.toContain(line);
  });
});
