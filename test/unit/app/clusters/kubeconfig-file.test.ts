import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fileNameFor,
  folderForKubeconfigs,
  globForKubeconfigs,
  isFileName,
  withKubeconfigRule,
} from '../../../../src/app/clusters/kubeconfig-file.ts';
import { matchesGlob } from '../../../../src/policy/glob.ts';
import { ruleFor } from '../../../../src/policy/policy.ts';
import { readPolicy } from '../../../../src/policy/read-policy.ts';

const sealed = (path: string, entry?: string) => ({
  path,
  scheme: 'fernet' as const,
  entry,
  object: undefined,
});
const below = (path: string) => path.replace(/^\/repo\//, '');

it('makes a file name of any context', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (context) =>
      isFileName(fileNameFor(context)),
    ),
  );
  expect(fileNameFor('arn:aws:eks:eu-west-1:123:cluster/shop')).toBe(
    'arn-aws-eks-eu-west-1-123-cluster-shop',
  );
  expect(fileNameFor('shop.prod_1')).toBe('shop.prod_1');
  expect(fileNameFor('../..')).toBe('cluster');
});

it.each(['', '.', '..', 'a/b', 'a\\b', '-rf', 'a.', 'a'.repeat(64), 'ä', 'a b', '.hidden'])(
  'does not take %j for a file name',
  (name) => expect(isFileName(name)).toBe(false),
);

it('keeps kubeconfigs where the others are', () => {
  expect(folderForKubeconfigs([], below)).toBe('clusters');
  const others = [
    sealed('/repo/apps/a.yaml', 'stringData.kubeconfig'),
    sealed('/repo/access/ci.kubeconfig.enc'),
  ];
  expect(folderForKubeconfigs(others, below)).toBe('access');
  expect(folderForKubeconfigs([sealed('/repo/ci.kubeconfig.enc')], below)).toBe('');
  expect(folderForKubeconfigs([sealed('../other/ci.kubeconfig.enc')], below)).toBe('clusters');
});

it('has a glob for any folder', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => !/[/\0]/.test(text) && !/^\.+$/.test(text));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 3 }), (parts) =>
      matchesGlob(globForKubeconfigs(parts.join('/')), [...parts, 'x.kubeconfig.enc'].join('/')),
    ),
  );
});

describe('the rule for a new kubeconfig', () => {
  const path = 'clusters/shop.kubeconfig.enc';
  const rule = { path, key: 'local:kubeconfig', first: false };

  it.each([
    ['no policy', undefined],
    [
      'a policy',
      'version: 1\nrules:\n  # ours\n  - path: apps/**\n    scheme: sops # as ever\nseverity: {}\n',
    ],
    ['one without rules', 'version: 1\n'],
    ['CRLF', 'version: 1\r\nrules:\r\n- path: apps/**\r\n  scheme: sops\r\n'],
  ])('makes the file one ciphertext, with %s', (_what, text) => {
    const after = withKubeconfigRule(text, rule);
    const { policy, problems } = readPolicy(after);
    expect(problems).toEqual([]);
    expect(ruleFor(policy, path)).toMatchObject({
      path: 'clusters/*.kubeconfig.enc',
      scheme: 'fernet',
      whole: true,
      keys: [{ text: 'local:kubeconfig' }],
    });
    for (const line of (text ?? '').split('\n')) expect(after.split('\n')).toContain(line);
  });

  it('comes before a rule that would match first, whose comments stay with it', () => {
    const text = 'version: 1\nrules: # in order\n  # all else\n  - path: clusters/**\n    scheme: sops\n';
    expect(() => withKubeconfigRule(text, rule)).toThrow('edit.unverified');
    const after = withKubeconfigRule(text, { ...rule, first: true });
    expect(after).toBe(
      'version: 1\nrules: # in order\n  - path: "clusters/*.kubeconfig.enc"\n    scheme: fernet\n    keys: ["local:kubeconfig"]\n    whole: true\n  # all else\n  - path: clusters/**\n    scheme: sops\n',
    );
    expect(ruleFor(readPolicy(after).policy, 'clusters/other.yaml')?.scheme).toBe('sops');
  });

  it('is not added to a policy that cannot be followed', () => {
    expect(() => withKubeconfigRule('version: 3\n', rule)).toThrow('policy.invalid');
  });
});
