import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { selectionOf } from '../../../../src/core/sops-selection.ts';
import {
  type DataKeySource,
  generateDataKey,
  recoverDataKey,
  sopsTime,
  wrapForGroups,
} from '../../../../src/crypto/sops/data-key.ts';
import { macAad, SopsMac } from '../../../../src/crypto/sops/mac.ts';
import { newerVersion, readSopsMetadata, writeSopsMetadata } from '../../../../src/crypto/sops/metadata.ts';
import type { MetadataMap, MetadataNode } from '../../../../src/crypto/sops/metadata-node.ts';
import { combineShares, splitSecret } from '../../../../src/crypto/sops/shamir.ts';
import {
  isSameRecipient,
  type KeyGroup,
  type KeyRecipient,
  recipientName,
} from '../../../../src/crypto/sops/stanza.ts';
import { openSopsValue, sealSopsValue, sopsAad } from '../../../../src/crypto/sops/value.ts';
import { readSopsToken, recogniseSopsToken } from '../../../../src/crypto/sops-token.ts';
import { runs } from '../../../support/arbitraries.ts';

const key = generateDataKey();
const bytes = (text: string) => new TextEncoder().encode(text);
const now = new Date('2026-01-02T03:04:05.678Z');

describe('a value', () => {
  it('opens with its key at its place, and nowhere else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.array(fc.string()), (value, path) => {
        const token = sealSopsValue({ type: 'str', bytes: value }, key, sopsAad(path));
        expect(openSopsValue(token, key, sopsAad(path))).toEqual({ type: 'str', bytes: value });
        expect(openSopsValue(token, key, sopsAad([...path, 'x']))).toBeUndefined();
        expect(openSopsValue(token, generateDataKey(), sopsAad(path))).toBeUndefined();
      }),
      runs(100),
    );
  });

  it('does not open with one character changed', () => {
    const token = sealSopsValue({ type: 'int', bytes: bytes('12345') }, key, 'a:');
    fc.assert(
      fc.property(
        fc.nat(token.length - 1),
        fc.constantFrom('A', 'b', '1', ']', ',', ' ', '='),
        (at, char) => {
          fc.pre(token[at] !== char);
          const changed = token.slice(0, at) + char + token.slice(at + 1);
          const opened = () => openSopsValue(changed, key, 'a:');
          let result: unknown;
          try {
            result = opened();
          } catch (error) {
            expect(error).toMatchObject({ code: 'ciphertext.malformed' });
          }
          // The type is not authenticated: what it says is checked by who reads the bytes.
          expect(result).toBeUndefined();
        },
      ),
      runs(100),
    );
  });

  it('that is empty stays empty', () => {
    expect(sealSopsValue({ type: 'str', bytes: new Uint8Array() }, key, 'a:')).toBe('');
    expect(openSopsValue('', key, 'a:')?.bytes).toHaveLength(0);
  });

  it.each([
    'ENC[AES256_GCM,data:,iv:AA==,tag:AA==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]',
    'ENC[AES256_GCM,data:A A=,iv:AA==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:secret]',
    'ENC[AES256_GCM,data:AA==,tag:AAAAAAAAAAAAAAAAAAAAAA==,iv:AA==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str] x',
    `ENC[AES256_GCM,${',iv:'.repeat(100_000)}`,
  ])('is told from what is damaged', (token) => {
    expect(recogniseSopsToken(token)).toMatchObject({ is: 'malformed' });
    expect(() => readSopsToken(token)).toThrow('ciphertext.malformed');
    expect(recogniseSopsToken(`x${token}`)).toEqual({ is: 'no' });
  });
});

