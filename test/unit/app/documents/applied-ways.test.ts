import { afterEach, describe, expect, it } from 'vitest';
import { type AppliedFile, AppliedRepository } from '../../../../src/app/documents/applied-ways.ts';
import { namespaceOf, possiblePlaces } from '../../../../src/app/documents/sealing-places.ts';
import { fluxFacts } from '../../../../src/audit/flux-facts.ts';
import type { Failure } from '../../../../src/core/errors.ts';
import type { SealingPlace } from '../../../../src/core/sealing-place.ts';
import { scan } from '../../../../src/manifest/scan.ts';
import { AppliedRepositories } from '../../../../src/node/applied-repositories.ts';
import { NodeFiles } from '../../../../src/node/node-files.ts';
import { Workspace } from '../../../support/workspace.ts';

type Tree = Readonly<Record<string, string>>;

function repositoryOf(tree: Tree): AppliedRepository {
  const files = Object.entries(tree).flatMap(([path, text]): readonly AppliedFile[] => {
    const facts = fluxFacts(scan(text), path.split('/').at(-1) ?? '');
    return facts === undefined ? [] : [{ path, ...facts }];
  });
  return new AppliedRepository(files, Object.keys(tree));
}

const flux = (name: string, path: string, spec = '') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  path: ${path}
${spec}  sourceRef:
    kind: GitRepository
    name: flux-system
