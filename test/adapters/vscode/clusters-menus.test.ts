import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import type { FluxObject } from '../../../src/app/clusters/flux-object.ts';
import type { Cluster } from '../../../src/vscode/clusters/cluster.ts';
import { contextOf } from '../../../src/vscode/clusters/row-context.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { fluxObject, helmReleases, kustomizations } from '../../support/fake-clusters.ts';

const { menus, commands } = manifest.contributes;
const onRows = menus['view/item/context'].filter(({ when }) => when.startsWith('view == purser.clusters'));
const cluster: Cluster = {
  id: 'a',
  title: 'a',
  source: { from: 'own' },
  context: 'a',
  state: 'closed',
  failure: undefined,
  session: undefined,
};

function offered(row: Row, isWanted: (group: string) => boolean): string[] {
  return onRows
    .filter(({ group, when }) => isWanted(group) && patternOf(when).test(contextOf(row)))
    .toSorted((a, b) => (a.group < b.group ? -1 : 1))
    .map(({ command }) => command.replace('purser.', ''));
}

function patternOf(when: string): RegExp {
  return new RegExp(/viewItem =~ \/(.*)\/$/.exec(when)?.[1] ?? 'no pattern');
}

const inline = (row: Row) => offered(row, (group) => group.startsWith('inline'));
const inMenu = (row: Row) => offered(row, (group) => !group.startsWith('inline'));
const flux = (object: FluxObject): Row => ({ row: 'flux', cluster, object });
const release = fluxObject(helmReleases, 'podinfo', { sources: [fluxObject(kustomizations, 'x').ref] });
const suspended = fluxObject(kustomizations, 'podinfo', { state: 'suspended' });

describe('the menus of the clusters view', () => {
  it('offer on each row what can be done with it, the most used inline', () => {
    expect(inline(flux(release))).toEqual(['reconcile', 'suspend', 'openLiveObject']);
    expect(inline(flux(suspended))).toEqual(['resume', 'openLiveObject']);
    expect(inline({ row: 'cluster', cluster })).toEqual(['connectCluster']);
    expect(inline({ row: 'cluster', cluster: { ...cluster, state: 'failed' } })).toEqual(['connectCluster']);
    expect(inline({ row: 'cluster', cluster: { ...cluster, state: 'opening' } })).toEqual([
      'disconnectCluster',
    ]);
    expect(inline({ row: 'cluster', cluster: { ...cluster, state: 'open' } })).toEqual(['disconnectCluster']);
    const controller = { namespace: 'kube-system', name: 'sealed-secrets', port: '8080', keys: [] };
    expect(inline({ row: 'controller', cluster, controller })).toEqual(['fetchCertificate']);
    expect(inline({ row: 'events', cluster, object: release })).toEqual([]);
  });

  it('offer force and reset for HelmReleases only, and nothing that a controller would not do', () => {
    const beyond = ['openLiveObject', 'goToManifest', 'copyObjectName', 'refreshClusters'];
    const actions = ['reconcile', 'reconcileWithSource', 'reconcileForce', 'reconcileReset', 'suspend'];
    expect(inMenu(flux(release))).toEqual([...actions, ...beyond]);
    expect(inMenu(flux(fluxObject(kustomizations, 'a')))).toEqual(['reconcile', 'suspend', ...beyond]);
    expect(inMenu(flux(suspended))).toEqual(['resume', ...beyond]);
    const fixed = { canReconcile: false, canSuspend: false };
    expect(inMenu(flux(fluxObject(kustomizations, 'a', fixed)))).toEqual(beyond);
  });

  it('keep what needs a row out of the palette, and all of it out of Restricted Mode', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const onRowsOnly = onRows.map(({ command }) => command).filter((id) => id !== 'purser.refreshClusters');
    expect(hidden).toEqual(expect.arrayContaining(onRowsOnly));
    const about = commands.filter(({ command }) => onRows.some((item) => item.command === command));
    expect(about.filter((command) => !('enablement' in command))).toEqual([]);
  });
});
