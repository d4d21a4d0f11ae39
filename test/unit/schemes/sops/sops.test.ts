import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { readSopsJson } from '../../../../src/manifest/sops-json.ts';
import { readSopsYaml } from '../../../../src/manifest/sops-yaml.ts';
import { canonicalValue, typedLike } from '../../../../src/schemes/sops/canonical.ts';
import { readSopsFile } from '../../../../src/schemes/sops/file.ts';
import { openSops } from '../../../../src/schemes/sops/open.ts';
import { rotateSopsDataKey, updateSopsRecipients } from '../../../../src/schemes/sops/rewrap.ts';
import { addSopsValue, changeSopsValue, removeSopsValue } from '../../../../src/schemes/sops/set-value.ts';
import { runs } from '../../../support/arbitraries.ts';
import { clearSealer, opened, opening, sealed, sealedOn } from './clear-keys.ts';

const later = new Date('2026-02-03T04:05:06Z');
const str = (text: string) => ({ type: 'str', bytes: new TextEncoder().encode(text) }) as const;
const at = (...place: (string | number)[]) => ({ document: 0, place });
const codeOf = async (run: () => unknown) => {
  try {
    await run();
    return 'nothing';
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code === 'sops.mac-mismatch'
      ? (error as Failure<'sops.mac-mismatch'>).details.cause
      : error.code;
  }
};

const secret = `# of the database
apiVersion: v1
kind: Secret
stringData:
  # who
  user: admin   # behind
  password: 'hunter2'
  empty: ""
  port: 5432
  hosts: [a, b]
  pem: |
    -----BEGIN-----
    AAAA

metadata: {name: main, namespace: db}
`;
const stringData = { name: 'encrypted_regex', text: '^stringData$' } as const;

/** Values that YAML has a way to write, in objects that JSON has, too. */
const tree = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9:. ]{0,8}[a-z]$/),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom(
        'true',
        '0777',
        '2020-01-02',
        '~',
        '',
        ' ',
        '\n',
        'a\nb\n',
        '#',
        'ENC[x]',
        '- a',
        'a: b',
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[a-z0-9"'#-]{1,6}$/), tie('value'), { maxKeys: 4 }),
    ),
  })).value,
  { minKeys: 1, maxKeys: 5 },
);

/** The leaves in order, as `opened` tells them. */
function leaves(value: unknown, name = ''): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, `${name}[${index}]`));
  if (typeof value === 'object')
    return Object.entries(value).flatMap(([key, inner]) =>
      leaves(inner, name === '' ? key : `${name}.${key}`),
    );
  if (typeof value === 'boolean') return [`${name} bool ${value ? 'True' : 'False'}`];
  if (typeof value === 'string') return [`${name} str ${value}`];
  return [`${name} int ${JSON.stringify(value)}`];
}

const holdsText = (value: unknown) => leaves(value).some((leaf) => !/ (?:str )$/.test(leaf));

describe('a tree', () => {
  it.each(['json', 'yaml'] as const)('opens to itself, sealed in %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(tree, fc.constantFrom(undefined, '\t', 2), async (value, space) => {
        fc.pre(holdsText(value) && !('sops' in value));
        // Tabs do not indent YAML.
        const text = JSON.stringify(value, undefined, format === 'yaml' && space === '\t' ? 4 : space);
        expect(await opened(await sealed(text, { format }), format)).toEqual(leaves(value));
      }),
      runs(60),
    );
  });

  it('keeps every line but those of the values, and gets its block at the end', async () => {
    const text = await sealed(secret, { rule: stringData });
    expect(text.replace(/ENC\[[^\]]*\]/g, 'ENC').split('\nsops:')[0]).toBe(
      secret
        .replace('# who', '#ENC')
        .replace('# behind', '#ENC')
        .replace('admin', 'ENC')
        .replace('hunter2', 'ENC')
        .replace('5432', 'ENC')
        .replace('[a, b]', '["ENC", "ENC"]')
        .replace('|\n    -----BEGIN-----\n    AAAA\n', 'ENC\n')
        .trimEnd(),
    );
    expect(text).toMatch(/\nsops:\n {2}age:\n {4}- enc: /);
  });

  it.each(['\n', '\r\n'])('keeps its line breaks: %j', async (eol) => {
    const text = await sealed('a: 1\nb:\n   c: 2\n'.replaceAll('\n', eol));
    expect(text.split('\n').filter((line) => line.endsWith('\r'))).toHaveLength(
      eol === '\n' ? 0 : text.split('\n').length - 1,
    );
    expect(await opened(text)).toEqual(['a int 1', 'b.c int 2']);
  });
});

