import { generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { type SealingPlace, type SealingScope, sealingLabel } from '../../../src/core/sealing-place.ts';
import { spkiFingerprint } from '../../../src/crypto/fingerprint.ts';
import { sealItem, unsealItem } from '../../../src/crypto/sealed-secrets.ts';
import { readSealedItem, recogniseSealedItem } from '../../../src/crypto/sealed-secrets-token.ts';
import { readUnsealingKeys } from '../../../src/crypto/unsealing-keys.ts';
import { runs } from '../../support/arbitraries.ts';
import { harmlessKeyFiles, privateKeyFiles } from '../../support/keys.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A key and what is sealed to it. */
function newKey(modulusLength: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const [key] = readUnsealingKeys(bytes(pem), 'key');
  if (key === undefined) throw new Error('no key');
  return { certificate: { publicKey }, privateKey, key };
}

const [own, other, larger] = [newKey(2048), newKey(2048), newKey(3072)];
const place: SealingPlace = { namespace: 'prod', name: 'db', scope: 'strict' };
const scopes = fc.constantFrom<SealingScope>('strict', 'namespace-wide', 'cluster-wide');
const name = fc.stringMatching(/^[a-z]{1,4}$/);
const places = fc.record({ namespace: name, name, scope: scopes });

describe('an item of a SealedSecret', () => {
  it.each([
    ['strict', 'prod/db'],
    ['namespace-wide', 'prod'],
    ['cluster-wide', ''],
  ] as const)('is bound in the scope %s to %j', (scope, label) => {
    expect(sealingLabel({ ...place, scope })).toBe(label);
  });

  it('opens to the bytes that were sealed, with whichever of the keys it is for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), places, (plaintext, where) => {
        const item = sealItem(plaintext, own.certificate, where);
        expect(unsealItem(item, [larger.key, other.key, own.key], where)).toEqual(plaintext);
        expect(unsealItem(item, [larger.key, other.key], where)).toBeUndefined();
      }),
      runs(30, 300),
    );
  });

  it('opens nowhere but where its scope lets it', () => {
    fc.assert(
      fc.property(places, places, (made, asked) => {
        const item = sealItem(bytes('x'), own.certificate, made);
        const opens = unsealItem(item, [own.key], asked) !== undefined;
        expect(opens).toBe(sealingLabel(made) === sealingLabel(asked));
      }),
      runs(60, 500),
    );
    const strict = sealItem(bytes('x'), own.certificate, place);
    for (const moved of [{ name: 'other' }, { namespace: 'stage' }]) {
      expect(unsealItem(strict, [own.key], { ...place, ...moved })).toBeUndefined();
    }
  });

  it('never opens with one byte flipped', () => {
    const item = Buffer.from(sealItem(randomBytes(40), own.certificate, place), 'base64');
    fc.assert(
      fc.property(fc.nat(item.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(item);
        changed[at] = (changed[at] ?? 0) ^ bits;
        let opened: Uint8Array | undefined;
        try {
          opened = unsealItem(changed.toString('base64'), [own.key], place);
        } catch (error) {
          expect(Failure.is(error, 'ciphertext.malformed')).toBe(true);
        }
        expect(opened).toBeUndefined();
      }),
      runs(150, 2_000),
    );
  });

  it('is never the same twice', () => {
    const plaintext = bytes('same');
    expect(sealItem(plaintext, own.certificate, place)).not.toBe(sealItem(plaintext, own.certificate, place));
  });

  it('tells how long its value is, and may be wrapped over lines as the controller takes it', () => {
    const item = sealItem(bytes('12345'), own.certificate, place);
    expect(readSealedItem(item).bytes).toBe(5);
    const wrapped = item.replace(/.{64}/g, '$&\r\n');
    expect(recogniseSealedItem(wrapped)).toEqual({ is: 'yes' });
    expect(unsealItem(wrapped, [own.key], place)).toEqual(bytes('12345'));
  });

  it.each([
    ['is empty', '', 'it is empty'],
    ['is no base64', 'hunter2', 'it is not standard base64'],
    ['is base64 for URLs', '-_-_', 'it is not standard base64'],
    ['has no padding', 'AgA', 'it is not standard base64'],
    ['is any other base64', 'aHVudGVyMg==', 'it does not begin as items do'],
    ['is one byte', 'AQ==', 'it does not begin as items do'],
    ['is cut short', Buffer.alloc(273, 1).toString('base64'), 'it is cut short'],
  ])('that %s is damaged', (_name, text, reason) => {
    expect(recogniseSealedItem(text)).toEqual({ is: 'malformed', reason });
    expect(() => readSealedItem(text)).toThrow(
      new Failure('ciphertext.malformed', { scheme: 'sealed-secrets', reason }),
    );
  });
});

describe('a file of private keys', () => {
  const keys = (text: string) => readUnsealingKeys(bytes(text), 'backup');

  it('may hold several, in PKCS#1 and PKCS#8', () => {
    const pem = (type: 'pkcs1' | 'pkcs8') => own.privateKey.export({ type, format: 'pem' }).toString();
    const found = keys(`# keys\n${pem('pkcs1')}${pem('pkcs8').replaceAll('\n', '\r\n')}`);
    expect(found.map(({ bits, fingerprint }) => ({ bits, fingerprint }))).toEqual([
      { bits: 2048, fingerprint: spkiFingerprint(own.certificate.publicKey) },
      { bits: 2048, fingerprint: own.key.fingerprint },
    ]);
    const item = sealItem(bytes('x'), own.certificate, place);
    for (const key of found) expect(unsealItem(item, [key], place)).toEqual(bytes('x'));
  });

  it.each([
    ['no PEM', 'hunter2', 'it holds no RSA private key in PEM'],
    ['a public key', harmlessKeyFiles['a public key'], 'it holds no RSA private key in PEM'],
    ['a passphrase', harmlessKeyFiles['PKCS#8 under a passphrase'], 'it is protected by a passphrase'],
    ['an old passphrase', harmlessKeyFiles['PKCS#1 under a passphrase'], 'it is protected by a passphrase'],
    ['another kind of key', privateKeyFiles['EC in PKCS#8'], 'its private key is not one of RSA'],
    [
      'half a key',
      '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
      'its private key is damaged',
    ],
  ])('with %s is refused', (_name, text, reason) => {
    expect(() => keys(text ?? '')).toThrow(
      expect.objectContaining({ code: 'key.unusable', details: { ref: 'backup', reason } }),
    );
  });

  it('that is no text is refused', () => {
    expect(() => readUnsealingKeys(Uint8Array.of(0xff, 0xfe), 'k')).toThrow(Failure);
  });
});
