import { afterAll, beforeAll, expect, it } from 'vitest';
import { selectionOf } from '../../src/core/sops-selection.ts';
import { recipientName } from '../../src/crypto/sops/stanza.ts';
import { loadRe2 } from '../../src/policy/re2.ts';
import { SopsRules } from '../../src/policy/sops-rules.ts';
import { readSopsFile } from '../../src/schemes/sops/file.ts';
import { describePeer } from '../support/peers.ts';
import { SopsHolders } from '../support/sops.ts';
import { Workspace } from '../support/workspace.ts';

const secret = 'kind: Secret\ndata:\n  a: x\nnote_plain: y\n';

/** `A`, `B` and `C` stand for recipients. */
const configs: Readonly<Record<string, string>> = {
  'one key': 'creation_rules: [{age: A}]',
  'keys with commas': 'creation_rules:\n- age: >-\n    A,\n    B,\n',
  'keys with commas in a list': 'creation_rules: [{age: ["A,B", C]}]',
  'keys twice': 'creation_rules: [{age: "A,A"}]',
  'an empty key in a text': 'creation_rules: [{age: "A,,B"}]',
  'an empty key in a list': 'creation_rules: [{age: [A, ""]}]',
  'a key that is null': 'creation_rules: [{age: [A, ]}]',
  'a key that is a number': 'creation_rules: [{age: [A, 12]}]',
  'keys that are a number': 'creation_rules: [{age: 12}]',
  'keys that are a mapping': 'creation_rules: [{age: {a: A}}]',
  'keys that are no recipients': 'creation_rules: [{age: hello}]',
  'no keys': 'creation_rules: [{path_regex: x}]',
  'no rules': 'creation_rules: []',
  'no list': 'creation_rules: {age: A}',
  'an empty file': '',
  'no mapping': '- age: A',
  'a rule that is text': 'creation_rules: [hello, {age: A}]',
  'the second rule': 'creation_rules: [{path_regex: ^x, age: A}, {path_regex: "ps/d", age: B}, {age: C}]',
  'the first of two': 'creation_rules: [{age: A}, {path_regex: apps, age: B}]',
  'an empty pattern': 'creation_rules: [{path_regex: "", age: A}]',
  'a null pattern': 'creation_rules: [{path_regex: ~, age: A}]',
  'a pattern that is a number': 'creation_rules: [{path_regex: 12, age: A}, {age: B}]',
  'a broken pattern before': 'creation_rules: [{path_regex: "(", age: A}, {age: B}]',
  'a lookahead': 'creation_rules: [{path_regex: "(?=apps)", age: A}, {age: B}]',
  'a pattern with flags': 'creation_rules: [{path_regex: "(?i)APPS", age: A}, {age: B}]',
  'no rule for it': 'creation_rules: [{path_regex: ^nope$, age: A}]',
  'an alias': 'keys: [&a A]\ncreation_rules: [{age: *a}]',
  'a list behind an alias': 'keys: &k [A, B]\ncreation_rules: [{age: *k}]',
  'a merged rule': 'x: &x {age: A, mac_only_encrypted: true}\ncreation_rules: [{<<: *x, age: B}]',
  'merged rules': 'x: &x {age: A}\ny: &y {age: B, encrypted_regex: a}\ncreation_rules: [{<<: [*x, *y]}]',
  'a member twice': 'creation_rules: [{age: A, age: B}]',
  'two documents': 'creation_rules: [{age: A}]\n---\ncreation_rules: [{age: B}]\n',
  'a tagged key': 'creation_rules: [{age: !!str A}]',
  'two groups': 'creation_rules: [{key_groups: [{age: [A]}, {age: [B]}]}]',
  'groups and a threshold':
    'creation_rules: [{shamir_threshold: 2, key_groups: [{age: [A]}, {age: [B]}, {age: [C]}]}]',
  'a threshold in hexadecimal':
    'creation_rules: [{shamir_threshold: 0x2, key_groups: [{age: [A]}, {age: [B]}, {age: [C]}]}]',
  'a threshold that is text':
    'creation_rules: [{shamir_threshold: "2", key_groups: [{age: [A]}, {age: [B]}, {age: [C]}]}]',
  'a threshold of one': 'creation_rules: [{shamir_threshold: 1, key_groups: [{age: [A]}, {age: [B]}]}]',
  'a threshold that is too high':
    'creation_rules: [{shamir_threshold: 3, key_groups: [{age: [A]}, {age: [B]}]}]',
  'a threshold for one group': 'creation_rules: [{shamir_threshold: 3, age: A}]',
  'one group': 'creation_rules: [{key_groups: [{age: ["A,B", A]}]}]',
  'groups and keys beside them': 'creation_rules: [{age: A, key_groups: [{age: [B]}]}]',
  'no groups and keys beside them': 'creation_rules: [{age: A, key_groups: []}]',
  'groups that merge':
    'creation_rules: [{key_groups: [{merge: [{age: [B, C]}, {merge: [{age: [A]}]}], age: [A, B]}]}]',
  'a group whose keys are no list': 'creation_rules: [{key_groups: [{age: A}]}]',
  'an empty group': 'creation_rules: [{key_groups: [{age: [A]}, {}]}]',
  'a suffix': 'creation_rules: [{age: A, unencrypted_suffix: _plain}]',
  'a pattern of values': 'creation_rules: [{age: A, encrypted_regex: ^(data|stringData)$}]',
  'a pattern of values that is a word':
    'creation_rules: [{age: A, encrypted_regex: null, encrypted_suffix: a}]',
  'the MAC of what is encrypted':
    'creation_rules: [{age: A, mac_only_encrypted: true, encrypted_regex: data}]',
  'a boolean of YAML 1.1': 'creation_rules: [{age: A, mac_only_encrypted: yes, encrypted_regex: data}]',
  'a boolean that is text': 'creation_rules: [{age: A, mac_only_encrypted: "true"}]',
  'a boolean that is a number': 'creation_rules: [{age: A, mac_only_encrypted: 1}]',
  'two selections': 'creation_rules: [{age: A, encrypted_regex: data, unencrypted_suffix: x}]',
  'no YAML': 'creation_rules: [',
};

