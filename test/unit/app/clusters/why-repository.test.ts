import { describe, expect, it } from 'vitest';
import { FluxRepository, mayMatter } from '../../../../src/app/clusters/why-repository.ts';
import { sealedTo } from '../../../support/sealed-to.ts';

const sealed = sealedTo([['age1x']]);
const json = '{"kind": "Secret",\n  "a": "ENC[AES256_GCM,x]",\n  "sops": {}}';
const kustomization = (name: string, path: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec:
  path: ${path}
  sourceRef: {kind: GitRepository, name: main}
`;
const repository = new FluxRepository([
  { path: 'clusters/prod/apps.yaml', text: kustomization('apps', './apps') },
  { path: 'clusters/prod/all.yaml', text: kustomization('all', '') },
  { path: 'clusters/prod/infra.yaml', text: kustomization('infra', 'infra/prod') },
  { path: 'apps/b.yaml', text: sealed },
  { path: 'apps/deep/a.yml', text: sealed },
  { path: 'apps/deep/not-named.json', text: json },
  { path: 'infra/prod/named.json', text: json },
  { path: 'apps/plain.yaml', text: 'kind: Secret\nstringData: {a: b}\n' },
  {
    path: 'apps/alone.yaml',
    text: sealed.replace('name: db', 'annotations: {kustomize.toolkit.fluxcd.io/decrypt: disabled}'),
  },
  {
    path: 'infra/prod/kustomization.yaml',
    text: `resources: [../base, named.yaml, named.json]
secretGenerator:
  - name: files
    files: [config=app.enc.yaml, other.enc.json]
  - name: environment
    envs: [env.enc.yaml]
patches:
  - path: patch.yaml
    target: {kind: Secret}
`,
  },
  { path: 'infra/prod/named.yaml', text: sealed },
  { path: 'infra/prod/app.enc.yaml', text: sealed },
  { path: 'infra/prod/env.enc.yaml', text: sealed },
  { path: 'infra/prod/patch.yaml', text: sealed },
  { path: 'infra/prod/left-out.yaml', text: sealed },
  { path: 'infra/base/base.yaml', text: sealed },
]);
const paths = (path: string) => repository.sealedFiles(path).map((file) => file.path);

describe('what a Kustomization decrypts', () => {
  it('is every such file at and below its path, but for what Flux is told to leave alone', () => {
    expect(paths('./apps')).toEqual(['apps/b.yaml', 'apps/deep/a.yml']);
  });

  it('is what a kustomization names: resources, files of generators, patches', () => {
    expect(paths('infra/prod/')).toEqual([
      'infra/base/base.yaml',
      'infra/prod/app.enc.yaml',
      'infra/prod/env.enc.yaml',
      'infra/prod/named.json',
      'infra/prod/named.yaml',
      'infra/prod/patch.yaml',
    ]);
  });

  it.each(['../elsewhere', 'nowhere', 'apps/b'])('is nothing in %s', (path) => {
    expect(paths(path)).toEqual([]);
  });
});

it('the Kustomizations that apply a file are those whose path leads to it', () => {
  const appliers = (path: string) =>
    repository.appliersOf(path, repository.kustomizations).map(({ object }) => object.name);
  expect(appliers('apps/b.yaml')).toEqual(['apps', 'all']);
  expect(appliers('infra/base/base.yaml')).toEqual(['all', 'infra']);
  expect(appliers('infra/prod/left-out.yaml')).toEqual([]);
  expect(appliers('apps/plain.yaml')).toEqual([]);
});

it('folders that build each other end', () => {
  const text = (other: string) => `resources: [../${other}, s.yaml]\n`;
  const loop = new FluxRepository([
    { path: 'a/kustomization.yaml', text: text('b') },
    { path: 'b/kustomization.yaml', text: text('a') },
    { path: 'b/s.yaml', text: sealed },
  ]);
  expect(loop.sealedFiles('a').map(({ path }) => path)).toEqual(['b/s.yaml']);
});

it('only files that say anything of it are read', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(mayMatter('a/kustomization.yml', bytes(''))).toBe(true);
  expect(mayMatter('a.yaml', bytes(sealed))).toBe(true);
  expect(mayMatter('a.yaml', bytes(kustomization('a', 'b')))).toBe(true);
  expect(mayMatter('a.yaml', bytes('kind: Deployment'))).toBe(false);
  expect(mayMatter('a.yaml', Buffer.from(`\ufeff${sealed}`, 'utf16le'))).toBe(true);
});
