import { expect, it } from 'vitest';
import type { PolicyAnswer } from '../../../src/app/policy-finder.ts';
import { jweScheme } from '../../../src/schemes/jwe.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { rangeOf } from '../../../src/vscode/positions.ts';
import { QuickFixes } from '../../../src/vscode/quick-fixes.ts';
import { fakeDocument, Uri } from '../../support/fake-vscode.ts';
import { manifestsUnder } from '../../support/manifests.ts';
import { secretYaml } from '../../support/workspace.ts';

const registry = new SchemeRegistry([jweScheme(), secretboxScheme()]);
const kubeconfig = `apiVersion: v1
kind: Config
clusters: []
users:
- name: ci
  user:
    token: Zk3uXq9rT2vLw8sBn5yHc7dJ4mGp6aE1
`;

async function fixesFor(text: string, languageId = 'yaml', answer?: Partial<PolicyAnswer>) {
  const document = fakeDocument(text, '/repo/file.yaml', languageId) as never;
  const manifests = manifestsUnder(answer, registry);
  await manifests.policyOf(document);
  const { findings } = manifests.examine(document);
  const diagnostics = findings.map(({ rule, span }) => ({
    source: 'purser',
    range: rangeOf(document, span),
    code: { value: rule, target: Uri.file(`/docs/${rule}.md`) },
  }));
  const fixes = new QuickFixes(manifests);
  return fixes.provideCodeActions(document, undefined as never, { diagnostics } as never);
}

const titles = (actions: readonly { readonly title: string }[]) => actions.map(({ title }) => title);

it('offers to encrypt what stands in a Secret, by policy first', async () => {
  const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });
  expect(titles(await fixesFor(clear))).toEqual([
    'Encrypt this value',
    'Encrypt this Secret',
    'Ignore with a reason…',
  ]);
});

it('offers to ignore, and the page of the rule, where nothing can be sealed in its place', async () => {
  const fixes = await fixesFor(kubeconfig);
  expect(titles(fixes)).toEqual(['Ignore with a reason…', 'What plaintext-kubeconfig is about']);
  expect(fixes.at(-1)?.command).toMatchObject({ command: 'markdown.showPreview' });
  expect(JSON.stringify(fixes)).not.toContain('Zk3uXq9r');
});

it('offers no comment in JSON, which has none', async () => {
  const json = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [],
    users: [{ name: 'ci', user: { token: 'Zk3uXq9rT2vLw8sBn5yHc7dJ4mGp6aE1' } }],
  });
  expect(titles(await fixesFor(json, 'json'))).toEqual(['What plaintext-kubeconfig is about']);
});

/** A ciphertext as far as it is recognised. */
const box = (key: string, letter: string) =>
  `k8s:enc:secretbox:v1:${key}:${Buffer.from(letter.repeat(60)).toString('base64')}`;
const policyRule = {
  path: '**',
  scheme: 'secretbox',
  keys: [],
  whole: false,
  openedBy: undefined,
  scope: 'strict',
  line: 3,
} as const;
const underPolicy = {
  root: '/repo',
  base: '/repo',
  file: '/repo/.purser.yaml',
  rule: policyRule,
  ignored: false,
};
const placeOf = (fixes: readonly { readonly command?: unknown }[]) => JSON.stringify(fixes[0]?.command);

it('offers to set a value again that is sealed with another scheme than policy says', async () => {
  const text = secretYaml('main', { password: box('one', 'a') });
  const answer = { ...underPolicy, rule: { ...policyRule, scheme: 'jwe', openedBy: 'webhook' } } as const;
  const fixes = await fixesFor(text, 'yaml', answer);
  expect(titles(fixes)).toEqual([
    'Set the value again…',
    'Ignore with a reason…',
    'What wrong-scheme is about',
  ]);
  expect(placeOf(fixes)).toContain('"purser.setValue"');
  expect(placeOf(fixes)).toContain(`"offset":${text.indexOf('password')}`);
});

it('offers to set a file again that is one ciphertext of another scheme, or was made for a value', async () => {
  const answer = { ...underPolicy, rule: { ...policyRule, scheme: 'jwe', whole: true } } as const;
  const other = await fixesFor(box('one', 'a'), 'yaml', answer);
  expect(titles(other)).toEqual(['Set the file again…', 'What wrong-scheme is about']);
  expect(placeOf(other)).toContain('"purser.setFile"');
  const header = { alg: 'dir', enc: 'A256GCM', purser: { for: 'prod/db#password' } };
  const token = `${Buffer.from(JSON.stringify(header)).toString('base64url')}..${'A'.repeat(16)}.AAAA.${'A'.repeat(22)}`;
  const moved = await fixesFor(token, 'yaml', answer);
  expect(titles(moved)).toEqual(['Set the file again…', 'What moved-ciphertext is about']);
  expect(placeOf(moved)).toContain('"purser.setFile"');
});

it('offers to say what opens a Secret in the cluster, where a rule can say it', async () => {
  const text = secretYaml('main', { password: box('one', 'a') });
  const fixes = await fixesFor(text, 'yaml', underPolicy);
  expect(titles(fixes).slice(0, 3)).toEqual([
    'Say what opens it in the cluster…',
    'Ignore with a reason…',
    'What no-cluster-opener is about',
  ]);
  expect(titles(await fixesFor(text))).toEqual(['Ignore with a reason…', 'What no-cluster-opener is about']);
});

it('offers to set a value again that ends with a newline, but not one that another wins over', async () => {
  const host = Buffer.from('db.example.com\n').toString('base64');
  const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  host: ${host}\n`;
  expect(titles(await fixesFor(text))).toEqual([
    'Set the value again…',
    'Ignore with a reason…',
    'What value-pitfall is about',
  ]);
  const twice = `${text}stringData:\n  host: db.example.com\n`;
  expect(titles(await fixesFor(twice))).not.toContain('Set the value again…');
});

it('offers to set a value again that stands in another place too', async () => {
  const token = box('one', 'a');
  const text = secretYaml('main', { password: token });
  const document = fakeDocument(text, '/repo/file.yaml', 'yaml') as never;
  const manifests = manifestsUnder(undefined, registry);
  const start = text.indexOf(`"${token}`);
  const range = rangeOf(document, { start, end: start + token.length + 2 });
  const code = { value: 'copied-ciphertext', target: Uri.file('/docs/copied-ciphertext.md') };
  const diagnostics = [{ source: 'purser', range, code }];
  const fixes = await new QuickFixes(manifests).provideCodeActions(
    document,
    undefined as never,
    {
      diagnostics,
    } as never,
  );
  expect(titles(fixes)).toEqual(['Set the value again…', 'What copied-ciphertext is about']);
  expect(placeOf(fixes)).toContain(`"offset":${text.indexOf('password')}`);
  expect(JSON.stringify(fixes)).not.toContain(token);
});

it('offers to encrypt a file that is to be sealed as a whole', async () => {
  const rule = {
    path: '**',
    scheme: 'secretbox',
    keys: [],
    whole: true,
    openedBy: 'pipeline',
    scope: 'strict',
    line: 1,
  } as const;
  const answer = { root: '/repo', base: '/repo', file: '/repo/.purser.yaml', rule, ignored: false };
  expect(titles(await fixesFor(kubeconfig, 'yaml', answer))).toEqual(['Encrypt this file (secretbox)']);
});
