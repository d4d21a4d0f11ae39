import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedFrom, openGroups, planDecrypt } from '../../../src/app/decrypt.ts';
import { entriesToSeal, planEncrypt, verifySealed } from '../../../src/app/encrypt.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { entryName } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { manifestText, runs } from '../../support/arbitraries.ts';
import { keyMaterial, registry, schemeCases, signal } from '../schemes/schemes.ts';
import { failureOf, fernetKey, fernetKeys, manifestOf } from './planning.ts';

const text = `kind: Secret
metadata: {name: n, namespace: ns}
stringData:
  password: hunter2 # c
  username: admin
  later: \${TOKEN}
  empty: ""
data:
  token: aHVudGVyMg==
`;
const noMoved = { allowMoved: false };

async function encrypted(source: string, which: 'plaintext' | 'all-literals' = 'plaintext') {
  const manifest = manifestOf(source);
  return planEncrypt(manifest, { which, among: manifest.entries() }, fernetKey, registry, signal);
}

describe('planEncrypt', () => {
  it('seals the plaintext values, verifies them, and says how many', async () => {
    const plan = await encrypted(text);
    expect(plan).toMatchObject({ sealed: 2, alreadySealed: 0, verification: 'opened' });
    expect(plan.text).not.toContain('hunter2');
    expect(plan.edits).toHaveLength(2);
  });

  it.each([
    ['plaintext', ['stringData.password', 'data.token']],
    ['all-literals', ['stringData.password', 'stringData.username', 'data.token']],
    [
      'these',
      ['stringData.password', 'stringData.username', 'stringData.later', 'stringData.empty', 'data.token'],
    ],
  ] as const)('chooses %s', (which, names) => {
    const chosen = entriesToSeal({ which, among: manifestOf(text).entries() }, registry);
    expect(chosen.map(({ entry }) => entryName(entry))).toEqual(names);
  });

  it('leaves damaged ciphertext alone, which sealing would only hide', () => {
    const damaged = `kind: Secret\nstringData:\n  password: ${'gAAAAABh'.padEnd(60, 'x')}\n  token: hunter2\n`;
    const chosen = entriesToSeal({ which: 'all-literals', among: manifestOf(damaged).entries() }, registry);
    expect(chosen.map(({ entry }) => entryName(entry))).toEqual(['stringData.token']);
  });

  it('skips what is sealed, and keeps its bytes', async () => {
    const once = await encrypted(text);
    const twice = await encrypted(once.text, 'all-literals');
    expect(twice).toMatchObject({ sealed: 1, alreadySealed: 2 });
    for (const token of once.text.match(/(?:gAAAAA|Z0FBQU)[\w=/+-]+/g) ?? ['none'])
      expect(twice.text).toContain(token);
  });

  it('refuses an alias of what stands outside, and seals what is merged in where it stands', async () => {
    const alias = 'kind: Secret\nmetadata: {labels: {x: &x hunter2}}\nstringData:\n  password: *x\n';
    expect((await failureOf(encrypted(alias))).code).toBe('entry.alias');
    const merged = await encrypted('kind: Secret\nstringData:\n  <<: {password: hunter2}\n');
    expect(merged).toMatchObject({ sealed: 1 });
    expect(merged.text).toMatch(/^kind: Secret\nstringData:\n {2}<<: \{password: "?gAAAAA[^{}]+\}\n$/);
  });

  it.each([
    ['an alias', '  a: &x hunter2\n  password: *x\n', 'entry.alias', { line: 4 }],
    ['a key twice', '  password: hunter2\n  password: hunter3\n', 'entry.duplicate', { line: 4 }],
    ['two data maps', '  password: hunter2\nstringData:\n  other: x\n', 'entry.duplicate', { line: 4 }],
    ['a tag', '  password: !!binary aHVudGVyMg==\n', 'entry.tagged', { tag: '!!binary' }],
    [
      'a block scalar in a file that does not parse',
      '  password: |\n    hunter2\n{{ x\n',
      'manifest.unparsable',
      {},
    ],
  ])('refuses %s and tells the line', async (_, entries, code, details) => {
    const failure = await failureOf(encrypted(`kind: Secret\nstringData:\n${entries}`));
    expect(failure.code).toBe(code);
    expect(failure.details).toMatchObject(details);
    expect(failure.place).toMatchObject({ line: 3 });
  });

  it('refuses what data does not hold as base64', async () => {
    const failure = await failureOf(encrypted('kind: Secret\ndata:\n  password: hunter2!\n'));
    expect(failure).toMatchObject({ code: 'entry.not-base64', place: { line: 3, entry: 'data.password' } });
  });

  it('fails as a whole where one value cannot be sealed', async () => {
    const failure = await failureOf(encrypted(`${text}---\nkind: Secret\ndata:\n  password: hunter2!\n`));
    expect(failure.code).toBe('entry.not-base64');
  });

  it('stops when it is cancelled, and gives no plan', async () => {
    const aborter = new AbortController();
    aborter.abort();
    const manifest = manifestOf(text);
    const plan = planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      fernetKey,
      registry,
      aborter.signal,
    );
    await expect(plan).rejects.toThrow();
  });

  it('does not give out a ciphertext that does not open to what was sealed', async () => {
    const wrong = {
      ...fernetKey,
      opensWith: schemeCases.find(({ title }) => title === 'fernet')?.other ?? keyMaterial(''),
    };
    const manifest = manifestOf(text);
    const plan = planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      wrong,
      registry,
      signal,
    );
    expect((await failureOf(plan)).code).toBe('edit.unverified');
    const sealed = manifestOf((await encrypted(text)).text).entries();
    const [first] = sealed;
    expect(
      (
        await failureOf(
          verifySealed(
            first === undefined ? [] : [{ located: first, plaintext: Plaintext.fromText('other') }],
            fernetKey,
          ),
        )
      ).code,
    ).toBe('edit.unverified');
    expect(
      (
        await failureOf(
          verifySealed(
            manifestOf(text)
              .entries()
              .map((located) => ({ located, plaintext: Plaintext.fromText('hunter2') })),
            fernetKey,
          ),
        )
      ).code,
    ).toBe('edit.unverified');
  });

  it('says that it only read the ciphertext again where no private key is at hand', async () => {
    const manifest = manifestOf(text);
    const plan = await planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      { ...fernetKey, opensWith: undefined },
      registry,
      signal,
    );
    expect(plan.verification).toBe('read');
  });

  it('and planDecrypt give every manifest back, value by value, or refuse', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(manifestText, async (source) => {
        const manifest = manifestOf(source);
        const among = manifest
          .entries()
          .filter(({ entry }) => entry.refusal === undefined && entry.map === 'stringData');
        try {
          const plan = await planEncrypt(manifest, { which: 'these', among }, fernetKey, registry, signal);
          const sealed = manifestOf(plan.text);
          const opened = await planDecrypt(
            sealed,
            registry.find(sealed.manifest).groups,
            fernetKeys,
            registry,
            noMoved,
          );
          count += opened.opened;
          expect(
            manifestOf(opened.text)
              .entries()
              .map(({ entry }) => [entryName(entry), entry.text]),
          ).toEqual(manifest.entries().map(({ entry }) => [entryName(entry), entry.text]));
        } catch (error) {
          // A refusal is an answer; a crash is none.
          expect(error).toMatchObject({ name: 'Failure' });
        }
      }),
      runs(150),
    );
    expect(count).toBeGreaterThan(40);
  });
});