describe('one value changed', () => {
  it('changes three lines and opens, whatever the value is', async () => {
    const text = await sealed(secret, { rule: stringData });
    const open = await opening(text);
    const targets = openSops(open.file, open.dataKey, open.selects).values;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), fc.string({ unit: 'binary' }), async (target, value) => {
        fc.pre(value.isWellFormed());
        const changed = applyEdits(text, changeSopsValue(open, target, str(value), later));
        const lines = text.split('\n');
        const differing = changed.split('\n').filter((line, index) => line !== lines[index]);
        const oneLine = target.encrypted || !value.includes('\n');
        if (oneLine) expect(differing.length).toBeLessThanOrEqual(3);
        const values = await opened(changed);
        expect(values).toHaveLength(targets.length);
        expect(values[targets.indexOf(target)]?.split(' ').slice(2).join(' ')).toBe(value);
      }),
      runs(60),
    );
  });

  it('leaves every other ciphertext byte for byte', async () => {
    const text = await sealed(secret, { rule: stringData });
    const changed = applyEdits(
      text,
      changeSopsValue(await opening(text), at('stringData', 'user'), str('x'), later),
    );
    const tokens = (source: string) => source.match(/ENC\[[^\]]*type:(?:str|int|comment)\]/g) ?? [];
    expect(tokens(changed).filter((token) => !text.includes(token))).toHaveLength(2);
    expect(changed).toContain('   #ENC[');
  });

  it('updates the block of every document', async () => {
    const text = await sealed('a: 1\n---\nb: 2\n');
    const target = { document: 1, place: ['b'] };
    const changed = applyEdits(text, changeSopsValue(await opening(text), target, str('x'), later));
    expect(changed.match(/lastmodified: "2026-02-03T04:05:06Z"/g)).toHaveLength(2);
    expect(await opened(changed)).toEqual(['a int 1', 'b str x']);
  });

  it.each([
    [at('nope'), 'entry.not-found'],
    [at('stringData'), 'entry.not-scalar'],
    [at('sops', 'mac'), 'document.not-editable'],
    [at('stringData', 'hosts', 7), 'entry.not-found'],
    [{ document: 4, place: ['a'] }, 'entry.not-found'],
  ])('is refused at %j', async (target, code) => {
    const open = await opening(await sealed(secret, { rule: stringData }));
    expect(await codeOf(() => changeSopsValue(open, target, str('x'), later))).toBe(code);
  });
});

