import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { applyEdits } from '../../../src/core/span.ts';
import { type Located, locatedEntries } from '../../../src/manifest/address.ts';
import { parse } from '../../../src/manifest/parse.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { tokenOf, tokenValue } from '../../../src/manifest/secret.ts';
import type { EnvelopeGroup, Scheme } from '../../../src/schemes/scheme.ts';
import { anyBytes, manifestText, runs } from '../../support/arbitraries.ts';
import { keyMaterial, registry, schemeCases, signal } from './schemes.ts';

const sites = {
  'plain stringData':
    'kind: Secret\nmetadata: {name: n, namespace: ns}\nstringData:\n  a: old # c\n  b: keep\n',
  'quoted stringData':
    'kind: Secret\nmetadata: {name: n, namespace: ns}\nstringData:\n  "a": "old" # c\n  b: \'keep\'\n',
  data: 'kind: Secret\nmetadata: {name: n, namespace: ns}\ndata:\n  a: b2xk # c\n  b: a2VlcA==\n',
  'a block scalar':
    'kind: Secret\nmetadata: {name: n, namespace: ns}\nstringData:\n  a: |- # c\n    old\n  b: keep\n',
  JSON: '{"kind":"Secret","metadata":{"name":"n","namespace":"ns"},"data":{"a":"b2xk","b":"a2VlcA=="}}',
};

const values: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array()],
  ['a word', new TextEncoder().encode('hunter2')],
  ['a final newline', new TextEncoder().encode('line\n')],
  ['bytes that are no text', new Uint8Array([0, 255, 254, 10, 13])],
  ['100 kB', new Uint8Array(100_000).fill(7)],
];

function find(scheme: Scheme, text: string): readonly EnvelopeGroup[] {
  return registry.find(scan(text)).groups.filter((group) => group.scheme === scheme.id);
}

async function seal(
  scheme: Scheme,
  text: string,
  located: Located,
  plaintext: Uint8Array,
  key = keyOf(scheme),
): Promise<string> {
  const crypto = await scheme.load();
  return applyEdits(
    text,
    await crypto.seal({ text, values: [{ ...located, plaintext: new Plaintext(plaintext) }] }, key, signal),
  );
}

const keyOf = (scheme: Scheme) => schemeCases.find((one) => one.scheme === scheme)?.seals ?? keyMaterial('');
const first = (text: string) => locatedEntries(scan(text))[0] as Located;

