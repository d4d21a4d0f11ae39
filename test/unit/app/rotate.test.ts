import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DocumentWorks } from '../../../src/app/documents/document-work.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import type { PolicyAnswer } from '../../../src/app/policy-finder.ts';
import { Rotation } from '../../../src/app/rotate.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { applyEdits } from '../../../src/core/span.ts';
import { readKeyReference } from '../../../src/policy/key-reference.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';
import type { KeyMaterial } from '../../../src/schemes/keys.ts';
import { runs } from '../../support/arbitraries.ts';
import { symmetricKey } from '../../support/workspace.ts';
import { registry } from '../schemes/schemes.ts';

const ecJwkPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const scheme = registry.byId('fernet');
const names = ['one', 'two', 'lost'] as const;
const { signal } = new AbortController();
const keys = new Map<string, KeyMaterial>(
  names.map((name) => [name, { ref: `local:${name}`, name, bytes: Plaintext.fromText(symmetricKey()) }]),
);
const own = [...keys.values()].filter(({ name }) => name !== 'lost');
const ring = new KeyRing(
  {} as never,
  { list: async () => own, find: async (_, name) => own.find((key) => key.name === name) },
  { read: async () => undefined },
);
const never = () => Promise.reject(new Error('no document is sealed here'));
const rotation = new Rotation({
  keys: ring,
  trust: { accepts: async () => false },
  repository: { holds: async () => false },
  registry,
  documents: new DocumentWorks({ sops: never, 'sealed-secrets': never }),
});
const { policy } = readPolicy(
  'version: 1\nrules:\n  - {path: "**", scheme: fernet, keys: [local:one, local:two]}\n',
);
const answer: PolicyAnswer = {
  root: '/r',
  base: '/r',
  file: '/r/.purser.yaml',
  policy,
  problems: [],
  rule: policy.rules[0],
  ignored: false,
  sopsFile: undefined,
  sops: undefined,
};
const wish = { keys: [], site: { base: '/r', root: undefined }, accepted: [] };
const plan = (text: string) => rotation.plan({ path: '/r/a.yaml', text, answer }, wish, signal);

const tokens = new Map<string, string>();
beforeAll(async () => {
  const crypto = (await scheme.load()).token;
  for (const [name, key] of keys)
    tokens.set(name, (await crypto?.seal(Plaintext.fromText(`value ${name}`), key)) ?? '');
});

async function opened(token: string): Promise<string | undefined> {
  const crypto = (await scheme.load()).token;
  return (await crypto?.open(token, [keys.get('one') as KeyMaterial]))?.plaintext.exposeText();
}

describe('a key that took over the name of the one before', () => {
  const jwk = (pair: { privateKey: KeyObject; publicKey: KeyObject }, half: 'privateKey' | 'publicKey') =>
    JSON.stringify({ ...pair[half].export({ format: 'jwk' }), kid: 'prod' });
  const [old, today] = [ecJwkPair(), ecJwkPair()];
  const files: Readonly<Record<string, string>> = {
    '/r/today.jwk': jwk(today, 'publicKey'),
    '/r/old.key': jwk(old, 'privateKey'),
    '/r/today.key': jwk(today, 'privateKey'),
  };
  const disk = {
    join: (folder: string, path: string) => `${folder}/${path}`,
    exists: async () => true,
    realPath: async (path: string) => path,
    contains: () => true,
    read: async (path: string) => new TextEncoder().encode(files[path] ?? ''),
  };
  const rule = readPolicy('version: 1\nrules:\n  - {path: "**", scheme: jwe, keys: [today.jwk]}\n').policy
    .rules[0];
  const sealed = async (file: string) => {
    const material = { ref: file, name: undefined, bytes: Plaintext.fromText(files[file] ?? '') };
    return (await jweToken())?.seal(Plaintext.fromText('hunter2'), material);
  };
  const jweToken = async () => (await registry.byId('jwe').load()).token;

  it.each([
    ['the old key', ['old.key']],
    ['both', ['old.key', 'today.key']],
  ])('gets what is sealed to that one, with %s', async (_, named) => {
    const jweRotation = new Rotation({
      keys: new KeyRing(
        disk as never,
        { list: async () => [], find: async () => undefined },
        { read: async () => undefined },
      ),
      trust: { accepts: async () => true },
      repository: { holds: async () => false },
      registry,
      documents: new DocumentWorks({ sops: never, 'sealed-secrets': never }),
    });
    const text = `kind: Secret\nmetadata: {name: a}\nstringData:\n  a: ${await sealed('/r/old.key')}\n  b: ${await sealed('/r/today.key')}\n`;
    const wanted = { ...wish, keys: named.map(readKeyReference) };
    const found = await jweRotation.plan(
      { path: '/r/a.yaml', text, answer: { ...answer, rule } },
      wanted,
      signal,
    );
    expect(found).toMatchObject({ renewed: 1, current: 1, left: [] });
    const token = /a: (\S+)\n  b/.exec(applyEdits(text, found?.edits ?? []))?.[1] ?? '';
    const key = { ref: 'k', name: undefined, bytes: Plaintext.fromText(files['/r/today.key'] ?? '') };
    expect((await (await jweToken())?.open(token, [key]))?.plaintext.exposeText()).toBe('hunter2');
  });
});

