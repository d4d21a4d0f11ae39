import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { identifyKey } from '../../../../src/app/keys/identify-key.ts';
import { usesOf, valuesIn } from '../../../../src/app/keys/key-uses.ts';
import { sealedTo } from '../../../../src/app/keys/sealed-to.ts';
import { usesByOpening } from '../../../../src/app/keys/unnamed-uses.ts';
import { audit } from '../../../../src/audit/audit.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { LineIndex } from '../../../../src/core/span.ts';
import { scan } from '../../../../src/manifest/scan.ts';
import type { KeyMaterial } from '../../../../src/schemes/keys.ts';
import type { ValueSchemeId } from '../../../../src/schemes/scheme.ts';
import { runs } from '../../../support/arbitraries.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { type PemPair, rsaPair, secretYaml, symmetricKey } from '../../../support/workspace.ts';

const registry = allSchemes();
const never = new AbortController().signal;
const material = (ref: string, text: string): KeyMaterial => ({
  ref,
  name: ref.slice('local:'.length),
  bytes: Plaintext.fromText(text),
});

const [rsa, otherRsa] = [rsaPair(), rsaPair()];
const shared = symmetricKey();
type Held = { readonly scheme: ValueSchemeId; readonly key: KeyMaterial };
/** Keys that somebody has. `copy` is the same key as `one`. */
const keys: Readonly<Record<string, Held>> = {
  one: { scheme: 'fernet', key: material('local:one', shared) },
  copy: { scheme: 'fernet', key: material('local:copy', shared) },
  two: { scheme: 'fernet', key: material('local:two', symmetricKey()) },
  box: { scheme: 'secretbox', key: material('local:box', symmetricKey()) },
  pair: { scheme: 'jwe', key: material('local:pair', rsa.privatePem) },
};
/** Keys that nobody here has. */
const strangers: Readonly<Record<string, Held>> = {
  'another fernet': { scheme: 'fernet', key: material('local:x', symmetricKey()) },
  'another box': { scheme: 'secretbox', key: material('local:y', symmetricKey()) },
  'another pair': { scheme: 'jwe', key: material('local:z', otherRsa.privatePem) },
};

async function sealedBy({ scheme, key }: Held): Promise<string> {
  const crypto = await registry.byId(scheme).load();
  return (await crypto.token?.seal(Plaintext.fromText('a value'), key)) ?? '';
}

/** As tools make it that give no `kid`. */
const withoutKid = ({ publicPem }: PemPair) =>
  new CompactEncrypt(new TextEncoder().encode('a value'))
    .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A128GCM' })
    .encrypt(createPublicKey(publicPem));

/** A ciphertext for each: who opens it, whether it names its key or not. */
const tokens = new Map<string, { readonly token: string; readonly openedBy: readonly string[] }>();
beforeAll(async () => {
  for (const [name, held] of Object.entries(keys)) {
    const openedBy = name === 'one' || name === 'copy' ? ['one', 'copy'] : [name];
    tokens.set(name, { token: await sealedBy(held), openedBy });
  }
  for (const [name, held] of Object.entries(strangers))
    tokens.set(name, { token: await sealedBy(held), openedBy: [] });
  tokens.set('pair, unnamed', { token: await withoutKid(rsa), openedBy: ['pair'] });
  tokens.set('another pair, unnamed', { token: await withoutKid(otherRsa), openedBy: [] });
});
const sealedNames = [
  ...Object.keys(keys),
  ...Object.keys(strangers),
  'pair, unnamed',
  'another pair, unnamed',
];
const tokenOf = (name: string) => tokens.get(name)?.token ?? '';

/** As the *Keys* view does it: by name, and then by opening. */
async function usesIn(files: ReadonlyMap<string, string>, known: readonly string[]) {
  const identified = await Promise.all(
    known.map((name) => {
      const { scheme, key } = keys[name] ?? { scheme: 'fernet', key: material('local:none', '') };
      const place = { in: 'vault', vault: 'v', key: { name, extension: scheme } } as const;
      return identifyKey({ title: key.ref, material: key, schemes: [scheme], place }, registry);
    }),
  );
  const sealed = [...files].map(([path, text]) => ({
    path,
    sealedTo: sealedTo(audit(scan(text), registry), new LineIndex(text), registry),
  }));
  const found = usesOf(
    identified.map((one) => one.known),
    sealed,
  );
  const read = async (path: string) => new TextEncoder().encode(files.get(path) ?? '');
  const openers = identified.flatMap((one) => one.openers);
  const titles = new Map(identified.map((one) => [one.known.id, one.known.title]));
  const uses = await usesByOpening(found, openers, { read, registry, signal: never });
  return {
    byTitle: new Map([...uses.byKey].map(([id, all]) => [titles.get(id) ?? id, all])),
    unknown: uses.unknown,
  };
}