describe.each(schemeCases)('$title', ({ scheme, seals, opens, other, recipient }) => {
  describe.each(Object.entries(sites))('in %s', (_, text) => {
    it.each(values)('seals and opens %s, and changes no other byte', async (_name, plaintext) => {
      const after = await seal(scheme, text, first(text), plaintext);
      const [group, ...more] = find(scheme, after);
      expect(more).toEqual([]);
      expect(group?.envelopes[0]?.entry.key).toBe('a');
      const [opened] = await (await scheme.load()).open(group as EnvelopeGroup, [opens]);
      expect(opened?.ok === true && opened.value.plaintext.equals(new Plaintext(plaintext))).toBe(true);
      const token = locatedEntries(parse(after))[0]?.entry.text ?? '';
      const old = first(text).entry.text;
      expect(after.replace(token, old).replace(/\|- # c\n {4}old|old # c/, 'old')).toBe(
        text.replace(/\|- # c\n {4}old|old # c/, 'old'),
      );
    });
  });

  it('tells of a ciphertext what can be told without a key', async () => {
    const after = await seal(scheme, sites.data, first(sites.data), new Uint8Array(100));
    const [group] = find(scheme, after);
    const facts = scheme.describe(group as EnvelopeGroup);
    expect(facts.algorithm).toMatch(/^[\w+-]+$/);
    expect(facts.bytes).toBeGreaterThanOrEqual(100);
    if (recipient === undefined) expect(facts.recipient).toBeUndefined();
    else expect(facts.recipient).toMatch(recipient);
    expect(facts.boundTo).toBe(scheme.traits.boundTo === 'entry' ? 'ns/n#a' : undefined);
  });

  it('does not open with another key, and says which of two things is wrong', async () => {
    const after = await seal(scheme, sites.data, first(sites.data), new Uint8Array(8));
    const [group] = find(scheme, after);
    const crypto = await scheme.load();
    for (const keys of [[], [other], [other, other]]) {
      const [result] = await crypto.open(group as EnvelopeGroup, keys);
      expect(result?.ok).toBe(false);
      const code = result?.ok === false ? result.failure.code : '';
      expect(['key.missing', 'open.failed']).toContain(code);
      if (keys.length === 0) expect(code).toBe('key.missing');
    }
    const [right] = await crypto.open(group as EnvelopeGroup, [other, keyMaterial('no key'), opens]);
    expect(right?.ok).toBe(true);
  });

  it('says what is wrong with a key that it cannot use', async () => {
    const crypto = await scheme.load();
    for (const bad of ['', 'hello', '{}', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n']) {
      expect(() => crypto.inspect(keyMaterial(bad))).toThrow(Failure);
    }
    const facts = crypto.inspect(seals);
    expect(facts.kind === 'public' || facts.kind === 'symmetric').toBe(true);
    for (const line of opens.bytes.exposeText()?.split('\n') ?? [])
      if (line.length > 20 && !line.startsWith('-----'))
        expect(JSON.stringify(crypto.inspect(opens))).not.toContain(line);
  });

  it('does not open with one bit of the token changed, wherever it is', async () => {
    const plaintext = new TextEncoder().encode('hunter2-canary');
    const after = await seal(scheme, sites['plain stringData'], first(sites['plain stringData']), plaintext);
    const token = first(after).entry.text;
    const crypto = await scheme.load();
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.:';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...Array.from(alphabet)),
        async (at, char) => {
          fc.pre(token[at] !== char);
          const broken = token.slice(0, at) + char + token.slice(at + 1);
          // The name in a secretbox value is not part of what is authenticated.
          fc.pre(scheme.id !== 'secretbox' || at > token.lastIndexOf(':'));
          const [group] = find(scheme, after.replace(token, broken));
          if (group === undefined) return;
          const [result] = await crypto.open(group, [opens]);
          expect(result?.ok).toBe(false);
        },
      ),
      runs(150),
    );
  });

  it('makes a key that seals and opens', async () => {
    if (scheme.id === 'jwe') return;
    const crypto = await scheme.load();
    const { secret, extension, publicPem } = await crypto.generate();
    expect(extension).toBe(scheme.id);
    expect(publicPem).toBeUndefined();
    const key = { ref: 'local:new', name: 'new', bytes: secret };
    const after = await seal(scheme, sites.data, first(sites.data), new Uint8Array(3), key);
    const [result] = await crypto.open(find(scheme, after)[0] as EnvelopeGroup, [key]);
    expect(result?.ok).toBe(true);
  });

  it('stops sealing when it is cancelled', async () => {
    const text = `kind: Secret\nstringData:\n${Array.from({ length: 200 }, (_, i) => `  k${i}: v`).join('\n')}\n`;
    const aborter = new AbortController();
    const request = {
      text,
      values: locatedEntries(scan(text)).map((located) => ({
        ...located,
        plaintext: Plaintext.fromText('v'),
      })),
    };
    const sealing = (await scheme.load()).seal(request, seals, aborter.signal);
    aborter.abort();
    await expect(sealing).rejects.toThrow();
  });

  it('seals and opens a whole file as one token', async () => {
    const { token: crypto } = await scheme.load();
    const content = new Plaintext(new Uint8Array([0, 1, 255, 10]));
    const token = (await crypto?.seal(content, seals)) ?? '';
    expect(scheme.token?.recognise(`${token}\n`).is).toBe('yes');
    expect(scheme.token?.describe(token).boundTo).toBeUndefined();
    expect((await crypto?.open(`  ${token}\n`, [opens]))?.plaintext.equals(content)).toBe(true);
  });

  it('opens what it sealed, for any bytes, in any scalar of any manifest, and leaves every other value alone', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(manifestText, anyBytes, fc.nat(), async (text, plaintext, which) => {
        const located = locatedEntries(scan(text));
        const clean = parse(text).documents.every(({ problems }) => problems.length === 0);
        const open = located.filter(({ entry }) => entry.refusal === undefined);
        const chosen = open[which % Math.max(1, open.length)];
        if (!clean || chosen === undefined || text.includes('{{ .k }}')) return;
        count++;
        const after = await seal(scheme, text, chosen, plaintext);
        const now = locatedEntries(parse(after));
        const at = located.indexOf(chosen);
        expect(now.map(({ entry }) => entry.text).toSpliced(at, 1)).toEqual(
          located.map(({ entry }) => entry.text).toSpliced(at, 1),
        );
        const entry = now[at] as Located;
        const [opened] = await (await scheme.load()).open(
          { scheme: scheme.id, envelopes: [{ ...entry, token: tokenOf(entry.entry) ?? '' }] },
          [opens],
        );
        expect(opened?.ok === true && opened.value.plaintext.equals(new Plaintext(plaintext))).toBe(true);
      }),
      runs(90),
    );
    expect(count).toBeGreaterThan(15);
  });
});