describe('the MAC', () => {
  it('begins otherwise when it covers encrypted values alone', () => {
    const [all, some] = [new SopsMac({ onlyEncrypted: false }), new SopsMac({ onlyEncrypted: true })];
    // Of nothing: SHA-512 of no bytes.
    expect(all.digest()).toMatch(/^CF83E1357EEFB8BDF1542850D66D8007D620E4050B5715DC83F4A921D36CE9CE/);
    expect(some.digest()).not.toBe(new SopsMac({ onlyEncrypted: false }).digest());
  });

  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.123+00:00', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T03:04:05+02:00'],
    ['yesterday', undefined],
  ])('is bound to %j as Go writes it', (written, bound) => {
    expect(macAad(written)).toBe(bound);
  });
});

describe("Vault's shares", () => {
  // From splitting the bytes of `test` in 5 shares of which 3 are needed, as the package's own tests do.
  it('give the secret back from as many as it takes, and from more', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 2, max: 9 }),
        (secret, a, b) => {
          const [threshold, count] = [Math.min(a, b), Math.max(a, b)];
          const shares = splitSecret(new Plaintext(secret), count, threshold);
          expect(combineShares(shares)?.expose()).toEqual(secret);
          expect(combineShares(shares.slice(-threshold))?.expose()).toEqual(secret);
        },
      ),
      runs(100),
    );
  });

  it('are refused when two are the same, one is cut short, or there is one', () => {
    const [a, b] = splitSecret(key, 3, 2);
    if (a === undefined || b === undefined) throw new Error('there are three');
    expect(combineShares([a, a])).toBeUndefined();
    expect(combineShares([a, new Plaintext(b.expose().slice(1))])).toBeUndefined();
    expect(combineShares([a])).toBeUndefined();
    expect(() => splitSecret(key, 2, 1)).toThrow(RangeError);
  });
});

describe('which values are encrypted', () => {
  const compile = (pattern: string) =>
    pattern === '(' ? undefined : (text: string) => text.includes(pattern);
  const at = (path: readonly string[], comments: readonly (readonly string[])[] = [[]]) => ({
    path,
    comments,
  });

  it.each([
    ['unencrypted_suffix', '_u', ['a_u', 'b'], false],
    ['unencrypted_suffix', '_u', ['a', 'b'], true],
    ['encrypted_suffix', '_e', ['a_e', 'b'], true],
    ['encrypted_suffix', '_e', ['a'], false],
    ['unencrypted_regex', 'data', ['data', 'x'], false],
    ['encrypted_regex', 'data', ['x', 'stringdata'], true],
    ['encrypted_regex', '(', ['x'], false],
    ['unencrypted_regex', '(', ['x'], true],
  ] as const)('%s %s at %j', (name, text, path, encrypted) => {
    expect(selectionOf({ name, text }, compile)(at(path), false)).toBe(encrypted);
  });

  it('by comments: the line that says so stays as it is, the next is encrypted', () => {
    const selects = selectionOf({ name: 'encrypted_comment_regex', text: 'secret' }, compile);
    expect(selects(at(['a'], [['secret']]), false)).toBe(true);
    expect(selects(at([], [['secret']]), true)).toBe(false);
    expect(selects(at([], [['secret', 'more']]), true)).toBe(true);
    expect(selects(at(['a', 'b'], [['secret'], []]), false)).toBe(true);
    expect(selects(at(['a'], [[]]), false)).toBe(false);
  });
});