const workspace = new Workspace();
afterAll(() => workspace.remove());
let recipients: readonly string[];
beforeAll(async () => {
  ({ recipients } = await SopsHolders.create());
});

describePeer('sops reads .sops.yaml', 'sops', (run) => {
  const withSops = (config: string) => {
    const rules = workspace.write('.sops.yaml', config);
    const file = workspace.write('apps/db/secret.yaml', secret);
    try {
      const { metadata } = readSopsFile(run(['--config', rules, 'encrypt', file], '').toString(), 'yaml');
      return {
        groups: metadata.groups.map((group) => group.map(recipientName)),
        // Of one group, SOPS keeps what is stated, and makes no use of it.
        shamirThreshold: metadata.groups.length > 1 ? metadata.shamirThreshold : 0,
        selection: metadata.rule,
        macOnlyEncrypted: metadata.macOnlyEncrypted,
      };
    } catch {
      return 'refused';
    }
  };
  const withPurser = async (config: string) => {
    const { rules, problems } = await SopsRules.read(config);
    const rule = rules?.ruleFor('apps/db/secret.yaml');
    if (rule === undefined || problems.length > 0 || rule.groups.flat().length === 0) return 'refused';
    const { shamirThreshold, selection, macOnlyEncrypted } = rule;
    const groups = rule.groups.map((group) => group.map(recipientName));
    const wanted = shamirThreshold || (groups.length > 1 ? groups.length : 0);
    return { groups, shamirThreshold: wanted, selection, macOnlyEncrypted };
  };

  it.each(Object.entries(configs))('as Purser does: %s', async (_, text) => {
    const config = text.replace(/\b[ABC]\b/g, (letter) => recipients['ABC'.indexOf(letter)] ?? '');
    expect(await withPurser(config)).toEqual(withSops(config));
  });

  it('and Purser finds the values that it encrypts', async () => {
    const compile = await loadRe2();
    const { rules } = await SopsRules.read(`creation_rules: [{age: ${recipients[0]}, encrypted_regex: ^da}]`);
    const rule = rules?.ruleFor('a.yaml');
    const selects = rule && selectionOf(rule.selection, compile);
    expect(selects?.({ path: ['data', 'a'], comments: [] }, false)).toBe(true);
    expect(rule?.encrypts(['data', 'a'])).toBe(true);
  });
});