describe('planDecrypt', () => {
  it('opens all groups into the text', async () => {
    const { text: sealed } = await encrypted(text);
    const manifest = manifestOf(sealed);
    const plan = await planDecrypt(
      manifest,
      registry.find(manifest.manifest).groups,
      fernetKeys,
      registry,
      noMoved,
    );
    expect(plan).toMatchObject({ text, opened: 2 });
  });

  it('opens none where one does not open, and tells which', async () => {
    const { text: sealed } = await encrypted(text);
    const manifest = manifestOf(
      sealed.replace(/(password: gAAAAA[\w-]{60})./, (_, head: string) => `${head}_`),
    );
    const plan = planDecrypt(
      manifest,
      registry.find(manifest.manifest).groups,
      fernetKeys,
      registry,
      noMoved,
    );
    expect(await failureOf(plan)).toMatchObject({
      code: 'open.failed',
      place: { line: 4, entry: 'stringData.password' },
    });
  });

  it('has an outcome for each, for looking at', async () => {
    const { text: sealed } = await encrypted(text);
    const manifest = manifestOf(
      sealed.replace(/(password: gAAAAA[\w-]{60})./, (_, head: string) => `${head}_`),
    );
    const results = await openGroups(manifest, registry.find(manifest.manifest).groups, fernetKeys, registry);
    expect(results.map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('refuses an entry that may not be edited', async () => {
    const { text: sealed } = await encrypted('kind: Secret\nstringData:\n  password: hunter2\n');
    const manifest = manifestOf(sealed.replace('password: ', 'password: &x ').concat('  other: *x\n'));
    const plan = planDecrypt(
      manifest,
      registry.find(manifest.manifest).groups,
      fernetKeys,
      registry,
      noMoved,
    );
    expect((await failureOf(plan)).code).toBe('entry.alias');
  });

  it('refuses a ciphertext made for another place, unless the person has said so', async () => {
    const jwe = schemeCases.find(({ title }) => title === 'jwe with a shared key');
    if (jwe === undefined) throw new TypeError('no jwe');
    const key = { ...fernetKey, scheme: jwe.scheme, material: jwe.seals, opensWith: jwe.opens };
    const manifest = manifestOf(text);
    const { text: sealed } = await planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      key,
      registry,
      signal,
    );
    const moved = manifestOf(sealed.replace('name: n', 'name: other'));
    const { groups } = registry.find(moved.manifest);
    expect(groups.map((group) => movedFrom(group, registry))).toEqual(['ns/n#password', 'ns/n#token']);
    const refused = await failureOf(planDecrypt(moved, groups, async () => [jwe.opens], registry, noMoved));
    expect(refused).toMatchObject({
      code: 'entry.moved',
      details: { boundTo: 'ns/n#password', standsAt: 'ns/other#password' },
      place: { line: 4 },
    });
    const opened = await planDecrypt(moved, groups, async () => [jwe.opens], registry, { allowMoved: true });
    expect(opened.text).toContain('hunter2');
    expect(registry.find(scan(sealed)).groups.map((group) => movedFrom(group, registry))).toEqual([
      undefined,
      undefined,
    ]);
  });
});
