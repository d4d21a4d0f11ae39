import { describe, expect, it } from 'vitest';
import { sopsRuleMatches } from '../../../src/policy/sops-rules.ts';

const file = (pattern: string) =>
  `creation_rules:\n  - path_regex: ${JSON.stringify(pattern)}\n    age: age1example\n`;

describe('a rule of .sops.yaml', () => {
  it.each([
    ['clusters/.*\\.yaml$', 'clusters/a.yaml', true],
    ['clusters/.*\\.yaml$', 'apps/a.yaml', false],
    ['prod', 'clusters/prod/a.yaml', true],
    ['(?i)PROD', 'clusters/prod/a.yaml', true],
    ['(?P<env>prod|dev)/', 'clusters/dev/a.yaml', true],
    ['(?=prod)', 'prod', false],
    ['[', 'prod', false],
  ])('%s on %s: %s, as Go has it', async (pattern, path, expected) => {
    expect(await sopsRuleMatches(file(pattern), path)).toBe(expected);
  });

  it('without a pattern matches everything; without rules nothing does', async () => {
    expect(await sopsRuleMatches('creation_rules:\n  - age: age1example\n', 'any')).toBe(true);
    expect(await sopsRuleMatches('stores: {}\n', 'any')).toBe(false);
  });

  it('takes no exponential time, whatever a repository writes', async () => {
    expect(await sopsRuleMatches(file('(a+)+$'), `${'a'.repeat(5000)}!`)).toBe(false);
  });
});
