import { describe, expect, it } from 'vitest';
import type { FluxObject, Health } from '../../../src/app/clusters/flux-object.ts';
import type { Cluster } from '../../../src/vscode/clusters/cluster.ts';
import { contextOf } from '../../../src/vscode/clusters/row-context.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { fluxObject, helmReleases, kustomizations } from '../../support/fake-clusters.ts';
import { shownManifest as manifest } from '../../support/shown-manifest.ts';

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

/** What can be done without a row, too. */
const offeredElsewhere = new Set([
  'purser.prepareKkpRotation',
  'purser.reEncrypt',
  'purser.refreshClusters',
  'purser.whyDecryptionFails',
  'purser.rotateEncryptionKey',
]);
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
    expect(inline({ row: 'encryption', cluster, known: { said: undefined } })).toEqual(['reEncrypt']);
  });

  it('offer force and reset for HelmReleases only, and nothing that a controller would not do', () => {
    const beyond = ['openLiveObject', 'goToManifest', 'copyObjectName', 'refreshClusters'];
    const actions = ['reconcile', 'reconcileWithSource', 'reconcileForce', 'reconcileReset', 'suspend'];
    expect(inMenu(flux(release))).toEqual([...actions, ...beyond]);
    const decrypting = beyond.toSpliced(2, 0, 'whyDecryptionFails');
    expect(inMenu(flux(fluxObject(kustomizations, 'a')))).toEqual(['reconcile', 'suspend', ...decrypting]);
    expect(inMenu(flux(suspended))).toEqual(['resume', ...decrypting]);
    const fixed = { canReconcile: false, canSuspend: false };
    expect(inMenu(flux(fluxObject(kustomizations, 'a', fixed)))).toEqual(decrypting);
  });

  it('offer to say why decryption fails where a Kustomization says that it does', () => {
    const saying = (message: string, state: FluxObject['state'] = 'not-ready') =>
      inline(flux(fluxObject(kustomizations, 'a', { state, message })));
    const wordings = [
      "failed to decrypt and format 'apps/db' Secret data: cannot get sops data key",
      'Secret/apps/db is SOPS encrypted, configuring decryption is required for this secret to be reconciled',
      "cannot get sops decryption Secret 'flux-system/sops-age': forbidden",
    ];
    for (const wording of wordings) expect(saying(wording)).toContain('whyDecryptionFails');
    expect(saying('kustomization path not found')).not.toContain('whyDecryptionFails');
    expect(saying('decrypted', 'ready')).not.toContain('whyDecryptionFails');
  });

  it('offer to copy what a row says where it says anything, and names of whatever has one', () => {
    const copies = (row: Row) => offered(row, (group) => group.startsWith('5_copy'));
    const { ref } = release;
    const item = (health: Health, message: string): Row => ({
      row: 'item',
      cluster,
      item: { ref, health, message },
    });
    const event = { type: 'Normal', reason: 'Done', message: 'x', count: 1, at: undefined } as const;
    const controller = { namespace: 'kube-system', name: 'sealed-secrets', port: '8080', keys: [] };
    expect(copies(flux({ ...release, message: 'why' }))).toEqual(['copyObjectName', 'copyMessage']);
    expect(copies(flux(release))).toEqual(['copyObjectName']);
    expect(copies(item('degraded', 'why'))).toEqual(['copyObjectName', 'copyMessage']);
    expect(copies(item('healthy', ''))).toEqual(['copyObjectName']);
    expect(copies({ row: 'link', cluster, label: 'Source', ref })).toEqual(['copyObjectName']);
    expect(copies({ row: 'event', cluster, event })).toEqual(['copyMessage']);
    expect(copies({ row: 'message', text: 'why', severity: 'error' })).toEqual(['copyMessage']);
    expect(copies({ row: 'controller', cluster, controller })).toEqual(['copyObjectName']);
    expect(copies({ row: 'sealing-key', cluster, name: 'key1', description: '' })).toEqual([
      'copyObjectName',
    ]);
  });

  it('offer to take off the list what a person put there', () => {
    const removes = (row: Row) => offered(row, (group) => group.startsWith('8_'));
    const sealed = { path: '/repo/dump.txt', scheme: 'fernet', entry: undefined, object: undefined } as const;
    const whole: Cluster = {
      ...cluster,
      context: undefined,
      source: { from: 'workspace', sealed, added: true },
    };
    expect(removes({ row: 'cluster', cluster: whole })).toEqual(['removeCluster']);
    expect(inline({ row: 'cluster', cluster: { ...whole, state: 'open' } })).toEqual(['disconnectCluster']);
    expect(inline({ row: 'cluster', cluster: { ...whole, state: 'failed' } })).toEqual(['connectCluster']);
    const found: Cluster = { ...whole, source: { from: 'workspace', sealed } };
    expect(removes({ row: 'cluster', cluster: found })).toEqual([]);
    const inGroup = { ...whole, context: 'dev' };
    expect(removes({ row: 'cluster', cluster: inGroup })).toEqual([]);
    const group = (clusters: readonly Cluster[]): Row => ({
      row: 'kubeconfig',
      id: 'a',
      title: 'a',
      clusters,
    });
    expect(removes(group([inGroup]))).toEqual(['removeCluster']);
    expect([removes(group([])), removes(group([cluster]))]).toEqual([[], []]);
  });

  it('offer the live object of what is in this cluster', () => {
    const item = (health: Health): Row => ({
      row: 'item',
      cluster,
      item: { ref: release.ref, health, message: 'x' },
    });
    expect(inline(item('healthy'))).toEqual(['openLiveObject']);
    expect(inMenu(item('healthy'))).toContain('openLiveObject');
    expect(inline(item('elsewhere'))).toEqual([]);
    expect(inMenu(item('elsewhere'))).toEqual([
      'goToManifest',
      'copyObjectName',
      'copyMessage',
      'refreshClusters',
    ]);
  });

  it('keep what needs a row out of the palette, and all of it out of Restricted Mode', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const onRowsOnly = onRows.map(({ command }) => command).filter((id) => !offeredElsewhere.has(id));
    expect(hidden).toEqual(expect.arrayContaining(onRowsOnly));
    const about = commands.filter(({ command }) => onRows.some((item) => item.command === command));
    expect(about.filter((command) => !('enablement' in command))).toEqual([]);
  });
});

