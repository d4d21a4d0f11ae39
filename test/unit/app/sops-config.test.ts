import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookThrough, report } from '../../../src/app/scan-file.ts';
import { examineSopsConfig, fileNotices } from '../../../src/app/sops-config-notices.ts';
import { filesByRule } from '../../../src/app/sops-rule-files.ts';
import { sopsRuleWords } from '../../../src/app/sops-rule-words.ts';
import { noFile } from '../../../src/audit/audited-file.ts';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { SopsRules } from '../../../src/policy/sops-rules.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();

const { recipient: age, keyFile } = await generateAgeKey(new Date(0));
const { recipient: quantum } = await generateAgeKey(new Date(0), { postQuantum: true });
const pgp = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';
const kms = 'arn:aws:kms:eu-west-1:111122223333:key/0d79';

const rules = (...lines: readonly string[]) =>
  `creation_rules:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

async function noticesOf(text: string): Promise<readonly string[]> {
  const { notices } = await examineSopsConfig(text);
  return notices.map(
    ({ level, line, span, message }) =>
      `${level} ${line} ${JSON.stringify(text.slice(span?.start, span?.end))}: ${message}`,
  );
}

describe('what is said of a .sops.yaml', () => {
  it('is nothing where SOPS takes all of it', async () => {
    const groups = `{shamir_threshold: 2, key_groups: [{age: [${age}]}, {pgp: [${pgp}]}]}`;
    const text = `k: &k ${age}\n${rules(`{path_regex: ^a, age: "${quantum},${age}", pgp: ${pgp}}`, `{path_regex: ^b, age: *k, kms: ${kms}}`, groups)}`;
    expect(await noticesOf(text)).toEqual([]);
  });

  it.each([
    ['what SOPS refuses', `{age: ${age}, encrypted_regex: "(?=a)"}`, 'error 2 "\\"(?=a)\\""', /RE2/],
    ['what it passes over', `{age: ${age}, encrypted_regexp: x}`, 'error 2 "encrypted_regexp"', /has no/],
    ['a mistyped recipient', `{age: ${age.slice(0, -1)}}`, `error 2 "${age.slice(0, -1)}"`, /checksum/],
    ['a mistyped one of several', `{age: [${age}, age1x]}`, 'error 2 "age1x"', /checksum/],
    ['a plugin of age', '{age: age1yubikey1qwerty}', 'warning 2 "age1yubikey1qwerty"', /needs a plugin/],
    ['a short key id', '{pgp: 491B3F21}', 'warning 2 "491B3F21"', /no whole fingerprint/],
    ['an ARN of another service', '{kms: "arn:aws:s3:::b"}', 'error 2 "\\"arn:aws:s3:::b\\""', /REGION/],
    ['an incomplete resource', '{gcp_kms: projects/p}', 'error 2 "projects/p"', /keyRings/],
    ['a rule without keys', '{path_regex: a}', 'warning 2 "{path_regex: a}"', /names no keys/],
    ['an empty group', `{key_groups: [{age: [${age}]}, {}]}`, 'error 2 "{}"', /names no keys/],
  ])('is about %s, where it stands', async (_, rule, where, message) => {
    const [notice = '', ...others] = await noticesOf(rules(rule));
    expect(others).toEqual([]);
    expect(notice.startsWith(`${where}: `), notice).toBe(true);
    expect(notice.slice(where.length)).toMatch(message);
  });

  it('is that no file comes to a rule below one that takes every file', async () => {
    const any = `{age: ${age}}`;
    expect(await noticesOf(rules(`{path_regex: ^a, age: ${age}}`, any, any))).toEqual([
      `warning 4 "${any}": no file comes to this rule: the one on line 3 takes every file`,
    ]);
    const [all, one] = [`{path_regex: .*, age: ${age}}`, `{path_regex: ^b, age: ${age}}`];
    expect(await noticesOf(rules(one, one, all, one))).toEqual([
      `warning 3 "${one}": no file comes to this rule: the one on line 2 has the same path_regex`,
      `warning 5 "${one}": no file comes to this rule: the one on line 4 takes every file`,
    ]);
  });

  it('is said once of a recipient that many rules name, at its anchor', async () => {
    const text = `k: &k age1x\n${rules('{path_regex: a, age: *k}', '{path_regex: b, age: *k}')}`;
    expect(await noticesOf(text)).toEqual([expect.stringMatching(/^error 1 "age1x": /)]);
  });

  it('never says a private key that stands where a public one belongs', async () => {
    const secret = keyFile.exposeText()?.match(/AGE-SECRET-KEY-\S+/)?.[0] ?? '';
    const texts = [secret, `AGE-SECRET-KEY-PQ-1${'Q'.repeat(60)}`].flatMap((key) => [
      rules(`{age: ${key}}`),
      rules(`{key_groups: [{age: [${key}]}]}`),
      rules(`{pgp: ${key}}`),
    ]);
    for (const text of texts) {
      const { notices } = await examineSopsConfig(text);
      const messages = notices.map(({ message }) => message);
      expect(messages[0]).toMatch(/^this is a private key of (?:age|pgp): take it out/);
      expect(messages.join()).not.toMatch(/AGE-SECRET|QQQQ/);
    }
  });

  it('leaves a private key in a comment to the rule for every file', () => {
    const secret = keyFile.exposeText()?.match(/AGE-SECRET-KEY-\S+/)?.[0] ?? '';
    const file = { ...noFile, name: '.sops.yaml', path: () => '.sops.yaml', severity: new Map() };
    const text = `# ${secret}\n${rules(`{age: ${age}}`)}`;
    const { findings } = report(lookThrough(file, new TextEncoder().encode(text), registry), registry);
    expect(findings).toMatchObject([
      { rule: 'private-key-in-repo', range: { start: { line: 1, column: 3 } } },
    ]);
  });
});