describe('a key', () => {
  it('is added behind the others, and taken out without a trace', async () => {
    const text = await sealed(secret, { rule: stringData });
    const added = applyEdits(
      text,
      addSopsValue(await opening(text), at('stringData', 'new key'), str('v'), later),
    );
    expect(await opened(added)).toContain('stringData.new key str v');
    expect(added).toMatch(/\n {2}"new key": ENC\[/);
    const removed = applyEdits(
      added,
      removeSopsValue(await opening(added), at('stringData', 'new key'), sealedOn),
    );
    const withoutMac = (source: string) => source.replace(/^ +mac: .*$/m, '');
    expect(withoutMac(removed)).toBe(withoutMac(text));
  });

  it('is added to what is empty', async () => {
    const text = await sealed('a: x\nb:\nc: {}\nd: # note\n');
    for (const name of ['b', 'c', 'd']) {
      const added = applyEdits(text, addSopsValue(await opening(text), at(name, 'k'), str('v'), later));
      expect(await opened(added)).toEqual(['a str x', `${name}.k str v`]);
    }
  });

  it('is refused where one is', async () => {
    const open = await opening(await sealed(secret, { rule: stringData }));
    const add = (...place: string[]) => codeOf(() => addSopsValue(open, at(...place), str('x'), later));
    expect(await add('stringData', 'user')).toBe('entry.duplicate');
    expect(await add('kind', 'x')).toBe('document.not-editable');
    expect(await add('absent', 'x')).toBe('entry.not-found');
    expect(await codeOf(() => removeSopsValue(open, at('stringData', 'hosts', 0), later))).toBe(
      'document.not-editable',
    );
  });

  it('that is the last leaves an empty mapping', async () => {
    const text = await sealed('a: x\nb:\n  c: y\nd: {e: z}\n');
    const first = applyEdits(text, removeSopsValue(await opening(text), at('b', 'c'), later));
    const both = applyEdits(first, removeSopsValue(await opening(first), at('d', 'e'), later));
    expect(await opened(both)).toEqual(['a str x']);
  });
});

describe('what was done to a file by hand', () => {
  const twoDocuments = 'a: 1\nb: 2\n---\nc: 3\n';
  it.each<[string, string, (text: string) => string]>([
    ['clear-value', secret, (text) => text.replace('kind: Secret', 'kind: Other')],
    ['sops.clear-value', secret, (text) => text.replace(/user: .*/, 'user: root')],
    ['sops.clear-value', secret, (text) => text.replace(/port: .*/, 'port: 80')],
    [
      'entry.moved',
      secret,
      (text) =>
        text.replace('password:', 'password2:').replace('user:', 'password:').replace('password2:', 'user:'),
    ],
    ['open.failed', secret, (text) => text.replace('user:', 'login:')],
    ['lastmodified', secret, (text) => text.replace('2026-01-02T03', '2026-01-02T04')],
    ['no-mac', secret, (text) => text.replace(/ mac: .*/, ' mac: ""')],
    [
      'mac-only-encrypted',
      secret,
      (text) => text.replace(/( +)version:/, '$1mac_only_encrypted: true\n$1version:'),
    ],
    ['documents', twoDocuments, (text) => text.split('---\n').toReversed().join('---\n')],
    ['values', twoDocuments, (text) => text.split('---\n')[0] ?? ''],
    ['clear-value', secret, (text) => text.replace(/ {2}port: .*\n/, '')],
    ['values', 'a: 1\nb: 2\n', (text) => text.replace(/^a: .*\n/, '')],
    ['sops.unreadable', secret, (text) => text.replace('kind: Secret', 'kind: Secret\nkind: Other')],
    [
      'sops.unreadable',
      secret,
      (text) => text.replace('kind: Secret', '<<<<<<< ours\nkind: A\n=======\nkind: B\n>>>>>>> theirs'),
    ],
    ['entry.not-encrypted', secret, (text) => text.replace('\nsops:', '\nspos:')],
  ])('is told: %s', async (cause, clear, change) => {
    const text = await sealed(clear, {
      rule: clear === secret ? stringData : { name: 'unencrypted_suffix', text: '_unencrypted' },
    });
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(await codeOf(() => opened(changed))).toBe(cause);
  });

  it.each(['yaml', 'json'] as const)(
    'is told with the line where a merge was left, in %s',
    async (format) => {
      const text = await sealed(format === 'json' ? '{\n  "a": "x",\n  "b": "y"\n}\n' : 'a: x\nb: y\n', {
        format,
      });
      const merged = text.replace(
        /^.*b"?:.*\n/m,
        (line) => `<<<<<<< ours\n${line}=======\n${line}>>>>>>> theirs\n`,
      );
      await expect(opened(merged, format)).rejects.toMatchObject({
        code: 'sops.unreadable',
        details: { reason: 'a merge was left half done here' },
        place: { line: format === 'json' ? 3 : 2 },
      });
    },
  );

  it('is not covered up by a change of a value', async () => {
    const text = (await sealed(secret, { rule: stringData })).replace('kind: Secret', 'kind: Other');
    const open = await opening(text);
    expect(await codeOf(() => changeSopsValue(open, at('stringData', 'user'), str('x'), later))).toBe(
      'clear-value',
    );
  });

  it('never opens with one character of a ciphertext changed', async () => {
    const text = await sealed(secret, { rule: stringData });
    const places = [...text.matchAll(/ENC\[[^\]]*type:(?:str|int)\]/g)].flatMap((found) =>
      Array.from(found[0], (_, index) => found.index + index),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.integer({ min: 0x21, max: 0x7e }),
        async (index, code) => {
          const char = String.fromCharCode(code);
          fc.pre(text[index] !== char);
          const changed = text.slice(0, index) + char + text.slice(index + 1);
          expect(await codeOf(() => opened(changed))).not.toBe('nothing');
        },
      ),
      runs(200),
    );
  });
});

