import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventoryOf, readInventoryId } from '../../../../src/cluster/flux/inventory.ts';
import { runs } from '../../../support/arbitraries.ts';
import { kindOf } from './flux-api.ts';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
const group = fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z]{1,6}(\.[a-z0-9]{1,6}){0,3}$/));
const kind = fc.stringMatching(/^[A-Z][A-Za-z]{0,12}$/);
/** Names of RBAC objects hold colons. */
const name = fc.stringMatching(/^[a-z0-9]+([.:-][a-z0-9]+){0,4}$/);

describe('an inventory id', () => {
  it.each([
    ['default_podinfo__Service', { namespace: 'default', name: 'podinfo', group: '', kind: 'Service' }],
    [
      'default_podinfo_apps_Deployment',
      { namespace: 'default', name: 'podinfo', group: 'apps', kind: 'Deployment' },
    ],
    ['_prod__Namespace', { namespace: undefined, name: 'prod', group: '', kind: 'Namespace' }],
    [
      '_system__foo_rbac.authorization.k8s.io_ClusterRole',
      { namespace: undefined, name: 'system:foo', group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
    ],
  ])('%s', (id, ref) => {
    const apiVersion = ref.group === '' ? 'v1' : `${ref.group}/v1`;
    expect(readInventoryId(id, 'v1')).toEqual({ apiVersion, ...ref });
  });

  it('reads back as it was composed', () => {
    fc.assert(
      fc.property(fc.option(label, { nil: undefined }), name, group, kind, (namespace, ...rest) => {
        const [of, inGroup, ofKind] = rest;
        const id = `${namespace ?? ''}_${of.replaceAll(':', '__')}_${inGroup}_${ofKind}`;
        expect(readInventoryId(id, undefined)).toEqual({
          apiVersion: undefined,
          namespace,
          name: of,
          group: inGroup,
          kind: ofKind,
        });
      }),
      runs(500),
    );
  });

  it('that names no object is none', () => {
    for (const id of ['', '_', '__', '___', 'a_b', 'a_b_c', 'a___Kind', 'a_b__', 'a__Kind'])
      expect([id, readInventoryId(id, 'v1')?.name]).toEqual([id, undefined]);
  });
});

describe('an inventory', () => {
  it('skips what names no object, and keeps the order', () => {
    const entries = [
      { id: 'b_b__Secret', v: 'v1' },
      { id: 'nonsense' },
      null,
      { id: 'a_a_apps_Deployment', v: 'v1' },
    ];
    const refs = inventoryOf(kindOf('Kustomization'), { status: { inventory: { entries } } });
    expect(refs?.map(({ apiVersion, name }) => [apiVersion, name])).toEqual([
      ['v1', 'b'],
      ['apps/v1', 'a'],
    ]);
  });

  it('of an artifact generator is what it made', () => {
    const inventory = [{ name: 'web', namespace: 'apps', digest: 'sha256:a', filename: 'a.tar.gz' }];
    expect(inventoryOf(kindOf('ArtifactGenerator'), { status: { inventory } })).toMatchObject([
      { group: 'source.toolkit.fluxcd.io', kind: 'ExternalArtifact', namespace: 'apps', name: 'web' },
    ]);
  });

  it('that is not there is not an empty one', () => {
    expect(inventoryOf(kindOf('HelmRelease'), { status: {} })).toBeUndefined();
    expect(inventoryOf(kindOf('HelmRelease'), { status: { inventory: { entries: [] } } })).toEqual([]);
    expect(inventoryOf(kindOf('Bucket'), { status: { inventory: { entries: [] } } })).toBeUndefined();
  });
});
