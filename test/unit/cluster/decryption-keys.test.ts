import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HeldKey } from '../../../src/app/clusters/decryption.ts';
import { whyDecryptionFails } from '../../../src/app/clusters/why-decryption-fails.ts';
import { heldKey } from '../../../src/cluster/decryption-keys.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { keyOf, nativeIdentity, pkcs8, rsaKey } from '../../support/age-keys.ts';

let identity: string;
let quantum: string;
let recipients: string[];
beforeAll(async () => {
  identity = await nativeIdentity();
  quantum = await nativeIdentity(true);
  recipients = [];
  for (const one of [identity, quantum]) recipients.push((await keyOf(one)).recipient?.text ?? '');
});

const held = (name: string, text: string) => heldKey(name, Plaintext.fromText(text));
/** Enough of a key to be worth something to somebody. */
const fragments = (secret: string) =>
  Array.from({ length: secret.length - 23 }, (_, at) => secret.slice(at + 12, at + 24)).filter(
    (part) => part.length === 12,
  );

describe('a key of a decryption Secret', () => {
  it('is age identities by the ending of its name, of which the recipients are told', async () => {
    const text = `# created: today\r\n${identity}\r\n\n${quantum}\n`;
    expect(await held('any.agekey', text)).toEqual({ name: 'any.agekey', kind: 'age', recipients });
    expect(await held('.agekey', identity)).toMatchObject({ kind: 'age', recipients: [recipients[0]] });
  });

  it.each([
    ['age.key', 'age'],
    ['keys.txt', 'age'],
    ['age.agekey.bak', 'age'],
  ])('under the name %s is passed over by Flux, and what it holds is told', async (name, holds) => {
    expect(await held(name, `${identity}\n`)).toEqual({
      name,
      kind: 'passed-over',
      holds,
      recipients: [recipients[0]],
    });
  });

  it.each([
    ['with a space before it', () => ` ${identity}`, 'line 1 has white space in it'],
    ['two on one line', () => `#\n${identity} ${quantum}`, 'line 2 has white space in it'],
    ['cut short', () => identity.slice(0, -3), 'line 1 is an age identity that is cut short or mistyped'],
    [
      'mistyped',
      () => `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`,
      'cut short or mistyped',
    ],
    ['in lower case', () => identity.toLowerCase(), 'line 1 is no age identity'],
    ['beside something else', () => `${identity}\npassword`, 'line 2 is no age identity'],
    ['whose recipient is there instead', () => recipients[0] ?? '', 'line 1 is a recipient'],
    ['of SSH', () => pkcs8(rsaKey()), 'it is a key of another kind'],
  ])('that is an identity %s stops Flux', async (_name, text, reason) => {
    const key = await held('age.agekey', text());
    expect(key).toMatchObject({ kind: 'unusable', reason: expect.stringContaining(reason) as string });
  });

  it.each([
    ['', 'it holds no age identity'],
    ['# nothing yet\n', 'it holds no age identity'],
    ['AGE-PLUGIN-YUBIKEY-1QQQQQQQQ', 'it needs a plugin of age'],
  ])('that is %j opens nothing', async (text, reason) => {
    expect(await held('age.agekey', text)).toEqual({ name: 'age.agekey', kind: 'inert', reason });
  });

  it.each([
    ['sops.vault-token', 'hc_vault'],
    ['sops.aws-kms', 'kms'],
    ['sops.azure-kv', 'azure_kv'],
    ['sops.gcp-kms', 'gcp_kms'],
  ])('named %s is credentials, of which nothing is read', async (name, service) => {
    expect(await held(name, 'canary')).toEqual({ name, kind: 'service', service });
  });

  it('of any other name and content is none', async () => {
    expect(await held('vault-token', 'canary')).toBeUndefined();
    expect(await held('identity.pub', recipients[0] ?? '')).toBeUndefined();
  });

  it('named .asc stops Flux unless it is a PGP key', async () => {
    expect(await held('key.asc', identity)).toMatchObject({ kind: 'unusable', reason: 'it is no PGP key' });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await heldKey('key.asc', new Plaintext(bytes)))?.name).toBe('key.asc');
      }),
    );
  });

  it('leaves nothing of an identity in what is told, whatever its name and however it was damaged', async () => {
    const asked = { cluster: 'prod', object: 'Kustomization flux-system/apps' };
    const damage = fc.record({
      at: fc.nat(80),
      insert: fc.constantFrom('', ' ', '\n', '\t', '#', 'x', '-----BEGIN ', '\u{1f511}', '\0'),
      drop: fc.nat(3),
    });
    const names = fc.constantFrom('a.agekey', 'a.asc', 'age.key', 'sops.aws-kms', 'sops.vault-token');
    await fc.assert(
      fc.asyncProperty(names, damage, fc.boolean(), async (name, { at, insert, drop }, twice) => {
        const damaged = `${identity.slice(0, at)}${insert}${identity.slice(at + drop)}`;
        const key = await held(name, twice ? `${damaged}\n${identity}` : damaged);
        const keys: readonly HeldKey[] = key === undefined ? [] : [key];
        const secret = {
          namespace: 'flux-system',
          name: 's',
          ofController: false,
          state: 'read',
          keys,
        } as const;
        const told = JSON.stringify([
          key,
          whyDecryptionFails(asked, { path: '', provider: 'sops', secret }, []),
        ]);
        expect(fragments(identity).filter((part) => told.includes(part))).toEqual([]);
      }),
    );
  });
});