describe('sealing a file again', () => {
  it('touches just what is not sealed to the first key and can be opened', async () => {
    const who = fc.constantFrom(...names, 'clear');
    await fc.assert(
      fc.asyncProperty(fc.array(who, { maxLength: 8 }), async (values) => {
        const line = (name: string, at: number) =>
          `  k${at}: ${tokens.get(name) ?? 'in the clear'} # ${name}\n`;
        const text = `kind: Secret\nmetadata: {name: a}\nstringData:\n${values.map(line).join('')}`;
        const found = await plan(text);
        const count = (wanted: string) => values.filter((name) => name === wanted).length;
        if (values.every((name) => name === 'clear')) {
          expect(found).toBeUndefined();
          return;
        }
        expect([found?.current, found?.renewed, found?.left.map(({ code }) => code)]).toEqual([
          count('one'),
          count('two'),
          Array(count('lost')).fill('open.failed'),
        ]);
        const after = applyEdits(text, found?.edits ?? []);
        const [before, now] = [text.split('\n'), after.split('\n')];
        for (const [at, name] of values.entries()) {
          const [was, is] = [before[at + 3] ?? '', now[at + 3] ?? ''];
          if (name === 'two') expect(await opened(/gAAAAA[\w=-]+/.exec(is)?.[0] ?? '')).toBe('value two');
          else expect(is).toBe(was);
          expect(is.endsWith(` # ${name}`)).toBe(true);
        }
        expect((await plan(after))?.renewed ?? 0).toBe(0);
      }),
      runs(15),
    );
  });

  it('keeps what is around a file that is one ciphertext', async () => {
    const text = `\n ${tokens.get('two')}\n\n`;
    const after = applyEdits(text, (await plan(text))?.edits ?? []);
    expect(after).toMatch(/^\n gAAAAA\S+\n\n$/);
    expect(await opened(after)).toBe('value two');
  });

  it('leaves what is damaged and says where it stands', async () => {
    const cut = (tokens.get('two') ?? '').slice(0, -8);
    const found = await plan(`kind: Secret\nstringData:\n  a: ${tokens.get('two')}\n  b: ${cut}\n`);
    expect(found?.renewed).toBe(1);
    expect(found?.left.map(({ code, place }) => [code, place])).toEqual([
      ['ciphertext.malformed', { line: 4, entry: 'stringData.b' }],
    ]);
    expect((await plan(`${cut}\n`))?.left.map(({ code }) => code)).toEqual(['ciphertext.malformed']);
  });

  it('says on which line it can open nothing', async () => {
    const found = await plan(`kind: Secret\nstringData:\n  a: ${tokens.get('lost')}\n`);
    expect(found?.left.map(({ place }) => place)).toEqual([{ line: 3, entry: 'stringData.a' }]);
    expect(found?.edits).toEqual([]);
  });
});