`;
const secret = 'kind: Secret\nmetadata:\n  name: db\n';
const unstated: SealingPlace = { namespace: '', name: 'db', scope: 'strict' };

/** Where a Secret of this file ends up, or what keeps that from being told. */
function endOf(tree: Tree, path: string, stated: Partial<SealingPlace> = {}) {
  try {
    return namespaceOf({ ...unstated, ...stated }, repositoryOf(tree).waysTo(path));
  } catch (error) {
    const { code, details } = error as Failure;
    return { code, ...details };
  }
}

describe('the namespace a Secret ends up in', () => {
  it.each<[string, Tree, string, { namespace: string; from: string } | undefined]>([
    ['nothing about', { 'a/db.yaml': secret }, 'a/db.yaml', undefined],
    [
      'the kustomization beside it',
      { 'a/db.yaml': secret, 'a/kustomization.yaml': 'namespace: prod\nresources: [./db.yaml]\n' },
      'a/db.yaml',
      { namespace: 'prod', from: 'a/kustomization.yaml' },
    ],
    [
      'a kustomization beside it that does not build it',
      { 'a/db.yaml': secret, 'a/kustomization.yaml': 'namespace: prod\nresources: [other.yaml]\n' },
      'a/db.yaml',
      undefined,
    ],
    [
      'an overlay, which has the last word',
      {
        'base/db.yaml': secret,
        'base/kustomization.yml': 'namespace: base\nresources:\n  - db.yaml\n',
        'overlays/prod/Kustomization': 'namespace: prod\nresources:\n  - ../../base/\n',
      },
      'base/db.yaml',
      { namespace: 'prod', from: 'overlays/prod/Kustomization' },
    ],
    [
      'a component',
      {
        'parts/db.yaml': secret,
        'parts/kustomization.yaml': 'kind: Component\nresources: [db.yaml]\n',
        'prod/kustomization.yaml': 'namespace: prod\ncomponents: [../parts]\n',
      },
      'parts/db.yaml',
      { namespace: 'prod', from: 'prod/kustomization.yaml' },
    ],
    [
      'Flux, of the folder of its kustomization',
      {
        'clusters/main.yaml': flux('apps', './apps', '  targetNamespace: prod\n'),
        'apps/db.yaml': secret,
        'apps/kustomization.yaml': 'namespace: base\nresources: [db.yaml]\n',
      },
      'apps/db.yaml',
      { namespace: 'prod', from: 'clusters/main.yaml' },
    ],
    [
      'Flux, of a folder above without kustomizations',
      {
        'clusters/main.yaml': flux('apps', 'apps/', '  targetNamespace: prod\n'),
        'apps/x/y/db.yaml': secret,
      },
      'apps/x/y/db.yaml',
      { namespace: 'prod', from: 'clusters/main.yaml' },
    ],
    [
      'Flux, where a kustomization on the way leaves it out',
      {
        'clusters/main.yaml': flux('apps', 'apps', '  targetNamespace: prod\n'),
        'apps/x/db.yaml': secret,
        'apps/x/kustomization.yaml': 'resources: [other.yaml]\n',
      },
      'apps/x/db.yaml',
      undefined,
    ],
    [
      'Flux of another repository, whose path is that of any',
      { 'main.yaml': flux('other', './', '  targetNamespace: prod\n'), 'db.yaml': secret },
      'db.yaml',
      undefined,
    ],
    [
      'two overlays that agree',
      {
        'base/db.yaml': secret,
        'base/kustomization.yaml': 'resources: [db.yaml]\n',
        'a/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
        'b/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
      },
      'base/db.yaml',
      { namespace: 'prod', from: 'b/kustomization.yaml' },
    ],
    [
      'a variable that Flux fills in',
      { 'main.yaml': flux('apps', 'apps', '  targetNamespace: ${ns}\n'), 'apps/db.yaml': secret },
      'apps/db.yaml',
      undefined,
    ],
    [
      'kustomizations that build each other',
      {
        'a/db.yaml': secret,
        'a/kustomization.yaml': 'namespace: prod\nresources: [db.yaml, ../b]\n',
        'b/kustomization.yaml': 'resources: [../a]\n',
      },
      'a/db.yaml',
      undefined,
    ],
  ])('by %s', (_name, tree, path, expected) => {
    expect(endOf(tree, path)).toEqual(expected);
  });

  it('is not told where overlays differ', () => {
    const tree = {
      'base/db.yaml': secret,
      'base/kustomization.yaml': 'resources: [db.yaml]\n',
      'dev/kustomization.yaml': 'namespace: dev\nresources: [../base]\n',
      'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
      'plain/kustomization.yaml': 'resources: [../base]\n',
    };
    const refused = endOf(tree, 'base/db.yaml');
    expect(refused).toMatchObject({ code: 'sealing.ambiguous' });
    expect(refused).toHaveProperty(
      'namespaces',
      expect.arrayContaining([
        'dev (dev/kustomization.yaml)',
        'prod (prod/kustomization.yaml)',
        'no namespace (plain/kustomization.yaml)',
      ]),
    );
    expect(endOf(tree, 'base/db.yaml', { scope: 'cluster-wide' })).toBeUndefined();
  });

  it('does not take long in a repository made for that', () => {
    const tree: Record<string, string> = { '0/db.yaml': secret };
    for (let level = 0; level < 40; level++) {
      const below = level === 0 ? 'db.yaml' : `../${level - 1}, ../x${level - 1}`;
      tree[`${level}/kustomization.yaml`] = `resources: [${below}]\n`;
      tree[`x${level}/kustomization.yaml`] = `resources: [${level === 0 ? '../0/db.yaml' : below}]\n`;
    }
    const before = process.cpuUsage();
    repositoryOf(tree).waysTo('0/db.yaml');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(2_000);
  });
});

describe('a Secret that states where it belongs', () => {
  const tree = (kustomization: string) => ({
    'a/db.yaml': secret,
    'a/kustomization.yaml': `${kustomization}resources: [db.yaml]\n`,
  });
  const stated = { namespace: 'prod' };
  const moves = (part: string, from: string, becomes: string, field: string) => ({
    code: 'sealing.moves',
    part,
    stated: from,
    becomes,
    from: 'a/kustomization.yaml',
    field,
  });

  it.each([
    ['namespace: stage\n', moves('namespace', 'prod', 'stage', 'namespace')],
    ['namePrefix: eu-\n', moves('name', 'db', 'eu-db', 'namePrefix')],
    ['nameSuffix: -v2\n', moves('name', 'db', 'db-v2', 'nameSuffix')],
    ['namespace: prod\nnamePrefix: ""\n', undefined],
    ['labels: []\n', undefined],
  ])('is held against %j', (kustomization, expected) => {
    expect(endOf(tree(kustomization), 'a/db.yaml', stated)).toEqual(expected);
  });

  it('may get another name in a wider scope, and another namespace in the widest', () => {
    const wide = { ...stated, scope: 'namespace-wide' as const };
    expect(endOf(tree('namePrefix: eu-\n'), 'a/db.yaml', wide)).toBeUndefined();
    expect(endOf(tree('namespace: stage\n'), 'a/db.yaml', wide)).toMatchObject({ code: 'sealing.moves' });
    const widest = { ...stated, scope: 'cluster-wide' as const };
    expect(endOf(tree('namespace: stage\nnamePrefix: eu-\n'), 'a/db.yaml', widest)).toBeUndefined();
  });

  it('may be sealed for what it becomes', () => {
    const ways = repositoryOf({
      ...tree('namespace: stage\nnamePrefix: eu-\n'),
      'main.yaml': flux('a', 'a', '  nameSuffix: -v2\n'),
    }).waysTo('a/db.yaml');
    expect(possiblePlaces({ ...unstated, ...stated }, ways)).toEqual([
      { ...unstated, namespace: 'prod' },
      { ...unstated, namespace: 'stage', name: 'eu-db-v2' },
    ]);
  });
});

describe('the repositories of a machine', () => {
  const made = new Workspace();
  afterEach(() => made.remove());

  it('are read from their files, and again when those have changed', async () => {
    made.write('.gitignore', 'scratch/\n');
    made.write('apps/db.yaml', secret);
    made.write('apps/kustomization.yaml', 'namespace: prod\nresources: [db.yaml]\n');
    made.write('scratch/kustomization.yaml', 'namespace: stage\nresources: [../apps]\n');
    made.write('broken/kustomization.yaml', '{{ if }}\n\t: [\n');
    made.write('clusters/main.yaml', flux('apps', './apps', '  namePrefix: eu-\n'));
    const repositories = new AppliedRepositories(new NodeFiles());
    const ways = () => repositories.waysTo(made.path('apps/db.yaml'), made.root);
    const [one, ...others] = await ways();
    expect(others).toEqual([]);
    expect(one).toEqual({
      end: 'clusters/main.yaml',
      changes: [
        { field: 'namespace', does: 'namespace', value: 'prod', file: 'apps/kustomization.yaml' },
        { field: 'spec.namePrefix', does: 'prefix', value: 'eu-', file: 'clusters/main.yaml' },
      ],
    });
    made.write('apps/kustomization.yaml', 'namespace: stage\nresources: [db.yaml]\n');
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await ways())[0]?.changes[0]?.value).toBe('stage');
  });
});