describe('metadata', () => {
  const age = (recipient: string): MetadataMap =>
    new Map([
      ['enc', 'x\n'],
      ['recipient', recipient],
    ]);
  const base: readonly (readonly [string, MetadataNode])[] = [
    ['version', '3.7.0'],
    ['mac', 'ENC[…]'],
    ['lastmodified', '2026-01-02T03:04:05Z'],
    ['age', [age('age1a')]],
    ['pgp', []],
  ];

  it('is read in any order and written in the alphabet', () => {
    const metadata = readSopsMetadata(new Map(base));
    expect(metadata.rule).toEqual({ name: 'unencrypted_suffix', text: '_unencrypted' });
    expect([...writeSopsMetadata(metadata).keys()]).toEqual([
      'age',
      'lastmodified',
      'mac',
      'unencrypted_suffix',
      'version',
    ]);
    expect(readSopsMetadata(writeSopsMetadata(metadata))).toEqual(metadata);
  });

  it('keeps groups, with the two lists that SOPS always writes', () => {
    const groups = [
      new Map<string, MetadataNode>([['age', [age('age1a')]]]),
      new Map<string, MetadataNode>([
        [
          'pgp',
          [
            new Map([
              ['fp', 'F'],
              ['enc', 'e'],
              ['created_at', 't'],
            ]),
          ],
        ],
      ]),
    ];
    const metadata = readSopsMetadata(
      new Map<string, MetadataNode>([...base.slice(0, 3), ['key_groups', groups], ['shamir_threshold', '2']]),
    );
    expect(metadata.shamirThreshold).toBe(2);
    const written = writeSopsMetadata(metadata).get('key_groups') as readonly MetadataMap[];
    expect(written.map((group) => [...group.keys()])).toEqual([
      ['age', 'hc_vault'],
      ['age', 'hc_vault', 'pgp'],
    ]);
    expect(metadata.groups.flat().map(recipientName)).toEqual(['age1a', 'F']);
  });

  it.each([
    ['no key', base.slice(0, 3)],
    ['two rules', [...base, ['encrypted_regex', 'a'], ['encrypted_suffix', 'b']]],
    ['no time', base.filter(([name]) => name !== 'lastmodified')],
    ['no threshold', [...base, ['shamir_threshold', 'many']]],
  ] as [string, (readonly [string, MetadataNode])[]][])('is refused with %s', (_what, entries) => {
    expect(() => readSopsMetadata(new Map(entries))).toThrow('sops.unreadable');
  });

  it('raises the version and never lowers it', () => {
    expect(newerVersion('3.7.1')).toBe('3.13.3');
    expect(newerVersion('3.14.0')).toBe('3.14.0');
    expect(newerVersion('4.0.0')).toBe('4.0.0');
    expect(newerVersion('')).toBe('3.13.3');
  });

  it('knows a recipient by all that it is, absent and empty being one', () => {
    const kms = (fields: [string, MetadataNode][]) => ({ kind: 'kms' as const, fields: new Map(fields) });
    expect(
      isSameRecipient(
        kms([
          ['arn', 'a'],
          ['role', ''],
        ]),
        kms([['arn', 'a']]),
      ),
    ).toBe(true);
    expect(
      isSameRecipient(
        kms([
          ['arn', 'a'],
          ['role', 'r'],
        ]),
        kms([['arn', 'a']]),
      ),
    ).toBe(false);
  });
});

