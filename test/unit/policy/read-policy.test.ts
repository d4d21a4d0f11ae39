import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isIgnored, ruleFor } from '../../../src/policy/policy.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';
import { runs, typedManifest } from '../../support/arbitraries.ts';

const complete = `version: 1
rules:
  - path: clusters/prod/**
    scheme: jwe
    keys: [.purser/keys/prod.pub.pem]
    opened-by: webhook
  - path: clusters/dev/**
    scheme: secretbox
    keys: [local:dev-2026]
    opened-by: pipeline
  - path: "**/*.kubeconfig.enc"
    scheme: fernet
    keys: [env:ENCRYPTION_KEY, local:old]
    whole: true
  - path: sealed/**
    scheme: sealed-secrets
    keys: ["certs/prod.pem#SHA256:${'A'.repeat(43)}="]
    scope: namespace-wide
  - path: apps/**
    scheme: sops
ignore: [docs/**]
severity: {no-cluster-opener: off, plaintext-secret: warning, flux/some-rule: information}
`;

describe('a policy', () => {
  const { policy, problems } = readPolicy(complete);

  it('is read whole', () => {
    expect(problems).toEqual([]);
    expect(
      policy.rules.map(({ path, scheme, whole, openedBy, scope, line }) => ({
        path,
        scheme,
        whole,
        openedBy,
        scope,
        line,
      })),
    ).toEqual([
      {
        path: 'clusters/prod/**',
        scheme: 'jwe',
        whole: false,
        openedBy: 'webhook',
        scope: undefined,
        line: 3,
      },
      {
        path: 'clusters/dev/**',
        scheme: 'secretbox',
        whole: false,
        openedBy: 'pipeline',
        scope: undefined,
        line: 7,
      },
      {
        path: '**/*.kubeconfig.enc',
        scheme: 'fernet',
        whole: true,
        openedBy: undefined,
        scope: undefined,
        line: 11,
      },
      {
        path: 'sealed/**',
        scheme: 'sealed-secrets',
        whole: false,
        openedBy: undefined,
        scope: 'namespace-wide',
        line: 15,
      },
      { path: 'apps/**', scheme: 'sops', whole: false, openedBy: undefined, scope: undefined, line: 19 },
    ]);
    expect(policy.rules[2]?.keys).toEqual([
      { kind: 'env', text: 'env:ENCRYPTION_KEY', name: 'ENCRYPTION_KEY' },
      { kind: 'local', text: 'local:old', name: 'old' },
    ]);
    expect(policy.rules[3]?.keys[0]).toMatchObject({
      kind: 'path',
      path: 'certs/prod.pem',
      pin: `SHA256:${'A'.repeat(43)}=`,
    });
    expect([...policy.severity]).toEqual([
      ['no-cluster-opener', 'off'],
      ['plaintext-secret', 'warning'],
      ['flux/some-rule', 'information'],
    ]);
  });

  it('gives the first rule that matches', () => {
    expect(ruleFor(policy, 'clusters/prod/x/a.yaml')?.scheme).toBe('jwe');
    expect(ruleFor(policy, 'clusters/prod/ci.kubeconfig.enc')?.scheme).toBe('jwe');
    expect(ruleFor(policy, 'x/ci.kubeconfig.enc')?.scheme).toBe('fernet');
    expect(ruleFor(policy, 'other/a.yaml')).toBeUndefined();
    expect(isIgnored(policy, 'docs/a/b.yaml')).toBe(true);
    expect(isIgnored(policy, 'src/docs/b.yaml')).toBe(false);
  });

  it('may be as short as this', () => {
    expect(readPolicy('version: 1\n')).toMatchObject({ problems: [], policy: { rules: [], ignore: [] } });
  });

  it('reads CRLF and comments', () => {
    expect(readPolicy(complete.replaceAll('\n', ' # c\r\n')).problems).toEqual([]);
  });
});

const rule = (lines: string) =>
  `version: 1\nrules:\n  - path: a\n    scheme: jwe\n    keys: [k.pem]\n${lines}`;