describe('a .sops.yaml of anybody', () => {
  it('is always told in single lines, at places that are there', async () => {
    const word = fc.constantFrom(
      'creation_rules:\n- ',
      'path_regex: a',
      'age: age1x',
      'pgp: ABCD',
      'kms: arn',
      'age: &a x',
      '<<: *a',
      'key_groups: [',
      'shamir_threshold: 3',
      'encrypted_regex: (',
      '\n  ',
      '\r\n- ',
      '*a',
      '[',
      '{',
      '}',
      ': ',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 30 }), async (words) => {
        const text = words.join('');
        const { notices, rules: read } = await examineSopsConfig(text);
        for (const { line, span = { start: 0, end: 0 }, message } of notices) {
          expect(span.start >= 0 && span.start <= span.end && span.end <= text.length).toBe(true);
          expect(text.slice(span.start, span.end)).not.toMatch(/[\r\n]/);
          expect(line).toBe(text.slice(0, span.start).split('\n').length);
          expect(message).not.toMatch(/\n/);
        }
        for (const rule of read?.all ?? []) expect(sopsRuleWords(rule, undefined).length).toBeGreaterThan(1);
      }),
    );
  });
});

const tally = (paths: readonly string[], sealed: readonly string[] = []) => ({
  paths,
  isSealed: (path: string) => sealed.includes(path),
  turn: async () => undefined,
  signal: new AbortController().signal,
});
const all = async (text: string) => (await SopsRules.read(text)).rules?.all ?? [];

describe('the files of a rule', () => {
  const text = rules('{path_regex: ^apps/}', '{path_regex: \\.yaml$}', '{path_regex: ^apps/db}', '{}');
  const paths = ['.sops.yaml', 'README.md', 'apps/a.yaml', 'apps/b.json', 'apps/db/c.yaml', 'x.yaml'];

  it('are those of which it is the first that matches, each of them once', async () => {
    const found = await filesByRule(await all(text), tally(paths, ['apps/a.yaml', 'x.yaml']));
    expect(found.complete).toBe(true);
    expect([...found.byRule.values()]).toMatchObject([
      { count: 3, sealed: 1, first: ['apps/a.yaml', 'apps/b.json', 'apps/db/c.yaml'], matchesAny: true },
      { count: 1, sealed: 1, first: ['x.yaml'], matchesAny: true },
      { count: 0, sealed: 0, first: [], matchesAny: true },
      { count: 1, sealed: 0, first: ['README.md'], matchesAny: true },
    ]);
  });

  it('are not those with a .sops.yaml of their own nearer to them', async () => {
    const nearer = ['a/.sops.yaml', 'a/b/x.yaml', 'a/x.yaml', 'ab/x.yaml', 'x.sops.yaml'];
    const [files] = (await filesByRule(await all(rules('{}')), tally(nearer))).byRule.values();
    expect(files?.first).toEqual(['ab/x.yaml', 'x.sops.yaml']);
  });

  it('are told of a pattern that matches none', async () => {
    const none = rules('{path_regex: ^nope, age: x}', '{age: x}');
    const { byRule } = await filesByRule(await all(none), tally(paths));
    expect(fileNotices(byRule, none)).toMatchObject([
      { level: 'information', line: 2, message: 'path_regex matches no file of this folder' },
    ]);
    expect(fileNotices((await filesByRule(await all(text), tally(paths))).byRule, text)).toEqual([]);
  });

  it('of a hundred thousand are counted in slices, as far as there is time, until told to stop', async () => {
    const many = Array.from({ length: 100_000 }, (_, at) => `apps/${'a'.repeat(80)}${at}.yaml`);
    const slow = await all(rules(...Array.from({ length: 40 }, (_, at) => `{path_regex: "(a+)+${at}$"}`)));
    const stop = new AbortController();
    let turns = 0;
    const before = process.cpuUsage();
    const turn = async () => void turns++;
    const timed = await filesByRule(slow, { ...tally(many), turn });
    expect(timed.complete).toBe(false);
    expect(turns).toBeGreaterThan(5);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(4000);
    const stopping = async () => stop.abort();
    turns = 0;
    const stopped = await filesByRule(slow, { ...tally(many), turn: stopping, signal: stop.signal });
    expect(stopped.complete).toBe(false);
  });
});

