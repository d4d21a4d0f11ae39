import { randomBytes } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { DocumentWorks } from '../../../src/app/documents/document-work.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { Rotation } from '../../../src/app/rotate.ts';
import { applyEdits } from '../../../src/core/span.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';
import type { KeyMaterial } from '../../../src/schemes/keys.ts';
import { keyMaterial, registry, signal } from '../schemes/schemes.ts';

const shared = async (): Promise<JWK> => ({ kty: 'oct', k: randomBytes(32).toString('base64url') });
const pair = async (): Promise<JWK> =>
  exportJWK((await generateKeyPair('ECDH-ES', { extractable: true })).privateKey);
const setOf = (...keys: readonly JWK[]) => keyMaterial(JSON.stringify({ keys }), 'k');

/** As another program seals, which names a key or does not. */
async function sealedTo({ d: _d, ...key }: JWK, kid?: string): Promise<string> {
  const header =
    key.kty === 'oct' ? { alg: 'dir', enc: 'A256GCM' } : { alg: 'ECDH-ES+A256KW', enc: 'A256GCM' };
  return new CompactEncrypt(Buffer.from('hunter2'))
    .setProtectedHeader(kid === undefined ? header : { ...header, kid })
    .encrypt(await importJWK(key, header.alg));
}

async function openedWith(key: JWK, token: string): Promise<string> {
  const alg = key.kty === 'oct' ? 'dir' : 'ECDH-ES+A256KW';
  return Buffer.from((await compactDecrypt(token, await importJWK(key, alg))).plaintext).toString();
}

function planWith(own: readonly KeyMaterial[], text: string) {
  const rotation = new Rotation({
    keys: new KeyRing(
      {} as never,
      { list: async () => own, find: async (_, name) => own.find((key) => key.name === name) },
      { read: async () => undefined },
    ),
    trust: { accepts: async () => false },
    repository: { holds: async () => false },
    registry,
    documents: new DocumentWorks({ sops: never, 'sealed-secrets': never }),
  });
  const { policy } = readPolicy('version: 1\nrules: [{path: "**", scheme: jwe, keys: [local:k]}]\n');
  const where = { root: '/r', base: '/r', file: '/r/.purser.yaml' };
  const nothing = { problems: [], ignored: false, sopsFile: undefined, sops: undefined };
  const answer = { ...where, ...nothing, policy, rule: policy.rules[0] };
  const wish = { keys: [], site: { base: '/r', root: undefined }, accepted: [] };
  return rotation.plan({ path: '/r/a.yaml', text, answer }, wish, signal);
}
const never = () => Promise.reject(new Error('no document is sealed here'));

const manifest = (a: string, b: string) =>
  `kind: Secret\nmetadata: {name: a}\nstringData:\n  a: ${a}\n  b: ${b}\n`;
const valueA = (text: string) => /a: (\S+)\n  b/.exec(text)?.[1] ?? '';

describe.each([
  ['shared keys', shared],
  ['private keys', pair],
])('a JWK Set of %s whose first key is new', (_, generate) => {
  it.each([
    ['no name', undefined],
    ['one name for both', 'prod'],
  ])('gets to it what is sealed to the old one, with %s', async (_named, kid) => {
    const [today, old] = [await generate(), await generate()];
    const name = kid === undefined ? {} : { kid };
    const set = setOf({ ...today, ...name }, { ...old, ...name });
    const text = manifest(await sealedTo(old, kid), await sealedTo(today, kid));
    const found = await planWith([set], text);
    expect(found).toMatchObject({ renewed: 1, current: 1, left: [] });
    const after = applyEdits(text, found?.edits ?? []);
    expect(await openedWith(today, valueA(after))).toBe('hunter2');
    expect(await planWith([set], after)).toMatchObject({ renewed: 0, current: 2, left: [] });
  });

  it('gets to it a file that is one ciphertext', async () => {
    const [today, old] = [await generate(), await generate()];
    const text = `${await sealedTo(old)}\n`;
    const found = await planWith([setOf(today, old)], text);
    expect(await openedWith(today, applyEdits(text, found?.edits ?? []).trim())).toBe('hunter2');
  });
});

it('finds the old key of the same name behind another one in a set', async () => {
  const [today, old, other] = [await pair(), await pair(), await pair()];
  const own = [
    setOf({ ...today, kid: 'prod' }),
    keyMaterial(JSON.stringify({ keys: [other, { ...old, kid: 'prod' }] }), 'old'),
  ];
  const text = manifest(await sealedTo(old, 'prod'), await sealedTo(today, 'prod'));
  const found = await planWith(own, text);
  expect(found).toMatchObject({ renewed: 1, current: 1, left: [] });
  expect(await openedWith(today, valueA(applyEdits(text, found?.edits ?? [])))).toBe('hunter2');
});