describe('what cannot be sealed in place', () => {
  it.each([
    ['sops.encrypted-already', 'a: 1\nsops: {}\n'],
    ['sops.nothing-selected', 'a: ""\nb: ~\nc: {}\n'],
    ['document.not-editable', 'a: &x secret\nb: *x\n'],
    ['document.not-editable', 'a: &x {k: v}\nb: {<<: *x}\n'],
    ['sops.unreadable', '- a\n- b\n'],
    ['sops.unreadable', 'text\n'],
    ['sops.unreadable', '1: a\n'],
    ['sops.unreadable', '~: a\n'],
    ['sops.unreadable', 'true: a\n'],
    ['sops.unreadable', '[a]: b\n'],
    ['sops.unreadable', 'a: 1\na: 2\n'],
    ['sops.unreadable', 'a: *nothing\n'],
    ['sops.unreadable', 'a: &a [*a]\n'],
    ['sops.unreadable', 'a: 18446744073709551615\n'],
    ['sops.unreadable', 'a: !!int x\n'],
    ['sops.unreadable', ''],
    ['sops.unreadable', 'a: "\n'],
    ['sops.unreadable', `a: ${'['.repeat(20_000)}`],
    [
      'sops.unreadable',
      `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]\n`).join('')}`,
    ],
  ])('is told: %s', async (code, text) => {
    expect(['document.not-editable', code]).toContain(await codeOf(() => sealed(text)));
  });

  it('is a file whose rule is in a comment that Go may see elsewhere', async () => {
    const rule = { name: 'encrypted_comment_regex', text: 'secret' } as const;
    expect(await codeOf(() => sealed('a: 1\n# secret\n\nb: 2\n', { rule }))).toBe('document.not-editable');
    expect(await opened(await sealed('a: 1\n# secret\nb: 2\n', { rule }))).toEqual(['a int 1', 'b int 2']);
    // Behind a list, it hangs the comment to the list where lines end in CR LF, and to the key below where they do not.
    const behindList = 'a:\n- 1\n# secret\nb: 2\n';
    expect(await opened(await sealed(behindList, { rule }))).toEqual(['a[0] int 1', 'b int 2']);
    const onWindows = behindList.replaceAll('\n', '\r\n');
    expect(await codeOf(() => sealed(onWindows, { rule }))).toBe('document.not-editable');
  });

  it('does not hinder values in the clear from being shared', async () => {
    const rule = { name: 'encrypted_regex', text: '^b$' } as const;
    expect(await opened(await sealed('a: &x 1\nb: two\nc: *x\n', { rule }))).toEqual([
      'a int 1',
      'b str two',
      'c int 1',
    ]);
  });
});

describe('keys of a file', () => {
  const plan = (...names: readonly string[]) => ({
    groups: [names.map((name) => ({ kind: 'age' as const, fields: new Map([['recipient', name]]) }))],
    shamirThreshold: 0,
  });

  it('change in their lines alone, and stay as they are for who stays', async () => {
    const text = await sealed(secret, { rule: stringData });
    const tools = { sealer: clearSealer, now: later };
    const two = applyEdits(
      text,
      await updateSopsRecipients(await opening(text), plan('age1x', 'age1y'), tools),
    );
    expect(two.replace(/ {4}- enc: \w+\n {6}recipient: age1y\n/, '')).toBe(text);
    const one = applyEdits(two, await updateSopsRecipients(await opening(two), plan('age1x'), tools));
    expect(one).toBe(text);
  });

  it.each([
    ['nobody', { groups: [], shamirThreshold: 0 }],
    ['a group of nobody', { groups: [[]], shamirThreshold: 0 }],
    [
      'fewer groups than it would take',
      { groups: [...plan('a').groups, ...plan('b').groups], shamirThreshold: 3 },
    ],
  ])('are refused where they are %s', async (_what, keys) => {
    const open = await opening(await sealed(secret));
    const tools = { sealer: clearSealer, now: later };
    expect(await codeOf(() => updateSopsRecipients(open, keys, tools))).toBe('policy.invalid');
    expect(await codeOf(() => rotateSopsDataKey(open, keys, tools))).toBe('policy.invalid');
  });

  it('that a service keeps stay as they are, and are not added', async () => {
    const kms = (arn: string) => ({ kind: 'kms' as const, fields: new Map([['arn', arn]]) });
    const text = (await sealed(secret, { rule: stringData })).replace(
      /^( +)lastmodified:/m,
      '$1kms:\n$1$1- arn: mine\n$1$1  created_at: "2026-01-02T03:04:05Z"\n$1$1  enc: AAAA\n$1lastmodified:',
    );
    const tools = { sealer: clearSealer, now: later };
    const [age = []] = plan('age1x', 'age1y').groups;
    const withKey = (arn: string) => ({ groups: [[kms(arn), ...age]], shamirThreshold: 0 });
    const two = applyEdits(text, await updateSopsRecipients(await opening(text), withKey('mine'), tools));
    expect(two.replace(/ {4}- enc: \w+\n {6}recipient: age1y\n/, '')).toBe(text);
    const other = await opening(text);
    const changes = [
      () => updateSopsRecipients(other, withKey('other'), tools),
      () => rotateSopsDataKey(other, withKey('mine'), tools),
    ];
    for (const change of changes) expect(await codeOf(change)).toBe('key.unsupported');
  });

  it('come with a new data key when it is rotated, and everything else stays where it is', async () => {
    const text = await sealed(secret, { rule: stringData });
    const rotated = applyEdits(
      text,
      await rotateSopsDataKey(await opening(text), plan('age1x'), { sealer: clearSealer, now: later }),
    );
    expect(await opened(rotated)).toEqual(await opened(text));
    const tokens = text.match(/ENC\[[^\]]*\]/g) ?? [];
    expect(tokens.filter((token) => rotated.includes(token))).toEqual([]);
    const shape = (source: string) =>
      source.replace(/ENC\[[^\]]*\]/g, 'ENC').replace(/enc: \w+|2026-[^"]*/g, '');
    expect(shape(rotated)).toBe(shape(text));
  });
});

describe('any text', () => {
  const pieces = [
    'a:',
    ' ',
    '\n',
    '- ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '&x',
    '*x',
    '|',
    '>',
    '!!int',
    '---',
    '...',
    'sops:',
    '\t',
    '? ',
    '1',
    '<<: ',
  ];
  it('is read or refused, and never more than that', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const read of [readSopsYaml, readSopsJson]) {
            const { documents, problems } = read(text);
            expect(documents.length + problems.length).toBeGreaterThan(0);
          }
          for (const format of ['yaml', 'json'] as const) {
            try {
              readSopsFile(text, format);
            } catch (error) {
              expect(error).toBeInstanceOf(Failure);
            }
          }
        },
      ),
      runs(500),
    );
  });

  it.each([
    '{"a":'.repeat(100_000),
    '['.repeat(100_000),
    `{"a": "${'\\'.repeat(99_999)}`,
    '{"a": 1,}',
    '{"a": 01}',
    '{"a": 1} x',
    '[]',
    '{"a": 1, "a": 2}',
  ])('that is no JSON for SOPS is a problem', (text) => {
    expect(readSopsJson(text).problems).not.toEqual([]);
  });
});