describe('what a rule comes to', () => {
  const wordsOf = async (rule: string, paths?: readonly string[], sealed: readonly string[] = []) => {
    const [first] = await all(rules(rule));
    if (first === undefined) throw new Error('no rule');
    const found = paths && (await filesByRule([first], tally(paths, sealed)));
    const ofRule = found?.byRule.get(first);
    return sopsRuleWords(first, found && ofRule && { ofRule, complete: found.complete });
  };

  it('is its files, whom they are sealed to, and which values', async () => {
    const rule = `{age: [${age}], pgp: ${pgp}, kms: ${kms}, encrypted_regex: ^(data|stringData)$}`;
    const paths = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml', 'e.yaml'];
    expect(await wordsOf(rule, paths, ['b.yaml'])).toEqual([
      '5 files come to this rule first; 1 encrypted: a.yaml, b.yaml, c.yaml and 2 more',
      `Sealed to age ${age.slice(0, 12)}…${age.slice(-6)}, PGP ${pgp}, AWS KMS ${kms}`,
      'Encrypts only values under keys that match ^(data|stringData)$ (encrypted_regex)',
    ]);
    expect((await wordsOf(rule, ['a.yaml']))[0]).toBe(
      '1 file comes to this rule first; none encrypted: a.yaml',
    );
    expect((await wordsOf(rule, []))[0]).toBe('No file comes to this rule');
  });

  it('is how many of its key groups it takes', async () => {
    const groups = `key_groups: [{age: [${age}]}, {pgp: [${pgp}]}, {kms: [{arn: "${kms}"}]}]`;
    const [needed, ...each] = await wordsOf(`{shamir_threshold: 2, mac_only_encrypted: true, ${groups}}`);
    expect(needed).toBe('It takes keys of 2 of 3 groups to open');
    expect(each).toEqual([
      expect.stringMatching(/^Group 1: age age1/),
      `Group 2: PGP ${pgp}`,
      `Group 3: AWS KMS ${kms}`,
      'Encrypts all values but those under keys that end in _unencrypted (unencrypted_suffix)',
      'Only encrypted values are checked against change (mac_only_encrypted)',
    ]);
    expect((await wordsOf(`{${groups}}`))[0]).toBe('It takes keys of all 3 groups to open');
  });

  it.each([
    ['encrypted_suffix: _s', 'Encrypts only values under keys that end in _s (encrypted_suffix)'],
    ['unencrypted_regex: ^u', 'Encrypts all values but those under keys that match ^u (unencrypted_regex)'],
    [
      'encrypted_comment_regex: seal',
      'Encrypts only values below comments that match seal (encrypted_comment_regex)',
    ],
    [
      'unencrypted_comment_regex: open',
      'Encrypts all values but those below comments that match open (unencrypted_comment_regex)',
    ],
  ])('is which values: %s', async (selection, words) => {
    expect((await wordsOf(`{${selection}}`)).at(-1)).toBe(words);
  });

  it('is short and on its lines, whatever stands in it', async () => {
    const odd = `"${'x'.repeat(5000)}\\u202e\\n"`;
    const many = Array.from({ length: 50 }, () => age.slice(0, -1)).join(',');
    const lines = await wordsOf(`{age: "${many}", pgp: ${odd}, encrypted_regex: ${odd}}`, [
      'a\u202e\nb.yaml',
    ]);
    for (const line of lines) {
      expect(line.length).toBeLessThan(1500);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(lines[1]).toMatch(/ and 41 more$/);
  });
});
