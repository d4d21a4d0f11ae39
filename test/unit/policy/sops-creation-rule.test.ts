import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SopsRecipient } from '../../../src/policy/sops-rule.ts';
import { SopsRules } from '../../../src/policy/sops-rules.ts';

const rule = (text: string) => `creation_rules:\n- path_regex: a\n${text.replace(/^/gm, '  ')}\n`;
const read = async (text: string) => {
  const { rules, problems } = await SopsRules.read(text);
  return { rule: rules?.ruleFor('a.yaml'), stores: rules?.stores, problems };
};
const problemsOf = async (text: string) =>
  (await read(text)).problems.map(({ line, message }) => `${line}: ${message}`);
const shown = ({ kind, fields }: SopsRecipient) => ({
  kind,
  ...Object.fromEntries(
    [...fields].map(([name, value]) => [name, value instanceof Map ? Object.fromEntries(value) : value]),
  ),
});

const kms = 'arn:aws:kms:eu-west-1:111122223333:key/0d79';
const role = 'arn:aws:iam::111122223333:role/sops';

describe('the keys of a creation rule', () => {
  it.each([
    ['age: age1x', { kind: 'age', recipient: 'age1x' }],
    ['age: ssh-ed25519 AAAA me@host', { kind: 'age', recipient: 'ssh-ed25519 AAAA me@host' }],
    ['pgp: 85D7 7543', { kind: 'pgp', fp: '85D77543' }],
    [`kms: ${kms}`, { kind: 'kms', arn: kms }],
    [`kms: ${kms}+${role}`, { kind: 'kms', arn: kms, role }],
    [`kms: ${kms}\naws_profile: dev`, { kind: 'kms', arn: kms, aws_profile: 'dev' }],
    ['gcp_kms: projects/p/locations/l', { kind: 'gcp_kms', resource_id: 'projects/p/locations/l' }],
    ['hckms: ["eu-west-101:0d79"]', { kind: 'hckms', key_id: 'eu-west-101:0d79' }],
    [
      'azure_keyvault: https://v.vault.azure.net/keys/k/1f',
      { kind: 'azure_kv', vault_url: 'https://v.vault.azure.net', name: 'k', version: '1f' },
    ],
    [
      'azure_keyvault: https://v.vault.azure.net/keys/k',
      { kind: 'azure_kv', vault_url: 'https://v.vault.azure.net', name: 'k', version: '' },
    ],
    [
      'hc_vault_transit_uri: https://v:8200/v1/a/b/keys/k',
      { kind: 'hc_vault', vault_address: 'https://v:8200', engine_path: 'a/b', key_name: 'k' },
    ],
  ])('%s', async (text, fields) => {
    const { rule: found, problems } = await read(rule(text));
    expect(problems).toEqual([]);
    expect(found?.groups.map((group) => group.map(shown))).toEqual([[fields]]);
  });

  it('stand in groups as mappings', async () => {
    const text = rule(`key_groups:
- kms: [{arn: "${kms}", role: r, context: {App: x, Env: y}, aws_profile: dev}]
  gcp_kms: [{resource_id: p}]
- hckms: [{key_id: "eu:1"}]
  azure_keyvault: [{vaultUrl: https://v, key: k, version: "2"}]
  hc_vault: [https://v/v1/transit/keys/k]
  pgp: [AB CD]`);
    const { rule: found, problems } = await read(text);
    expect(problems).toEqual([]);
    expect(found?.groups.map((group) => group.map(shown))).toEqual([
      [
        { kind: 'kms', arn: kms, role: 'r', context: { App: 'x', Env: 'y' }, aws_profile: 'dev' },
        { kind: 'gcp_kms', resource_id: 'p' },
      ],
      [
        { kind: 'pgp', fp: 'ABCD' },
        { kind: 'hckms', key_id: 'eu:1' },
        { kind: 'azure_kv', vault_url: 'https://v', name: 'k', version: '2' },
        { kind: 'hc_vault', vault_address: 'https://v', engine_path: 'transit', key_name: 'k' },
      ],
    ]);
  });

  it('say where they are written, an alias where its anchor is', async () => {
    const text = `keys:\n- &ann age1ann\n${rule('age: [*ann, age1bob]')}`;
    const [group = []] = (await read(text)).rule?.groups ?? [];
    expect(group.map(({ span }) => text.slice(span.start, span.end))).toEqual(['age1ann', 'age1bob']);
    expect(group.map((one) => one.text)).toEqual(['age1ann', 'age1bob']);
  });

  it('are none where a rule names none', async () => {
    expect((await read(rule('encrypted_regex: x'))).rule?.groups).toEqual([[]]);
  });
});

describe('a creation rule', () => {
  it('says where it stands', async () => {
    const text = `# of mine\n${rule('age: age1x')}`;
    const { rule: found } = await read(text);
    expect(found).toMatchObject({ line: 3, pathRegex: 'a', macOnlyEncrypted: false, shamirThreshold: 0 });
    expect(text.slice(found?.span.start, found?.span.end)).toMatch(/^path_regex: a\n {2}age: age1x/);
  });

  it('says which values are encrypted as a SOPS file keeps it', async () => {
    expect((await read(rule('encrypted_regex: ^data$'))).rule?.selection).toEqual({
      name: 'encrypted_regex',
      text: '^data$',
    });
    expect((await read(rule('age: age1x'))).rule?.selection).toEqual({
      name: 'unencrypted_suffix',
      text: '_unencrypted',
    });
  });

  it('leaves the indentation to SOPS unless it is stated', async () => {
    expect((await read('creation_rules: []')).stores).toEqual({
      yamlIndent: undefined,
      jsonIndent: undefined,
    });
    expect((await read('stores: {yaml: {indent: 2}, json: {indent: -1}, dotenv: {}}')).stores).toEqual({
      yamlIndent: 2,
      jsonIndent: -1,
    });
  });
});