describe('a new value', () => {
  it.each([
    ['int', '0777', 'int 511'],
    ['int', 'many', 'str many'],
    ['bool', 'false', 'bool False'],
    ['str', '12', 'str 12'],
    ['float', '1', 'str 1'],
  ] as const)('for one of type %s: %j is %s', (type, text, typed) => {
    const value = typedLike(type, text);
    expect(`${value.type} ${Buffer.from(value.bytes).toString()}`).toBe(typed);
  });
});

describe('a decrypted value of another writer', () => {
  it.each([
    ['bool', 'true', 'True'],
    ['bool', '0', 'False'],
    ['int', '+007', '7'],
    ['float', '1e3', '1000'],
    ['float', 'inf', '+Inf'],
    ['time', '2020-01-02T03:04:05.10Z', '2020-01-02T03:04:05.1Z'],
    ['str', 'true', 'true'],
  ] as const)('%s %s is hashed as %s', (type, text, canonical) => {
    expect(Buffer.from(canonicalValue({ ...str(text), type }).bytes).toString()).toBe(canonical);
  });

  it.each(['bool', 'int', 'float', 'time'] as const)('is refused where it is no %s', (type) => {
    expect(() => canonicalValue({ ...str('x'), type })).toThrow('ciphertext.malformed');
  });
});
