import { describe, expect, it } from 'vitest';
import { sopsByDefault } from '../../../src/policy/sops-rule.ts';
import { SopsRules } from '../../../src/policy/sops-rules.ts';

/** Whether a rule matches; undefined for what may mean anything. */
const matched = async (text: string, path = 'apps/db/secret.yaml') => {
  const { rules: read } = await SopsRules.read(text);
  return read && read.ruleFor(path) !== undefined;
};
const rules = (...lines: readonly string[]) =>
  `creation_rules:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('a .sops.yaml', () => {
  it.each([
    ['a rule without a pattern', rules('age: age1x'), true],
    ['a pattern that matches', rules('path_regex: \\.yaml$'), true],
    ['a pattern that matches in the middle', rules('path_regex: db/se'), true],
    ['a pattern that does not match', rules('path_regex: ^secret'), false],
    ['the second of two rules', rules('path_regex: ^x', 'path_regex: ^apps/'), true],
    ['a pattern behind an alias', `x: &p ^nope\n${rules('path_regex: *p')}`, false],
    ['a pattern of RE2', rules('path_regex: (?i)APPS/.*\\.YAML'), true],
    ['a pattern with a group that Go names', rules('path_regex: (?P<env>apps|dev)/'), true],
    ['a pattern that is a number', rules('path_regex: 7'), false],
    ['a pattern that RE2 does not know', rules('path_regex: (?=apps)'), false],
    ['a pattern that is broken', rules('path_regex: "("'), false],
    ['no rules', 'stores: {}\n', false],
    ['rules that are no list', 'creation_rules: {path_regex: a}\n', false],
    ['a rule that is text', rules('apps'), false],
    ['nothing', '', false],
    ['a list', '- path_regex: a\n', false],
    ['no YAML, which may mean anything', 'creation_rules: [', undefined],
    ['deep nesting, which may mean anything', '['.repeat(500_000), undefined],
  ])('%s', async (_, text, matches) => {
    expect(await matched(text)).toBe(matches);
  });

  it.each(['(a+)+$', '(a|a)*$', '(.*a){25}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'with the catastrophic pattern %s is judged in no time',
    async (pattern) => {
      const before = process.cpuUsage();
      await matched(rules(`path_regex: '${pattern}'`), `${'a'.repeat(3000)}!`);
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
    },
  );
});

describe('what a creation rule encrypts', () => {
  const encrypts = async (rule: string, ...path: readonly string[]) =>
    (await SopsRules.read(rules(`{${rule}}`))).rules?.ruleFor('a.yaml')?.encrypts(path);

  it.each([
    ['age: age1x', 'password', true],
    ['age: age1x', 'note_unencrypted', false],
    ['unencrypted_suffix: _clear', 'note_unencrypted', true],
    ['unencrypted_suffix: _clear', 'note_clear', false],
    ['encrypted_suffix: _secret', 'password', false],
    ['encrypted_suffix: _secret', 'db_secret', true],
    ['encrypted_regex: ^(data|stringData)$', 'password', true],
    ['encrypted_regex: ^data$', 'password', false],
    ['encrypted_regex: pass', 'password', true],
    ['unencrypted_regex: ^user', 'username', false],
    ['unencrypted_regex: ^user', 'password', true],
    ['encrypted_regex: (?i)PASS', 'password', true],
    // A broken pattern matches nothing.
    ['encrypted_regex: "("', 'password', false],
    ['unencrypted_regex: "("', 'password', true],
    ['encrypted_regex: ""', 'password', true],
    // What stands in comments, and what SOPS refuses, cannot be told.
    ['encrypted_comment_regex: sops', 'password', undefined],
    ['encrypted_regex: ^data$, unencrypted_regex: ^x$', 'password', undefined],
  ])('{%s} says of stringData.%s: %s', async (rule, key, encrypted) => {
    expect(await encrypts(rule, 'stringData', key)).toBe(encrypted);
  });

  it('is that of the first rule whose path matches', async () => {
    const { rules: read } = await SopsRules.read(
      rules('{path_regex: ^db/, encrypted_regex: ^a$}', '{encrypted_regex: ^b$}'),
    );
    expect(['db/x.yaml', 'x.yaml'].map((path) => read?.ruleFor(path)?.encrypts(['data', 'b']))).toEqual([
      false,
      true,
    ]);
  });

  it('is everything but what is called _unencrypted where there is no rule', () => {
    expect(sopsByDefault.encrypts(['data', 'a'])).toBe(true);
    expect(sopsByDefault.encrypts(['data_unencrypted', 'a'])).toBe(false);
  });
});
