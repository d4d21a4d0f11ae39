import { describe, expect, it } from 'vitest';
import { sealedIn } from '../../../../src/app/clusters/sealed-kubeconfigs.ts';
import { isConcerned, lookThrough, report, type ScannedFile } from '../../../../src/app/scan-file.ts';
import type { AppliedRule } from '../../../../src/audit/audited-file.ts';
import { toBase64 } from '../../../../src/core/bytes.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { readPolicy } from '../../../../src/policy/read-policy.ts';
import { example } from '../../../e2e/ui/sample.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { secretYaml } from '../../../support/workspace.ts';
import { schemeCases } from '../../schemes/schemes.ts';

const registry = allSchemes();
const bytesOf = (text: string) => new TextEncoder().encode(text);
const tokens = new Map<string, string>();
for (const { title, scheme, seals } of schemeCases)
  tokens.set(
    title,
    (await (await scheme.load()).token?.seal(Plaintext.fromText('kind: Config\n'), seals)) ?? '',
  );
const token = tokens.get('fernet') ?? '';

/** What the scan reports of a file, if it would read it. */
function found(name: string, text: string | Uint8Array, rule?: AppliedRule) {
  const policy = rule && { rule, recipients: undefined };
  const file: ScannedFile = { name, path: () => `/repo/${name}`, policy, severity: new Map() };
  const bytes = typeof text === 'string' ? bytesOf(text) : text;
  return isConcerned(file, bytes) ? report(lookThrough(file, bytes, registry), registry) : undefined;
}
const kubeconfigs = (...given: Parameters<typeof found>) => found(...given)?.kubeconfigs ?? [];
const whole = (path: string): AppliedRule => ({ path, scheme: 'fernet', whole: true, openedBy: undefined });

describe('a file that is one ciphertext', () => {
  it.each([...tokens])('of %s is found by its name', (_title, sealed) => {
    const report = found('prod.kubeconfig.enc', `\n${sealed}\n`);
    expect(report?.kubeconfigs).toMatchObject([
      { path: '/repo/prod.kubeconfig.enc', entry: undefined, object: undefined },
    ]);
    expect(report?.sealed).toBe(true);
    expect(report?.findings).toEqual([]);
  });

  it.each([
    'kubeconfig',
    'kube-config.yaml',
    'KubeConfig-prod.token',
    'ci.kube.config.enc',
    'prod.kubeconfig',
  ])('is found as %s', (name) => expect(kubeconfigs(name, token)).toHaveLength(1));

  it('is found where the sample workspace has it encrypted', async () => {
    const rule = readPolicy(await example('.purser.yaml')).policy.rules.find(({ whole }) => whole);
    const clear = await example('access/ci.kubeconfig.enc');
    expect(found('ci.kubeconfig.enc', clear, rule)).toMatchObject({
      kubeconfigs: [],
      findings: [{ rule: 'unencrypted-by-policy' }],
    });
    expect(kubeconfigs('ci.kubeconfig.enc', token, rule)).toHaveLength(1);
  });

  it('is found by the glob of a rule that wants it sealed as a whole', () => {
    expect(kubeconfigs('prod.enc', token, whole('kubeconfigs/**'))).toHaveLength(1);
    expect(kubeconfigs('prod.enc', token, whole('secrets/**'))).toEqual([]);
    expect(kubeconfigs('prod.enc', token, { ...whole('kubeconfigs/**'), whole: false })).toEqual([]);
  });

  it.each([
    ['in clear', 'kind: Config\nusers: []\n'],
    ['damaged', token.slice(0, -4)],
    ['in a sentence', `the token is ${token}`],
    ['empty', ''],
  ])('is none where it is %s', (_what, text) => expect(kubeconfigs('prod.kubeconfig.enc', text)).toEqual([]));

  it('that another tool made is no problem', () => {
    const binary = new Uint8Array([0x53, 0x61, 0x6c, 0x74, 0, 1, 2, 3]);
    expect(found('prod.kubeconfig.enc', binary)).toBeUndefined();
  });
});

describe('an encrypted entry of a Secret', () => {
  it.each([
    ['ci', 'kubeconfig'],
    ['ci', 'prod.kubeconfig'],
    ['ci', 'kubeconfig.yaml'],
    ['ci', 'KUBECONFIG'],
    ['ci', 'admin.conf'],
    ['shop-kubeconfig', 'value'],
    ['shop-kubeconfig', 'value.yaml'],
  ])('of Secret %s is found under %s', (name, key) => {
    const text = secretYaml(name, { other: token, [key]: token });
    expect(kubeconfigs('a.yaml', text)).toEqual([
      { path: '/repo/a.yaml', scheme: 'fernet', entry: `stringData.${key}`, object: `Secret/db/${name}` },
    ]);
  });

  it('is found in data, where it is encoded once more', () => {
    const text = secretYaml('ci', { kubeconfig: toBase64(bytesOf(token)) }).replace('stringData', 'data');
    expect(kubeconfigs('a.yaml', text)).toMatchObject([{ entry: 'data.kubeconfig' }]);
  });

  it('is found once where it stands twice under the same name', () => {
    const text = secretYaml('ci', { kubeconfig: token });
    expect(kubeconfigs('a.yaml', `${text}---\n${text}`)).toHaveLength(1);
  });

  it.each([
    ['ci', 'value', token],
    ['shop-kubeconfig', 'password', token],
    ['ci', 'kubeconfig', 'kind: Config'],
  ])('of Secret %s is none under %s', (name, key, value) =>
    expect(kubeconfigs('a.yaml', secretYaml(name, { [key]: value }))).toEqual([]),
  );
});

it('takes everything sealed for one, where the person says so', () => {
  expect(sealedIn(token, '/repo/x', registry)).toEqual([
    { path: '/repo/x', scheme: 'fernet', entry: undefined, object: undefined },
  ]);
  const entries = sealedIn(secretYaml('main', { a: token, b: 'clear', c: token }), '/repo/x', registry);
  expect(entries.map(({ entry, object }) => [object, entry])).toEqual([
    ['Secret/db/main', 'stringData.a'],
    ['Secret/db/main', 'stringData.c'],
  ]);
  expect(sealedIn('kind: Config\n', '/repo/x', registry)).toEqual([]);
});
