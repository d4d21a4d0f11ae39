import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { toBase64 } from '../../../src/core/bytes.ts';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import type { UnsealingKey } from '../../../src/crypto/unsealing-keys.ts';
import { readSealingCertificate, type SealingCertificate } from '../../../src/crypto/x509.ts';
import type { SealingOptions } from '../../../src/manifest/seal-secret.ts';
import { readControllerKeys } from '../../../src/schemes/sealed-secrets/controller-keys.ts';
import {
  openItems,
  resealSecret,
  sealSecret,
  setSealedValue,
  unsealSecret,
} from '../../../src/schemes/sealed-secrets/sealing.ts';
import { runs, valueText } from '../../support/arbitraries.ts';
import { describeTls } from '../../support/certificates.ts';
import { edited, onlySealedSecret, placeIn, startOfKind, valuesIn } from '../../support/sealed-secrets.ts';

const { signal } = new AbortController();
const options: SealingOptions = {
  namespace: undefined,
  scope: undefined,
  sealedWith: undefined,
  allowEmpty: false,
};
const around = ['kind: ConfigMap\ndata:\n  a: b # c\n---\n', '\n--- # next\n- x\n'] as const;

describeTls('Sealed Secrets', (make) => {
  let certificate: SealingCertificate;
  let keys: readonly UnsealingKey[];

  const keysIn = (text: string) =>
    readControllerKeys({ ref: 'backup', name: undefined, bytes: Plaintext.fromText(text) });
  const seal = async (text: string) =>
    edited(text, await sealSecret(text, startOfKind(text, 'Secret'), certificate, options, signal));
  const unseal = async (text: string, namespace?: string) =>
    edited(
      text,
      await unsealSecret(text, startOfKind(text, 'SealedSecret'), keys, [placeIn(text, namespace)], signal),
    );

  beforeAll(async () => {
    const made = make({ name: 'sealing.example', rsaBits: 2048 });
    certificate = readSealingCertificate(new TextEncoder().encode(made.cert), 'cert');
    keys = await keysIn(made.key);
  });

  const sample = 'kind: Secret\nmetadata:\n  name: db\n  namespace: prod\nstringData:\n  a: x\n  b: y\n';

  it('give back any values, and leave the documents around them alone', async () => {
    const key = fc.stringMatching(/^[-._a-zA-Z0-9]{1,8}$/);
    const well = valueText.filter((text) => text.isWellFormed());
    const secret = fc.record({
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Secret'),
      metadata: fc.constant({ name: 'db', namespace: 'prod' }),
      data: fc.dictionary(key, fc.uint8Array({ maxLength: 20 }), { minKeys: 1, maxKeys: 3 }),
      stringData: fc.dictionary(key, well, { maxKeys: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(secret, fc.constantFrom('\n', '\r\n'), async ({ data, ...rest }, eol) => {
        const encoded = Object.fromEntries(
          Object.entries(data).map(([name, bytes]) => [name, toBase64(bytes)]),
        );
        const yaml = stringify({ ...rest, data: encoded }, { version: '1.1' });
        const [before, after] = around.map((text) => text.replaceAll('\n', eol)) as [string, string];
        const text = before + yaml.replaceAll('\n', eol) + after;
        const sealed = await seal(text);
        const back = await unseal(sealed);
        for (const changed of [sealed, back]) {
          expect(changed.startsWith(before) && changed.endsWith(after)).toBe(true);
          expect(eol === '\n' || !/[^\r]\n/.test(changed)).toBe(true);
        }
        const texts = Object.entries(rest.stringData).map(([name, value]) => [
          name,
          toBase64(new TextEncoder().encode(value)),
        ]);
        expect(valuesIn(back.slice(before.length, -after.length))).toMatchObject({
          data: { ...encoded, ...Object.fromEntries(texts) },
        });
      }),
      runs(60, 600),
    );
  });

  it('never open under another name, in another namespace, or with a byte changed', async () => {
    const sealed = await seal(sample);
    await expect(unseal(sealed)).resolves.toContain('a: eA==');
    const item = onlySealedSecret(sealed).entries[0]?.text ?? '';
    const flipped = Buffer.from(item, 'base64');
    flipped[300 % flipped.length] = (flipped[300 % flipped.length] ?? 0) ^ 1;
    for (const changed of [
      sealed.replace('name: db', 'name: other'),
      sealed.replace('namespace: prod', 'namespace: stage'),
      sealed.replace(item, flipped.toString('base64')),
    ]) {
      expect(changed).not.toBe(sealed);
      await expect(unseal(changed)).rejects.toMatchObject({
        code: 'open.failed',
        place: { entry: 'encryptedData.a' },
      });
    }
    const cut = sealed.replace(item, item.slice(0, 100));
    await expect(unseal(cut)).rejects.toMatchObject({
      code: 'ciphertext.malformed',
      place: { entry: 'encryptedData.a' },
    });
  });

  it('take one value more, one value changed and another certificate', async () => {
    const sealed = await seal(sample);
    const secret = onlySealedSecret(sealed);
    const value = { key: 'c', plaintext: Plaintext.fromText('new'), place: secret.place };
    const added = edited(sealed, await setSealedValue(sealed, secret, value, certificate));
    expect(added.startsWith(sealed.slice(0, sealed.indexOf('  template:')))).toBe(true);
    const next = make({ name: 'next.example', rsaBits: 2048 });
    const nextCertificate = readSealingCertificate(new TextEncoder().encode(next.cert), 'next');
    const anew = edited(
      added,
      await resealSecret(added, onlySealedSecret(added), keys, nextCertificate, [placeIn(added)], signal),
    );
    await expect(unseal(anew)).rejects.toMatchObject({ code: 'open.failed' });
    const items = new Map(onlySealedSecret(anew).entries.map(({ key, text }) => [key, text]));
    const opened = await openItems(items, await keysIn(next.key), [placeIn(anew)], signal);
    expect([...opened].map(([key, { plaintext }]) => [key, plaintext.exposeText()])).toEqual([
      ['a', 'x'],
      ['b', 'y'],
      ['c', 'new'],
    ]);
  });

  it('need to know their namespace where it is not stated', async () => {
    const sealed = (await seal(sample)).replaceAll(/^ *namespace: prod\n/gm, '');
    await expect(unseal(sealed, 'prod')).resolves.toContain('a: eA==');
    await expect(unseal(sealed)).rejects.toMatchObject({ code: 'open.failed' });
    const secret = onlySealedSecret(sealed);
    const value = { key: 'a', plaintext: Plaintext.fromText('z'), place: secret.place };
    await expect(setSealedValue(sealed, secret, value, certificate)).rejects.toMatchObject({
      code: 'sealing.unplaced',
    });
    const placed = { ...value, place: placeIn(sealed, 'prod') };
    const set = edited(sealed, await setSealedValue(sealed, secret, placed, certificate));
    await expect(unseal(set, 'prod')).resolves.toContain('a: eg==');
  });

  it('say that there is no key', async () => {
    const sealed = await seal(sample);
    const edit = unsealSecret(sealed, startOfKind(sealed, 'SealedSecret'), [], [placeIn(sealed)], signal);
    await expect(edit).rejects.toMatchObject({ code: 'key.missing' });
  });

  it('stop when they are told to', async () => {
    const sealing = sealSecret(sample, 0, certificate, options, AbortSignal.abort());
    await expect(sealing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a backup of controller keys', () => {
  const keysIn = (text: string) =>
    readControllerKeys({ ref: 'backup', name: undefined, bytes: Plaintext.fromText(text) });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const secret = (value: string, key = 'tls.key') =>
    `kind: Secret\nmetadata:\n  name: k\ndata:\n  ${key}: ${value}\n`;

  it('may be Secrets as kubectl prints them', async () => {
    const encoded = Buffer.from(pem).toString('base64');
    expect(await keysIn(secret(encoded))).toHaveLength(1);
    expect(
      await keysIn(`${secret(encoded)}---\n${secret('eA==', 'tls.crt')}---\n${secret(encoded)}`),
    ).toHaveLength(2);
    expect(
      await keysIn(
        JSON.stringify({ kind: 'List', items: [{ kind: 'Secret', data: { 'tls.key': encoded } }] }),
      ),
    ).toHaveLength(1);
    expect(
      await keysIn(`kind: Secret\nstringData:\n  tls.key: |\n${pem.replace(/^(?=.)/gm, '    ')}`),
    ).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 'it is neither PEM nor a Secret with a tls.key'],
    ['another Secret', secret('eA==', 'a'), 'it is neither PEM nor a Secret with a tls.key'],
    ['no base64', secret('hunter2!'), 'its tls.key is not base64'],
    ['no key', secret('aHVudGVyMg=='), 'it holds no RSA private key in PEM'],
  ])('with %s is refused', async (_name, text, reason) => {
    await expect(keysIn(text)).rejects.toEqual(new Failure('key.unusable', { ref: 'backup', reason }));
  });
});
