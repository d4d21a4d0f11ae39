import { describe, expect, it } from 'vitest';
import { addRule } from '../../../src/policy/add-rule.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';

const rule = { path: 'apps/**', scheme: 'jwe', key: '.purser/keys/a.pub.pem' } as const;

describe('adding a rule', () => {
  it('makes a policy where there is none', () => {
    const { policy, problems } = readPolicy(addRule(undefined, rule));
    expect(problems).toEqual([]);
    expect(policy.rules.map(({ path }) => path)).toEqual(['apps/**']);
  });

  it.each([
    [
      'after the others',
      'version: 1\nrules:\n  # first\n  - path: a\n    scheme: sops # as ever\nignore: [x]\n',
    ],
    ['at the margin', 'version: 1\nrules:\n- path: a\n  scheme: sops\n'],
    ['without a last line break', 'version: 1\nrules:\n  - path: a\n    scheme: sops'],
    ['with CRLF', 'version: 1\r\nrules:\r\n  - path: a\r\n    scheme: sops\r\nignore: []\r\n'],
    ['where there are no rules', 'version: 1\n# nothing yet\n'],
  ])('puts it %s and changes nothing else', (_name, before) => {
    const after = addRule(before, rule);
    const { policy, problems } = readPolicy(after);
    expect(problems).toEqual([]);
    expect(policy.rules.at(-1)).toMatchObject({ path: 'apps/**', scheme: 'jwe' });
    expect(policy.rules.length).toBe(readPolicy(before).policy.rules.length + 1);
    const lines = new Set(after.split(/\r?\n/));
    for (const line of before.split(/\r?\n/)) expect(lines).toContain(line);
    if (before.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('refuses a policy that cannot be followed', () => {
    expect(() => addRule('version: 3\n', rule)).toThrow('policy.invalid');
    expect(() => addRule('version: 1\nrules: [{path: a, scheme: sops}]\n', rule)).toThrow('policy.invalid');
  });
});
