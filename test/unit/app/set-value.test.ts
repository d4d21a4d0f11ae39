import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import { findOrPlace, planAdd, planSet } from '../../../src/app/set-value.ts';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { entryName, type Located, readAddress } from '../../../src/manifest/address.ts';
import { anyBytes, manifestText, runs } from '../../support/arbitraries.ts';
import { registry } from '../schemes/schemes.ts';
import { failureOf, fernetKey, fernetKeys, manifestOf } from './planning.ts';

const text = 'kind: Secret\nmetadata: {name: n}\nstringData:\n  a: old # c\n';
const value = Plaintext.fromText('new');

async function set(source: string, spelled: string, plaintext = value) {
  const manifest = manifestOf(source);
  const address = readAddress(spelled);
  const target = findOrPlace(manifest.manifest, address, spelled);
  return 'entry' in target
    ? planSet(manifest, target, plaintext, fernetKey)
    : planAdd(manifest, target, address, plaintext, fernetKey);
}

async function openedIn(source: string, name: string): Promise<Plaintext | undefined> {
  for (const group of registry.find(manifestOf(source).manifest).groups) {
    const { entry } = group.envelopes[0] as Located;
    if (entryName(entry) !== name) continue;
    const [result] = await (await registry.byId('fernet').load()).open(group, await fernetKeys('fernet'));
    return result?.ok === true ? result.value.plaintext : undefined;
  }
  return undefined;
}

describe('setting a value', () => {
  it('replaces what the entry holds', async () => {
    const plan = await set(text, 'stringData.a');
    expect(plan).toMatchObject({ added: false, verification: 'opened' });
    expect(plan.text).toMatch(/^ {2}a: gAAAAA\S+ # c$/m);
    expect((await openedIn(plan.text, 'stringData.a'))?.exposeText()).toBe('new');
  });

  it('adds an absent entry, as one edit', async () => {
    const plan = await set(text, 'data.b');
    expect(plan).toMatchObject({ added: true, verification: 'opened' });
    expect(plan.edits).toHaveLength(1);
    expect((await openedIn(plan.text, 'data.b'))?.exposeText()).toBe('new');
  });

  it.each([
    ['that is there', 'stringData.a'],
    ['that is not there yet', 'Secret//n#stringData.cert'],
  ])(
    'refuses what is no text for an entry of stringData %s, and says where it can go',
    async (_, spelled) => {
      const failure = await failureOf(() => set(text, spelled, new Plaintext(Uint8Array.of(0x61, 0xff))));
      const name = spelled.replace(/^.*#/, '');
      expect(failure).toMatchObject({ code: 'value.not-text', place: { entry: name } });
      expect(sentenceOf(failure)).toContain(`set it as ${name.replace('stringData', 'data')}`);
    },
  );

  it('takes bytes that no text has for an entry of data', async () => {
    const bytes = new Plaintext(Uint8Array.of(0x61, 0xff));
    expect((await openedIn((await set(text, 'data.b', bytes)).text, 'data.b'))?.equals(bytes)).toBe(true);
  });

  it.each([
    ['an alias', 'kind: Secret\nstringData:\n  a: &x b\n  c: *x\n', 'stringData.a', 'entry.alias'],
    ['a collection', 'kind: Secret\nstringData:\n  a: {b: c}\n', 'stringData.a', 'entry.not-scalar'],
    [
      'a map behind an alias',
      'kind: Secret\nx: &x {a: b}\nstringData: *x\n',
      'stringData.new',
      'edit.unverified',
    ],
    ['a map that is a word', 'kind: Secret\nstringData: word\n', 'stringData.new', 'edit.unverified'],
    ['a key Kubernetes would not take', text, 'stringData.a b', 'usage'],
    ['a key that could end a line', text, 'stringData.a\nb', 'usage'],
    ['an object that is not there', text, 'Secret//other#stringData.a', 'entry.not-found'],
    ['no Secret at all', 'kind: ConfigMap\n', 'stringData.a', 'entry.not-found'],
    ['two Secrets', `${text}---\n${text.replace('n}', 'm}')}`, 'stringData.new', 'entry.ambiguous'],
  ])('refuses %s', async (_, source, spelled, code) => {
    expect((await failureOf(() => set(source, spelled))).code).toBe(code);
  });

  it('works for any bytes in any manifest, or refuses: existing entries and new ones', async () => {
    let [count, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(manifestText, anyBytes, fc.boolean(), async (source, bytes, add) => {
        const [located] = manifestOf(source).entries();
        const spelled = add ? 'data.added-here' : located && entryName(located.entry);
        if (spelled === undefined || !/^(?:data|stringData)\..+/.test(spelled)) return;
        try {
          const plan = await set(source, spelled, new Plaintext(bytes));
          count++;
          expect((await openedIn(plan.text, spelled))?.equals(new Plaintext(bytes))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'Failure' });
          if (Failure.is(error, 'value.not-text')) refused++;
        }
      }),
      runs(150),
    );
    expect(count).toBeGreaterThan(15);
    expect(refused).toBeGreaterThan(0);
  });
});
