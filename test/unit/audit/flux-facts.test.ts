import { describe, expect, it } from 'vitest';
import { fluxFacts } from '../../../src/audit/flux-facts.ts';
import { scan } from '../../../src/manifest/scan.ts';

const facts = (text: string, name = 'a.yaml') => fluxFacts(scan(text), name);

describe('what a file adds to what Flux applies', () => {
  it('is nothing for most files', () => {
    for (const text of [
      '',
      'kind: ConfigMap\ndata: {a: b}\n',
      'kind: Deployment\n',
      '- a\n',
      '{{ x }}: {',
      '[[',
    ])
      expect(facts(text)).toBeUndefined();
  });

  it('is a Kustomization with its path, its source and its keys', () => {
    const text =
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: team}\nspec:\n  path: ./x\n  sourceRef: {kind: GitRepository, name: main, namespace: flux-system}\n  decryption: {provider: sops, secretRef: {name: keys}}\n';
    const [one] = facts(text)?.kustomizations ?? [];
    expect(one).toMatchObject({ path: './x', source: 'GitRepository/flux-system/main', decrypts: true });
    expect(one?.secret?.name).toBe('keys');
    expect(text.slice(one?.secret?.span.start, one?.secret?.span.end)).toBe('keys');
    expect(text.slice(one?.span.start, one?.span.end)).toBe('Kustomization');
    // The source is in the Kustomization's namespace unless it says otherwise.
    const [own] = facts(text.replace(', namespace: flux-system}', '}'))?.kustomizations ?? [];
    expect(own?.source).toBe('GitRepository/team/main');
  });

  it('is what a kustomization builds, under the names that kustomize reads', () => {
    const text = 'resources: [a.yaml, ../b]\ncomponents: [c]\nbases:\n- d\nconfigMapGenerator: []\n';
    for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization'])
      expect(facts(text, name)?.builds).toEqual(['a.yaml', '../b', 'c', 'd']);
    expect(facts(text, 'x.yaml')).toBeUndefined();
  });

  it('is the names of Secrets, without what is in them', () => {
    const text = 'kind: Secret\nmetadata: {name: a}\nstringData: {name: hunter2}\n';
    expect(facts(text)).toMatchObject({ secrets: ['a'], sealed: false });
    expect(JSON.stringify(facts(text))).not.toContain('hunter2');
  });
});