describe('a policy with a mistake says where and what', () => {
  it.each([
    ['no version', 'rules: []\n', 1, 'version must be 1'],
    ['another version', '# c\nversion: 2\n', 2, 'version must be 1'],
    ['a version in quotes', 'version: "1"\n', 1, 'version must be 1'],
    [
      'an unknown key at the top',
      'version: 1\ncolour: red\n',
      2,
      'unknown key "colour"; the policy has version, rules, ignore, severity',
    ],
    [
      'an unknown key in a rule',
      rule('    schema: jwe\n'),
      6,
      'unknown key "schema"; a rule has path, scheme, keys, whole, opened-by, scope',
    ],
    [
      'an unknown scheme',
      'version: 1\nrules:\n  - path: a\n    scheme: rot13\n    keys: [k]\n',
      4,
      'scheme must be one of jwe, fernet, secretbox, sealed-secrets, sops',
    ],
    ['a rule without a path', 'version: 1\nrules:\n  - scheme: jwe\n    keys: [k]\n', 3, 'path must be text'],
    [
      'a path that is a number',
      'version: 1\nrules:\n  - path: 1\n    scheme: jwe\n    keys: [k]\n',
      3,
      'path must be text',
    ],
    [
      'a rule without a scheme',
      'version: 1\nrules:\n  - path: a\n    keys: [k]\n',
      3,
      'scheme must be one of',
    ],
    [
      'a rule without keys',
      'version: 1\nrules:\n  - path: a\n    scheme: fernet\n',
      3,
      'keys must name at least one key',
    ],
    [
      'a rule with no keys',
      'version: 1\nrules:\n  - path: a\n    scheme: fernet\n    keys: []\n',
      5,
      'keys must name at least one key',
    ],
    [
      'keys that are no list',
      'version: 1\nrules:\n  - path: a\n    scheme: fernet\n    keys: k\n',
      5,
      'keys must be a list',
    ],
    [
      'a key that is no reference',
      'version: 1\nrules:\n  - path: a\n    scheme: fernet\n    keys: ["local:../../x"]\n',
      5,
      'a key name is 1 to 63 letters',
    ],
    [
      'a key that is no text',
      'version: 1\nrules:\n  - path: a\n    scheme: fernet\n    keys: [[k]]\n',
      5,
      'keys must be text',
    ],
    [
      'a bad pin',
      'version: 1\nrules:\n  - path: a\n    scheme: jwe\n    keys: ["k.pem#SHA256:abc"]\n',
      5,
      'a pin is SHA256: and 43 or 44 characters of base64',
    ],
    ['whole that is no boolean', rule('    whole: "yes"\n'), 6, 'whole must be true or false'],
    ['whole in YAML 1.1', rule('    whole: yes\n'), 6, 'whole must be true or false'],
    ['an unknown opener', rule('    opened-by: magic\n'), 6, 'opened-by must be one of webhook, pipeline'],
    [
      'an unknown scope',
      rule('    scope: universe\n'),
      6,
      'scope must be one of strict, namespace-wide, cluster-wide',
    ],
    ['rules that are no list', 'version: 1\nrules: {path: a}\n', 2, 'rules must be a list'],
    ['rules that are nothing', 'version: 1\nrules:\nignore: []\n', 2, 'rules must be a list'],
    ['a rule that is text', 'version: 1\nrules:\n  - a\n', 3, 'a rule must be a mapping'],
    ['ignore that is text', 'version: 1\nignore: docs\n', 2, 'ignore must be a list'],
    ['an ignore that is a number', 'version: 1\nignore: [1]\n', 2, 'ignore must be text'],
    ['an unknown finding', 'version: 1\nseverity:\n  plain-text: off\n', 3, 'there is no rule "plain-text"'],
    [
      'an unknown severity',
      'version: 1\nseverity:\n  plaintext-secret: loud\n',
      3,
      '"plaintext-secret" must be one of error, warning, information, off',
    ],
    [
      'a severity that is a boolean',
      'version: 1\nseverity: {plaintext-secret: false}\n',
      2,
      '"plaintext-secret" must be one of',
    ],
    ['a key that stands twice', 'version: 1\nignore: []\nignore: []\n', 3, '"ignore" stands twice'],
    [
      'a glob of too many alternatives',
      `version: 1\nignore: ["${'{a,b}'.repeat(10)}"]\n`,
      2,
      'ignore has too many alternatives',
    ],
    ['an alias', 'version: 1\nrules: &r []\nignore: *r\n', 3, 'ignore must be a list'],
    ['no YAML', 'version: 1\nrules: [\n', 3, 'this is not YAML'],
    ['two documents', 'version: 1\n---\nversion: 1\n', 2, 'this is not YAML'],
    ['nothing at all', '', 1, 'the policy is empty'],
    ['a list', '- version: 1\n', 1, 'the policy must be a mapping'],
  ])('%s', (_, text, line, message) => {
    const { problems } = readPolicy(text);
    expect(problems.map((problem) => problem.line)).toContain(line);
    expect(
      problems.find((problem) => problem.line === line && problem.message.includes(message)),
      JSON.stringify(problems),
    ).toBeDefined();
  });

  it('keeps the rules that can be read, for finding', () => {
    const { policy } = readPolicy(`${complete}colour: red\n`);
    expect(policy.rules).toHaveLength(5);
  });

  it('shows no more of a long name than tells it', () => {
    const [problem] = readPolicy(`version: 1\n${'x'.repeat(10_000)}: 1\n`).problems;
    expect(problem?.message.length).toBeLessThan(200);
  });
});

describe('a hostile policy', () => {
  it('never makes the reader throw', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      typedManifest,
      fc
        .tuple(fc.nat(), fc.string({ maxLength: 4 }))
        .map(
          ([at, what]) =>
            complete.slice(0, at % complete.length) + what + complete.slice(at % complete.length),
        ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { problems } = readPolicy(text);
        for (const { line } of problems) expect(line).toBeGreaterThan(0);
      }),
      runs(200),
    );
  });

  it.each([
    ['deep nesting', `version: 1\nrules: ${'['.repeat(500_000)}`],
    [
      'an alias bomb',
      `version: 1\n${Array.from(
        { length: 30 },
        (_, i) =>
          `a${i}: &a${i} [${
            i === 0
              ? 'x'
              : Array(9)
                  .fill(`*a${i - 1}`)
                  .join(',')
          }]`,
      ).join('\n')}\n`,
    ],
    ['20,000 keys', `version: 1\n${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')}\n`],
    ['one key 20,000 times', `version: 1\n${'k: 1\n'.repeat(20_000)}`],
    ['__proto__', 'version: 1\n__proto__: {polluted: true}\nconstructor: 1\nseverity: {__proto__: off}\n'],
  ])('with %s is read in no time, with problems', (_, text) => {
    const before = process.cpuUsage();
    expect(readPolicy(text).problems.length).toBeGreaterThan(0);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
