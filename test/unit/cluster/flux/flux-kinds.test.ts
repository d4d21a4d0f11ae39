import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { fluxKind, fluxKinds, groupOfKind } from '../../../../src/cluster/flux/flux-kinds.ts';

const crds =
  process.env['PURSER_CRDS'] ?? fileURLToPath(new URL('../../../../../shared/crds', import.meta.url));

interface Definition {
  readonly kind: string;
  readonly group: string;
  readonly suspends: boolean;
  readonly hasStatus: boolean;
  readonly inventory: boolean;
}

function definitions(): readonly Definition[] {
  return ['flux', 'flux-operator'].flatMap((folder) =>
    readdirSync(join(crds, folder)).flatMap((file) => {
      const { spec } = parse(readFileSync(join(crds, folder, file), 'utf8'));
      const { properties } = spec.versions[0].schema.openAPIV3Schema;
      return {
        kind: spec.names.kind,
        group: spec.group,
        suspends: 'suspend' in properties.spec.properties,
        hasStatus: 'status' in properties,
        inventory: 'inventory' in (properties.status?.properties ?? {}),
      };
    }),
  );
}

describe('the table of Flux kinds', () => {
  it.skipIf(!existsSync(crds))('says of each what its CRD says', () => {
    const bySay = (a: { readonly kind: string }, b: { readonly kind: string }) => (a.kind < b.kind ? -1 : 1);
    const said = fluxKinds.map(({ kind, group, suspension, life, inventory }) => ({
      kind,
      group,
      suspends: suspension.by === 'spec',
      hasStatus: life !== 'static',
      inventory,
    }));
    expect([...said].sort(bySay)).toEqual([...definitions()].sort(bySay));
  });

  it('has each kind once, and begins with what a person looks for', () => {
    expect(new Set(fluxKinds.map(({ kind }) => kind)).size).toBe(fluxKinds.length);
    expect(fluxKinds.slice(0, 3).map(({ title }) => title)).toEqual([
      'Kustomizations',
      'Helm Releases',
      'Git Repositories',
    ]);
  });

  it('knows a kind by its group, and a group by its kind', () => {
    expect(fluxKind('kustomize.config.k8s.io', 'Kustomization')).toBeUndefined();
    expect(fluxKind('source.toolkit.fluxcd.io', 'Bucket')?.section).toBe('sources');
    expect(groupOfKind('HelmRelease')).toBe('helm.toolkit.fluxcd.io');
    expect(groupOfKind('Deployment')).toBe('');
  });
});
