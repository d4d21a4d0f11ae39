import { describe, expect, it } from 'vitest';
import { isIgnored, ruleFor } from '../../../src/policy/policy.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';

const example = `version: 1
rules:
  - path: clusters/prod/**
    scheme: jwe
    keys: [.purser/keys/prod.pub.pem]
    opened-by: webhook
  - path: clusters/**
    scheme: secretbox
    keys: [local:dev-2026, env:OLD]
    opened-by: pipeline
  - path: "**/*.kubeconfig.enc"
    scheme: fernet
    keys: [env:ENCRYPTION_KEY]
    whole: true
  - path: sealed/**
    scheme: sealed-secrets
    keys: [.purser/certs/prod.pem]
    scope: namespace-wide
  - path: apps/**
    scheme: sops
ignore: [docs/**]
severity: {no-cluster-opener: off, plaintext-secret: warning, at-rest/identity-first: information}
`;

describe('a policy', () => {
  it('reads as the contract has it', () => {
    const { policy, problems } = readPolicy(example);
    expect(problems).toEqual([]);
    expect(
      policy.rules.map(({ scheme, whole, openedBy, scope, line }) => [scheme, whole, openedBy, scope, line]),
    ).toEqual([
      ['jwe', false, 'webhook', 'strict', 3],
      ['secretbox', false, 'pipeline', 'strict', 7],
      ['fernet', true, undefined, 'strict', 11],
      ['sealed-secrets', false, undefined, 'namespace-wide', 15],
      ['sops', false, undefined, 'strict', 19],
    ]);
    expect([...policy.severity]).toEqual([
      ['no-cluster-opener', 'off'],
      ['plaintext-secret', 'warning'],
      ['at-rest/identity-first', 'information'],
    ]);
  });

  it('lets the first rule that matches decide', () => {
    const { policy } = readPolicy(example);
    expect(ruleFor(policy, 'clusters/prod/a.yaml')?.scheme).toBe('jwe');
    expect(ruleFor(policy, 'clusters/dev/a.yaml')?.scheme).toBe('secretbox');
    expect(ruleFor(policy, 'other/a.yaml')).toBeUndefined();
    expect(isIgnored(policy, 'docs/a.yaml')).toBe(true);
    expect(isIgnored(policy, 'a/docs/a.yaml')).toBe(false);
  });

  it.each([
    ['', 1, 'empty'],
    ['version: 2\n', 1, 'version must be 1'],
    ['rules: []\n', 1, 'version must be 1'],
    ['version: 1\nrule: []\n', 2, 'unknown key'],
    ['version: 1\nrules: {}\n', 2, 'must be a list'],
    ['version: 1\nrules:\n  - path: a\n    scheme: jwe\n', 3, 'at least one key'],
    ['version: 1\nrules:\n  - path: a\n    scheme: rot13\n    keys: [local:a]\n', 4, 'must be one of'],
    ['version: 1\nrules:\n  - scheme: sops\n', 3, 'path must be text'],
    ['version: 1\nrules:\n  - path: a\n    scheme: jwe\n    keys: [local:../../x]\n', 5, 'key name'],
    ['version: 1\nrules:\n  - path: a\n    scheme: sops\n    whole: maybe\n', 5, 'true or false'],
    ['version: 1\nrules:\n  - path: a\n    scheme: sops\n    opened-by: magic\n', 5, 'webhook'],
    ['version: 1\nseverity: {no-such-rule: off}\n', 2, 'no rule'],
    ['version: 1\nseverity: {plaintext-secret: fatal}\n', 2, 'must be one of'],
    ['version: 1\nignore: docs\n', 2, 'must be a list'],
    ['version: 1\nrules: [\n', 2, ''],
  ])('says what is wrong with %j, at the line', (text, line, message) => {
    const { problems } = readPolicy(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.some((problem) => problem.line >= line && problem.message.includes(message))).toBe(true);
  });

  it('is not taken in by keys that objects have of themselves', () => {
    const { problems } = readPolicy('version: 1\n__proto__: {polluted: true}\nconstructor: 1\n');
    expect(problems.length).toBe(2);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('survives an alias bomb', () => {
    const bomb = `version: 1\na: &a [x,x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`)
      .join('\n')}\n`;
    expect(readPolicy(bomb).problems.length).toBeGreaterThan(0);
  });
});