describe('the empty clusters view', () => {
  const welcomes = manifest.contributes.viewsWelcome.filter(({ view }) => view === 'purser.clusters');
  const shown = (keys: Record<string, unknown>) =>
    welcomes.filter(({ when }) => holds(when, keys)).map(({ contents }) => contents);
  /** Of the clauses that are used: `a`, `!a`, `a == b`, `a != b`, `a > 0`, joined by `&&`. */
  const holds = (when: string, keys: Record<string, unknown>) =>
    when.split(' && ').every((clause) => {
      const [key = '', operator, value] = clause.replace(/^!/, '').split(' ');
      if (operator === undefined) return (keys[key] === true) !== clause.startsWith('!');
      if (operator === '>') return Number(keys[key]) > Number(value);
      return (String(keys[key]) === value) === (operator === '==');
    });
  const folder = { isWorkspaceTrusted: true, workspaceFolderCount: 1 };

  it.each([
    ['in Restricted Mode', { workspaceFolderCount: 1, 'purser.scan': 'done' }, 'In Restricted Mode'],
    ['in Restricted Mode without a folder', { workspaceFolderCount: 0 }, 'In Restricted Mode'],
    [
      'without a folder',
      { isWorkspaceTrusted: true, workspaceFolderCount: 0, 'purser.scan': 'off' },
      '(command:vscode.openFolder)',
    ],
    ['before the workspace is looked through', folder, 'Looking for'],
    ['while it is', { ...folder, 'purser.scan': 'running' }, 'Looking for'],
    ['where it is not to be', { ...folder, 'purser.scan': 'off' }, 'is not looked through'],
    ['where it could not be', { ...folder, 'purser.scan': 'failed' }, '(command:purser.showLog)'],
    ['where there is none', { ...folder, 'purser.scan': 'done' }, 'No kubeconfig stands encrypted'],
  ])('says one thing %s', (_state, keys, part) => {
    expect(shown(keys)).toEqual([expect.stringContaining(part)]);
  });
});
