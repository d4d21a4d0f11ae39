import { describe, expect, it } from 'vitest';
import { sopsRuleMatches } from '../../../src/policy/sops-rules.ts';

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
    ['no YAML, which may mean anything', 'creation_rules: [', true],
    ['deep nesting, which may mean anything', '['.repeat(20_000), true],
  ])('%s', async (_, text, matches) => {
    expect(await sopsRuleMatches(text, 'apps/db/secret.yaml')).toBe(matches);
  });

  it.each(['(a+)+$', '(a|a)*$', '(.*a){25}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'with the catastrophic pattern %s is judged in no time',
    async (pattern) => {
      const started = performance.now();
      await sopsRuleMatches(rules(`path_regex: '${pattern}'`), `${'a'.repeat(3000)}!`);
      expect(performance.now() - started).toBeLessThan(3000);
    },
  );
});