const secretOf = (names: readonly string[]) =>
  secretYaml('main', Object.fromEntries(names.map((name, index) => [`key-${index}`, tokenOf(name)])));

describe('values whose ciphertext names no key', () => {
  it('are told by opening them: which key, how many, and the line of the first', async () => {
    const files = new Map([['/r/a.yaml', secretOf(['another fernet', 'two', 'one', 'two'])]]);
    const { byTitle, unknown } = await usesIn(files, ['one', 'two']);
    expect(byTitle.get('local:two')).toEqual([{ path: '/r/a.yaml', values: 2, line: 8 }]);
    expect(byTitle.get('local:one')).toEqual([{ path: '/r/a.yaml', values: 1, line: 9 }]);
    expect(unknown.map(({ uses }) => uses)).toEqual([[{ path: '/r/a.yaml', values: 1, line: 7 }]]);
  });

  it('may be a whole file', async () => {
    const files = new Map([['/r/a.enc', `${tokenOf('two')}\n`]]);
    const { byTitle, unknown } = await usesIn(files, ['two']);
    expect(byTitle.get('local:two')).toEqual([{ path: '/r/a.enc', values: 1, line: 1 }]);
    expect(unknown).toEqual([]);
  });

  it('stand in a list that a damaged key does not keep from being made', async () => {
    const files = new Map([['/r/a.yaml', secretOf(['two'])]]);
    const { byTitle } = await usesIn(files, ['damaged', 'two']);
    expect(valuesIn(byTitle.get('local:two') ?? [])).toBe(1);
  });

  it('stay unknown where the file can no longer be read', async () => {
    const sealed = { scheme: 'fernet', kind: undefined, recipient: undefined } as const;
    const uses = [{ path: '/r/gone.yaml', values: 3, line: 7 }];
    const { key, scheme } = keys['two'] as Held;
    const opening = { read: async () => new Uint8Array(), registry, signal: never };
    const found = { byKey: new Map(), unknown: [{ ...sealed, uses }] };
    const { unknown } = await usesByOpening(found, [{ key: 'two', scheme, material: key }], opening);
    expect(unknown).toEqual([{ ...sealed, uses }]);
  });

  it('are looked at no longer once nobody waits for them', async () => {
    const gone = AbortSignal.abort();
    const { key, scheme } = keys['two'] as Held;
    const uses = [{ path: '/r/a.yaml', values: 1, line: 7 }];
    const unnamed = { scheme, kind: undefined, recipient: undefined, uses };
    const read = async () => new TextEncoder().encode(secretOf(['two']));
    const found = { byKey: new Map(), unknown: [unnamed] };
    const opener = { key: 'two', scheme, material: key };
    await expect(usesByOpening(found, [opener], { read, registry, signal: gone })).rejects.toThrow();
  });
});

describe('every value of a file', () => {
  const file = fc.array(fc.constantFrom(...sealedNames), { maxLength: 6 });
  const known = fc.uniqueArray(fc.constantFrom(...Object.keys(keys)));

  it('counts exactly once: for a key that opens it, and else as unknown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 3 }), known, async (files, have) => {
        const texts = new Map(files.map((names, index) => [`/r/${index}.yaml`, secretOf(names)]));
        const { byTitle, unknown } = await usesIn(texts, have);
        const all = files.flat();
        const isOpened = (name: string) => tokens.get(name)?.openedBy.some((one) => have.includes(one));
        const counted = [...byTitle.values()].map(valuesIn).reduce((sum, values) => sum + values, 0);
        const left = unknown.reduce((sum, { uses }) => sum + valuesIn(uses), 0);
        expect(counted).toBe(all.filter(isOpened).length);
        expect(counted + left).toBe(all.length);
        for (const name of have.filter((one) => one !== 'one' && one !== 'copy')) {
          const own = all.filter((one) => tokens.get(one)?.openedBy.includes(name) === true);
          expect(valuesIn(byTitle.get(`local:${name}`) ?? [])).toBe(own.length);
        }
      }),
      runs(25),
    );
  });
});