describe('the data key', () => {
  const sealer = {
    wrap: async (_to: unknown, part: Plaintext) => Buffer.from(part.expose()).toString('hex'),
  };
  const opens = (...who: readonly string[]): DataKeySource => ({
    unwrap: async (stanza) =>
      who.includes(recipientName(stanza))
        ? new Plaintext(new Uint8Array(Buffer.from(stanza.enc, 'hex')))
        : undefined,
  });
  const to = (...names: readonly string[]) =>
    names.map((name) => ({ kind: 'age' as const, fields: new Map([['recipient', name]]) }));

  it('is had by any recipient of one group', async () => {
    const groups = await wrapForGroups(key, { groups: [to('a', 'b')], shamirThreshold: 0 }, sealer, now);
    expect((await recoverDataKey({ groups, shamirThreshold: 0 }, opens('b'))).equals(key)).toBe(true);
    await expect(recoverDataKey({ groups, shamirThreshold: 0 }, opens('c'))).rejects.toMatchObject({
      code: 'key.missing',
      details: { hint: 'a, b' },
    });
  });

  it('is had by as many groups as it takes', async () => {
    const plan = { groups: [to('a'), to('b'), to('c')], shamirThreshold: 2 };
    const groups = await wrapForGroups(key, plan, sealer, now);
    expect((await recoverDataKey({ groups, shamirThreshold: 2 }, opens('a', 'c'))).equals(key)).toBe(true);
    await expect(recoverDataKey({ groups, shamirThreshold: 2 }, opens('a'))).rejects.toThrow('key.missing');
  });

  const kms = { kind: 'kms', fields: new Map([['arn', 'arn:aws:kms:x']]) } as const;
  const vault = {
    kind: 'hc_vault',
    fields: new Map([
      ['vault_address', 'https://v'],
      ['engine_path', 'transit'],
      ['key_name', 'k'],
    ]),
  } as const;
  const inFile = (...recipients: readonly KeyRecipient[]): KeyGroup =>
    recipients.map((recipient) => ({ ...recipient, enc: '', createdAt: undefined }));

  it.each([
    ['where there is no other', [inFile(kms)], 0, 'AWS KMS', 'arn:aws:kms:x'],
    ['where too few groups have another', [inFile(...to('a')), inFile(vault, kms)], 2, 'HashiCorp Vault'],
  ] as const)(
    'says which key of a service it takes %s, and asks nobody',
    async (_where, groups, threshold, ...is) => {
      const source: DataKeySource = {
        unwrap: async () => {
          throw new Error('was asked');
        },
      };
      const [service, name = 'https://v/transit/k'] = is;
      await expect(recoverDataKey({ groups, shamirThreshold: threshold }, source)).rejects.toMatchObject({
        code: 'key.unsupported',
        details: { service, name },
      });
    },
  );

  it('is had without the key of a service that stands beside others, and missed with all their names', async () => {
    const groups = await wrapForGroups(key, { groups: [to('a')], shamirThreshold: 0 }, sealer, now);
    const both = [[...inFile(kms), ...(groups[0] ?? [])]];
    expect((await recoverDataKey({ groups: both, shamirThreshold: 0 }, opens('a'))).equals(key)).toBe(true);
    await expect(recoverDataKey({ groups: both, shamirThreshold: 0 }, opens())).rejects.toMatchObject({
      code: 'key.missing',
      details: { hint: 'arn:aws:kms:x, a' },
    });
  });

  it('is wrapped for nobody where a key of a service is to have it', async () => {
    const wrapped: unknown[] = [];
    const counting = { wrap: async (_to: unknown, part: Plaintext) => String(wrapped.push(part)) };
    const plan = { groups: [[...to('a'), kms]], shamirThreshold: 0 };
    await expect(wrapForGroups(key, plan, counting, now)).rejects.toThrow('key.unsupported');
    expect(wrapped).toEqual([]);
  });

  it('is asked for of no more groups than it takes, and of all where that is not said', async () => {
    const plan = { groups: [to('a'), to('b'), to('c')], shamirThreshold: 2 };
    const groups = await wrapForGroups(key, plan, sealer, now);
    const asked: string[] = [];
    const source: DataKeySource = {
      unwrap: (stanza) => {
        asked.push(recipientName(stanza));
        return opens('a', 'b', 'c').unwrap(stanza);
      },
    };
    expect((await recoverDataKey({ groups, shamirThreshold: 2 }, source)).equals(key)).toBe(true);
    expect(asked).toEqual(['a', 'b']);
    expect((await recoverDataKey({ groups, shamirThreshold: 0 }, source)).equals(key)).toBe(true);
    expect(asked).toEqual(['a', 'b', 'a', 'b', 'c']);
  });

  it('says the time of wrapping where the kind of key has one', async () => {
    const pgp = { kind: 'pgp' as const, fields: new Map([['fp', 'F']]) };
    const [group] = await wrapForGroups(
      key,
      { groups: [[pgp, ...to('a')]], shamirThreshold: 0 },
      sealer,
      now,
    );
    expect(group?.map(({ createdAt }) => createdAt)).toEqual([sopsTime(now), undefined]);
    expect(sopsTime(now)).toBe('2026-01-02T03:04:05Z');
  });
});