describe('the registry', () => {
  it('gives each token to exactly one scheme, wherever it stands', async () => {
    for (const { scheme, seals } of schemeCases) {
      const { token: crypto } = await scheme.load();
      const token = (await crypto?.seal(Plaintext.fromText('x'), seals)) ?? '';
      expect(registry.ofToken(token)?.id).toBe(scheme.id);
      for (const map of ['data', 'stringData'] as const) {
        const { groups, malformed } = registry.find(
          scan(`kind: Secret\n${map}:\n  a: ${tokenValue(map, token)}\n`),
        );
        expect(groups.map((group) => group.scheme)).toEqual([scheme.id]);
        expect(malformed).toEqual([]);
      }
      const cut = registry.find(scan(`kind: Secret\nstringData:\n  a: ${token.slice(0, -7)}\n`));
      expect(cut.groups).toEqual([]);
      expect(cut.malformed.map((envelope) => envelope.scheme)).toEqual([scheme.id]);
    }
  });

  it('takes nothing for a token that is none, and never two schemes for one text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .constantFrom(
              'gAAAAA',
              'k8s:enc:secretbox:v1:',
              'eyJhbGciOiJkaXIifQ',
              'eyJ',
              '{"protected":"eyJ"}',
            )
            .chain((head) => fc.string().map((tail) => head + tail)),
        ),
        (text) => {
          const claims = registry.all.filter((scheme) => scheme.token?.recognise(text).is !== 'no');
          expect(claims.length).toBeLessThan(2);
        },
      ),
      runs(1000),
    );
    for (const text of [
      '',
      'hunter2',
      'Zm9v',
      'ENC[AES256_GCM,data:x]',
      '{"a": 1}',
      'a.b.c',
      'k8s:enc:aescbc:v1:key1:AAAA',
      'eyJhbGciOiJIUzI1NiJ9.e30.c2ln',
    ])
      expect(registry.ofToken(text)).toBeUndefined();
  });

  it('finds nothing in what is no Secret', () => {
    const text = `kind: ConfigMap\ndata:\n  a: ${'gAAAAA'.padEnd(100, 'A')}\n`;
    expect(registry.find(scan(text))).toEqual({ groups: [], malformed: [] });
  });

  it('knows its schemes by id', () => {
    expect(registry.all.map(({ id }) => registry.byId(id).title)).toEqual(['JWE', 'Fernet', 'Secretbox']);
  });
});
