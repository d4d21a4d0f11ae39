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