describe('a problem of a .sops.yaml', () => {
  it.each([
    ['encrypted_regexp: x', /^3: a rule has no "encrypted_regexp"; it has path_regex, age, /],
    ['age: [age1x, hello]', /^3: this is not written as a key of age is/],
    ['age: 12', /^3: age must be text; quote it$/],
    ['age: [age1x, 12]', /^3: age must be a list of texts$/],
    ['hckms: eu:1', /^3: hckms must be a list$/],
    ['hckms: [eu]', /^3: this is not written as a key of hckms is/],
    ['azure_keyvault: http://v', /^3: this is not written as a key of azure_kv is/],
    ['hc_vault_transit_uri: https://v/v1/keys', /^3: this is not written as a key of hc_vault is/],
    ['key_groups: [{aeg: [x], age: [age1x]}]', /^3: a key group has no "aeg"; it has merge, age, /],
    ['key_groups: [{kms: [{role: r}], age: [age1x]}]', /^3: a key of kms must have "arn"$/],
    ['key_groups: [{age: [age1x]}, {}]', /^3: this key group names no keys$/],
    ['shamir_threshold: two', /^3: shamir_threshold must be a whole number$/],
    [
      'shamir_threshold: 3\nkey_groups: [{age: [age1x]}, {age: [age1y]}]',
      /^3: shamir_threshold must be from 2 to 2/,
    ],
    ['encrypted_regex: a\nencrypted_suffix: b', /^3|4: SOPS takes one of /],
    ['encrypted_regex: "(?=a)"', /^3: encrypted_regex is no regular expression of Go \(RE2\)$/],
    ['mac_only_encrypted: 1', /^3: mac_only_encrypted must be true or false$/],
    ['age: age1x\nage: age1y', /^4: "age" stands twice$/],
  ])('is %s', async (text, problem) => {
    const { rule: found, problems } = await read(rule(text));
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      expect.stringMatching(problem),
    ]);
    // It is good for finding.
    expect(found?.pathRegex).toBe('a');
  });

  it.each([
    ['creation_rules: [', /^1: this is not YAML$/],
    ['- a', /^1: the file must be a mapping$/],
    ['creation_rules: {a: b}', /^1: creation_rules must be a list$/],
    ['creation_rules:\n-\n- age: age1x', /^2: one of these rules is empty$/],
    ['creation_rules:\n- text\n', /^2: a rule must be a mapping$/],
    ['stores: {yaml: {indent: -1}}', /^1: indent must be from 0 to 16$/],
    ['stores: {yaml: {indnet: 1}}', /^1: stores.yaml has no "indnet"/],
  ])('is %s', async (text, problem) => {
    expect(await problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  it('is not what stands beside the rules: many keep their keys there', async () => {
    expect(await problemsOf(`keys: [&a age1x]\ndestination_rules: [{x: y}]\n${rule('age: *a')}`)).toEqual([]);
  });

  it('never says what a key is', async () => {
    const secret = 'AGE-SECRET-KEY-1QQQQQQQQQQQQ';
    expect((await problemsOf(rule(`age: ${secret}`))).join()).not.toContain('QQQQ');
  });
});

describe('a .sops.yaml of anybody', () => {
  it('never makes the reader throw', async () => {
    const word = fc.constantFrom(
      'creation_rules',
      'age',
      'key_groups',
      'merge',
      'kms',
      '<<',
      '*a',
      '&a ',
      '[',
      ']',
      '{',
      '}',
      ': ',
      ', ',
      '\n- ',
      '\n  ',
      '(',
      'x',
      '12',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 40 }), async (words) => {
        const { rules, problems } = await SopsRules.read(words.join(''));
        expect(rules !== undefined || problems.length > 0).toBe(true);
      }),
    );
  });

  const twice = (name: string, inner: string) =>
    Array.from(
      { length: 30 },
      (_, at) => `a${at}: &a${at} {${name}: [${at === 0 ? inner : `*a${at - 1}, *a${at - 1}`}]}\n`,
    ).join('');
  it.each([
    [
      'groups that merge groups twice',
      `${twice('merge', '{age: [age1x]}')}creation_rules: [{key_groups: [*a29]}]`,
    ],
    ['mappings that merge mappings twice', `${twice('<<', '{age: age1x}')}creation_rules: [*a29]`],
    ['groups that merge themselves', 'creation_rules: [{key_groups: [&a {merge: [*a]}]}]'],
    ['a rule that merges itself', 'creation_rules: [&a {<<: *a}]'],
    [
      'one long list in many rules',
      `k: &k [${'age1x, '.repeat(3000)}]\ncreation_rules: [${'{age: *k}, '.repeat(3000)}]`,
    ],
    [
      'one long text in many rules',
      `k: &k "${'age1x, '.repeat(9000)}"\ncreation_rules: [${'{age: *k}, '.repeat(3000)}]`,
    ],
  ])('with %s is read in no time, with a problem', async (_, text) => {
    const started = process.cpuUsage();
    expect(await problemsOf(text)).not.toEqual([]);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });

  it('is read line by line alike with CRLF', async () => {
    const text = rule('age: 12').replaceAll('\n', '\r\n');
    expect(await problemsOf(text)).toEqual(['3: age must be text; quote it']);
  });
});
