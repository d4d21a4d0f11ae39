import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InventoryItem } from '../../../src/app/clusters/flux-object.ts';
import { Failure } from '../../../src/core/errors.ts';
import { ClustersView } from '../../../src/vscode/clusters/clusters-view.ts';
import { KubeconfigDrop } from '../../../src/vscode/clusters/drop-kubeconfig.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import {
  FakeSession,
  FakeWorld,
  fluxList,
  fluxObject,
  gitRepositories,
  helmReleases,
  kustomizations,
} from '../../support/fake-clusters.ts';
import {
  configure,
  contextKeys,
  messages,
  registered,
  treeViews,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';
import { drawBelow, expand, labelsOf, linesOf } from '../../support/tree.ts';

/** Every cluster that is open has this row. */
const atRest = 'Encryption at Rest';

let world: FakeWorld;
let view: ClustersView;
let drawnAnew: (readonly Row[] | undefined)[];
let bugs: unknown[];

beforeEach(() => {
  workspace.workspaceFolders = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  registered.clear();
  world = new FakeWorld();
  bugs = [];
  view = new ClustersView(
    world.clusters,
    new KubeconfigDrop(async () => undefined),
    (error) => void bugs.push(error),
  );
  drawnAnew = [];
  view.onDidChangeTreeData((rows) => void drawnAnew.push(rows));
});

afterEach(() => {
  vi.useRealTimers();
  view.dispose();
  world.clusters.dispose();
  world.changed.dispose();
  expect([...registered]).toEqual([]);
  expect([...bugs, ...world.bugs]).toEqual([]);
});

const inTree = () => treeViews.get('purser.clusters');

/** Until what has been announced was drawn. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(200);
  if (drawnAnew.length > 0) await drawAll();
  drawnAnew.length = 0;
}

async function drawAll(row?: Row): Promise<void> {
  for (const { row: below } of await drawBelow(view, row))
    if (below.row === 'section' || (below.row === 'cluster' && below.cluster.state === 'open'))
      await drawAll(below);
}

async function find(label: string, ...path: readonly string[]) {
  const found = (await expand(view, ...path)).find(({ item }) => item.label === label);
  if (found === undefined) throw new Error(`no ${label}`);
  return found;
}

function fluxCluster(path = '/repo/prod.enc'): FakeSession {
  const objects = [
    fluxObject(kustomizations, 'ready-10', { revision: `main@sha1:3f2a1c9${'0'.repeat(33)}` }),
    fluxObject(kustomizations, 'ready-2'),
    fluxObject(kustomizations, 'paused', { state: 'suspended' }),
    fluxObject(kustomizations, 'moving', { state: 'reconciling' }),
    fluxObject(kustomizations, 'broken', {
      state: 'not-ready',
      reason: 'BuildFailed',
      message: 'no such file',
    }),
    fluxObject(kustomizations, 'other', {}, 'apps'),
  ];
  return world.cluster(
    path,
    new FakeSession([
      fluxList(kustomizations, objects),
      fluxList(helmReleases, []),
      fluxList(gitRepositories, [fluxObject(gitRepositories, 'flux-system')]),
    ]),
  );
}

describe('the clusters view', () => {
  it('lists clusters in natural order, the own kubeconfig last, and connects to none', async () => {
    for (const path of ['/r/prod-10.enc', '/r/prod-2.enc']) world.cluster(path, new FakeSession());
    world.kubeconfigs.set('own', 'dev');
    expect(labelsOf(await drawBelow(view))).toEqual(['prod-2', 'prod-10', 'Your Kubeconfig']);
    expect(world.opened).toEqual([]);
  });

  it('connects when a cluster is expanded, and shows kinds of which there is anything', async () => {
    fluxCluster();
    expect(linesOf(await expand(view, 'prod'))).toEqual(['Workloads (1 not ready)', 'Sources (1)', atRest]);
    expect(linesOf(await expand(view, 'prod', 'Workloads'))).toEqual(['Kustomizations (6, 1 not ready)']);
    expect(world.connected).toEqual(['/repo/prod.enc']);
  });

  it('shows objects that need someone first, then by namespace and name', async () => {
    fluxCluster();
    expect(linesOf(await expand(view, 'prod', 'Workloads', 'Kustomizations'))).toEqual([
      'broken (flux-system · not ready: BuildFailed)',
      'moving (flux-system · reconciling)',
      'paused (flux-system · suspended)',
      'other (apps)',
      'ready-2 (flux-system)',
      'ready-10 (flux-system · main@3f2a1c9)',
    ]);
  });

  it('says each state in words, too, and what can be done with a row', async () => {
    fluxCluster();
    const drawn = await expand(view, 'prod', 'Workloads', 'Kustomizations');
    const [broken, , paused, other] = drawn.map(({ item }) => item);
    expect(broken?.accessibilityInformation?.label).toBe(
      'Kustomization, broken, flux-system · not ready: BuildFailed, no such file',
    );
    expect(other?.accessibilityInformation?.label).toBe('Kustomization, other, apps, ready');
    expect(broken?.contextValue).toBe('purser.flux.kustomization+reconcile+suspend+message');
    expect(paused?.contextValue).toBe('purser.flux.kustomization+resume');
  });

  it('says so where Flux is served and has nothing to do, and where it is not', async () => {
    world.cluster('/r/a.enc', new FakeSession([fluxList(gitRepositories, [])]));
    world.cluster('/r/b.enc', new FakeSession([fluxList(gitRepositories, [], { state: 'absent' })]));
    expect(labelsOf(await expand(view, 'a'))).toEqual(['Flux is here, and has no objects.', atRest]);
    expect(labelsOf(await expand(view, 'b'))).toEqual(['Neither Flux nor Sealed Secrets is here.', atRest]);
  });

  it('reads the contexts of the own kubeconfig when it is expanded, and connects to one at a time', async () => {
    world.kubeconfigs.set('own', 'prod dev');
    world.sessions.set(
      'dev',
      new FakeSession([fluxList(gitRepositories, [fluxObject(gitRepositories, 'a')])]),
    );
    await drawBelow(view);
    await settled();
    expect(labelsOf(await expand(view, 'Your Kubeconfig'))).toEqual(['dev', 'prod']);
    await vi.advanceTimersByTimeAsync(200);
    expect(drawnAnew).toEqual([undefined]);
    expect(linesOf(await drawBelow(view))).toEqual(['Your Kubeconfig (2 contexts)']);
    await expand(view, 'Your Kubeconfig');
    await vi.advanceTimersByTimeAsync(200);
    expect(drawnAnew.length).toBe(1);
    expect(world.connected).toEqual([]);
    expect(labelsOf(await expand(view, 'Your Kubeconfig', 'dev'))).toEqual(['Sources', atRest]);
    expect(world.connected).toEqual(['dev']);
  });

  it('shows a kubeconfig that was just added, and connects to nothing', async () => {
    fluxCluster();
    await expand(view, 'prod');
    fluxCluster('/repo/new.enc');
    const connected = world.connected.length;
    const sealed = { path: '/repo/new.enc', scheme: 'fernet', entry: undefined, object: undefined } as const;
    drawnAnew.length = 0;
    world.changed.fire();
    await view.showKubeconfig({ from: 'workspace', sealed });
    // VS Code shows only what it has drawn.
    expect(drawnAnew).toEqual([undefined]);
    expect(inTree()?.revealed).toMatchObject([{ row: 'cluster', cluster: { title: 'new' } }]);
    await view.showKubeconfig({ from: 'workspace', sealed: { ...sealed, path: '/repo/none' } });
    expect([inTree()?.revealed.length, world.connected.length]).toEqual([1, connected]);
  });

  it('says that the workspace is not looked through, where that may be why a cluster is not there', async () => {
    configure('purser.scan.workspace', false);
    workspace.workspaceFolders = [{ uri: Uri.file('/repo') }];
    expect(await drawBelow(view)).toEqual([]);
    world.kubeconfigs.set('own', 'dev');
    await world.clusters.refresh();
    await settled();
    const [note, own] = await drawBelow(view);
    expect([note?.item.label, own?.item.label]).toEqual([
      expect.stringMatching(/^The workspace is not looked through.*Add Cluster/),
      'Your Kubeconfig',
    ]);
    configure('purser.scan.workspace', undefined);
    await vi.advanceTimersByTimeAsync(200);
    expect(drawnAnew).toEqual([undefined]);
    expect(labelsOf(await drawBelow(view))).toEqual(['Your Kubeconfig']);
    configure('purser.scan.workspace', false);
    fluxCluster();
    world.changed.fire();
    expect(labelsOf(await drawBelow(view))).toEqual(['prod', 'Your Kubeconfig']);
    configure('purser.scan.workspace', undefined);
  });

  it('shows why a cluster cannot be reached below it, and tries again only when asked to', async () => {
    const session = fluxCluster();
    const refused = new Failure('cluster.unauthorized', { server: 'cluster.test:6443' });
    world.instead.set('/repo/prod.enc', async () => Promise.reject(refused));
    const [message] = await expand(view, 'prod');
    expect(message?.item.label).toContain('cluster.test:6443');
    expect(message?.item.accessibilityInformation?.label).toMatch(/^error, /);
    const failed = await find('prod');
    expect(failed.item.contextValue).toBe('purser.cluster.failed');
    await expand(view, 'prod');
    expect(world.connected.length).toBe(1);
    world.instead.clear();
    await view.connect(failed.row);
    expect([world.connected.length, inTree()?.revealed]).toEqual([2, [failed.row]]);
    expect(labelsOf(await expand(view, 'prod'))).toEqual(['Workloads', 'Sources', atRest]);
    expect(session.closed).toBe(false);
  });

  it('draws a cluster that was disconnected as another row, so that it does not connect again', async () => {
    const session = fluxCluster();
    await expand(view, 'prod');
    const { row, item } = await find('prod');
    view.disconnect(row);
    const closed = await find('prod');
    expect(session.closed).toBe(true);
    expect(closed.item.contextValue).toBe('purser.cluster.closed');
    expect(closed.item.id).not.toBe(item.id);
  });

  it('does not connect again when its file vanishes and comes back before anything is drawn', async () => {
    const session = fluxCluster();
    await expand(view, 'prod');
    const { item } = await find('prod');
    const texts = [...world.kubeconfigs];
    for (const there of [[], texts]) {
      world.kubeconfigs.clear();
      for (const [path, text] of there) world.kubeconfigs.set(path, text);
      await world.clusters.refresh();
    }
    expect(session.closed).toBe(true);
    expect((await find('prod')).item.id).not.toBe(item.id);
    expect(world.connected.length).toBe(1);
  });

  it('keeps what was known of a kind that can no longer be read, below the reason', async () => {
    const failure = new Failure('cluster.forbidden', { server: 'cluster.test', what: 'gitrepositories' });
    const known = [fluxObject(gitRepositories, 'flux-system')];
    world.cluster(
      '/r/a.enc',
      new FakeSession([fluxList(gitRepositories, known, { state: 'failed', failure })]),
    );
    expect(linesOf(await expand(view, 'a'))).toEqual(['Sources (1, out of date)', atRest]);
    const [why, object] = await expand(view, 'a', 'Sources');
    expect(why?.item.label).toContain('gitrepositories');
    expect(object?.item.label).toBe('flux-system');
  });

  it('says first that a cluster has more of a kind than are read', async () => {
    const many = Array.from({ length: 2001 }, (_, index) => fluxObject(gitRepositories, `repo-${index}`));
    const list = fluxList(gitRepositories, many, { truncated: true });
    world.cluster('/r/a.enc', new FakeSession([list]));
    const rows = labelsOf(await expand(view, 'a', 'Sources'));
    expect([rows[0], rows.at(-1)]).toEqual([
      expect.stringContaining('more GitRepositories than the 2001 that are read'),
      'and 1 more: filter to see them',
    ]);
  });

  it('cleans names of what could disguise them, and gives tooltips without Markdown', async () => {
    const name = 'evil\u202egpj.\u0007$(sync) [x](command:y)';
    const objects = [fluxObject(gitRepositories, name, { state: 'not-ready', message: '<b>\u001b[1m' })];
    world.cluster('/r/a.enc', new FakeSession([fluxList(gitRepositories, objects)]));
    const [drawn] = await expand(view, 'a', 'Sources');
    expect(drawn?.item.label).toBe('evil\ufffdgpj.\ufffd$ (sync) [x](command:y)');
    const { id: _id, ...shown } = drawn === undefined ? {} : view.resolveTreeItem(drawn.item, drawn.row);
    expect(shown.tooltip).toMatchObject({ value: expect.stringContaining('<b>\ufffd[1m') });
    expect(JSON.stringify(shown)).not.toMatch(/\\u0007|\\u001b|\u202e/);
    expect(drawn?.item.resourceUri).toBeUndefined();
  });

  it('draws objects that a lying server gives twice but once', async () => {
    const objects = [fluxObject(gitRepositories, 'a'), fluxObject(gitRepositories, 'a')];
    world.cluster('/r/a.enc', new FakeSession([fluxList(gitRepositories, objects)]));
    expect(labelsOf(await expand(view, 'a', 'Sources'))).toEqual(['a']);
  });
});

describe('when a cluster changes', () => {
  it('draws anew only the kind that changed, once for two quick changes', async () => {
    const session = fluxCluster();
    const kind = await find('Kustomizations', 'prod', 'Workloads');
    await settled();
    const more = (state: 'ready' | 'reconciling') =>
      fluxList(kustomizations, [fluxObject(kustomizations, 'a', { state })]);
    session.change(more('ready'));
    await settled();
    session.change(more('reconciling'));
    session.change(more('ready'));
    await vi.advanceTimersByTimeAsync(149);
    expect(drawnAnew).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(drawnAnew).toEqual([[kind.row]]);
  });

  it('draws while changes never stop', async () => {
    const session = fluxCluster();
    await find('Kustomizations', 'prod', 'Workloads');
    await settled();
    for (let round = 0; round < 10; round += 1) {
      session.change(fluxList(helmReleases, [fluxObject(helmReleases, `release-${round}`)]));
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(drawnAnew.length).toBeGreaterThan(3);
  });

  it('draws nothing when nothing that is shown changed', async () => {
    const session = fluxCluster();
    await find('Kustomizations', 'prod', 'Workloads');
    await settled();
    session.change();
    await vi.advanceTimersByTimeAsync(200);
    expect(drawnAnew).toEqual([]);
  });

  it('counts what is not ready in the badge, and says so above it', async () => {
    const session = fluxCluster();
    await find('Kustomizations', 'prod', 'Workloads');
    await settled();
    expect(inTree()?.badge).toEqual({ value: 1, tooltip: '1 Flux object not ready' });
    const { row } = await find('prod');
    session.change(fluxList(kustomizations, []));
    await vi.advanceTimersByTimeAsync(200);
    expect(inTree()?.badge).toBeUndefined();
    expect(drawnAnew).toEqual([[row]]);
  });

  it('keeps the rows of objects that did not change, with their ids', async () => {
    const session = fluxCluster();
    const before = await expand(view, 'prod', 'Workloads', 'Kustomizations');
    const kept = before.map(({ row }) => row).flatMap((row) => (row.row === 'flux' ? [row.object] : []));
    const [broken, ...others] = kept;
    if (broken === undefined) throw new Error('there is no object');
    session.change(fluxList(kustomizations, [...others, { ...broken, state: 'ready' }]));
    const after = await expand(view, 'prod', 'Workloads', 'Kustomizations');
    expect(new Set(after.map(({ item }) => item.id))).toEqual(new Set(before.map(({ item }) => item.id)));
    const same = after.filter(({ row }) => before.some((each) => each.row === row));
    expect(same.length).toBe(before.length - 1);
  });
});

describe('a cluster that answers no more', () => {
  const failure = new Failure('cluster.timeout', { server: 'cluster.test' });
  const failed = { state: 'failed', failure } as const;

  it('says so beside its name until it answers again', async () => {
    const session = fluxCluster();
    await expand(view, 'prod');
    const known = (await find('prod')).item;
    expect(known.description).toBe('1 not ready · v1.36.3 · /repo/prod.enc · fernet');
    const lists = session.flux();
    session.change(...lists.map(({ kind, objects }) => fluxList(kind, objects, failed)));
    const { item, row } = await find('prod');
    expect(item.description).toBe('out of date · 1 not ready · v1.36.3 · /repo/prod.enc · fernet');
    expect(item.accessibilityInformation?.label).toMatch(
      /^cluster, prod, out of date · .*, warning, connected$/,
    );
    expect([item.iconPath, item.contextValue]).toMatchObject([{ id: 'warning' }, 'purser.cluster.open']);
    expect(linesOf(await expand(view, 'prod'))).toEqual([
      'Workloads (1 not ready, 2 kinds could not be read)',
      'Sources (1, out of date)',
      atRest,
    ]);
    await settled();
    session.change(...lists);
    await vi.advanceTimersByTimeAsync(200);
    expect(drawnAnew).toEqual([[row]]);
    expect((await find('prod')).item).toMatchObject({ description: known.description });
  });

  it('and does not say what it serves says why once', async () => {
    const lists = [kustomizations, helmReleases, gitRepositories].map((kind) => fluxList(kind, [], failed));
    world.cluster('/r/a.enc', new FakeSession(lists));
    const [row, ...others] = await expand(view, 'a');
    expect(row?.item.label).toMatch(/^No answer in time from cluster\.test/);
    expect(labelsOf(others)).toEqual([atRest]);
  });

  it('is not taken for one that answers because nothing is known of it', async () => {
    world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [], failed)]));
    await expand(view, 'a');
    expect((await find('a')).item.description).toMatch(/^could not be read · /);
  });
});

describe('below an object', () => {
  it('leads to its sources and what it depends on', async () => {
    const source = fluxObject(gitRepositories, 'repo');
    const app = fluxObject(kustomizations, 'app', { sources: [{ ...source.ref, apiVersion: undefined }] });
    const lists = [fluxList(kustomizations, [app]), fluxList(gitRepositories, [source])];
    world.cluster('/r/a.enc', new FakeSession(lists));
    const [link] = await expand(view, 'a', 'Workloads', 'app');
    expect(link && linesOf([link])).toEqual(['Source: repo (GitRepository · flux-system)']);
    expect(link?.item.command).toMatchObject({ command: 'purser.revealFluxObject', arguments: [link?.row] });
    expect(await view.follow(link?.row)).toBe(true);
    const target = await find('repo', 'a', 'Sources');
    expect(inTree()?.revealed).toEqual([target.row]);
    expect(parentsOf(target.row)).toEqual(['section', 'cluster']);
  });

  it('says first why it is not ready, whole and cleaned', async () => {
    fluxCluster();
    const path = ['prod', 'Workloads', 'Kustomizations'] as const;
    const [why] = await expand(view, ...path, 'broken');
    expect([why?.item.label, why?.item.accessibilityInformation?.label]).toEqual([
      'no such file',
      'error, no such file',
    ]);
    expect(labelsOf(await expand(view, ...path, 'ready-2'))).toEqual(['Events']);
    const message = `dry-run failed:\n\u202e$(sync) ${'x'.repeat(1500)}`;
    const objects = [fluxObject(gitRepositories, 'repo', { state: 'not-ready', message })];
    world.cluster('/r/a.enc', new FakeSession([fluxList(gitRepositories, objects)]));
    world.changed.fire();
    const [long] = await expand(view, 'a', 'Sources', 'repo');
    expect(long?.item.label).toMatch(/^dry-run failed: \ufffd\$ \(sync\) x+…$/);
    const { tooltip } = long === undefined ? {} : view.resolveTreeItem(long.item, long.row);
    expect(tooltip).toMatchObject({ value: expect.stringMatching(/x{1500}$/) });
  });

  it('says so where what a link leads to is not there', async () => {
    const ref = { ...fluxObject(gitRepositories, 'gone').ref, apiVersion: undefined };
    const app = fluxObject(kustomizations, 'app', { dependsOn: [ref] });
    world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [app])]));
    const [link] = await expand(view, 'a', 'Workloads', 'app');
    await view.follow(link?.row);
    expect(messages.at(-1)).toContain('GitRepository flux-system/gone is not in this cluster');
  });

  it('asks for inventory and events when they are expanded, and again only after a change or Refresh', async () => {
    const app = fluxObject(kustomizations, 'app', { hasInventory: true });
    const session = world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [app])]));
    const ref = {
      apiVersion: 'apps/v1',
      group: 'apps',
      kind: 'Deployment',
      namespace: 'web',
      name: 'podinfo',
    };
    session.inventoryOf = async () => [{ ref, health: 'degraded', message: '0 of 1 ready' }];
    const path = ['a', 'Workloads', 'app'] as const;
    expect(labelsOf(await expand(view, ...path))).toEqual(['Inventory', 'Events']);
    expect(session.asked).toEqual([]);
    expect(linesOf(await expand(view, ...path, 'Inventory'))).toEqual([
      'Deployment/podinfo (web · degraded: 0 of 1 ready)',
    ]);
    expect(labelsOf(await expand(view, ...path, 'Events'))).toEqual(['No events.']);
    await expand(view, ...path, 'Inventory');
    expect(session.asked).toEqual(['inventory of app', 'events of app']);
    const items = [ref, app.ref].map((each) => ({ ref: each, health: 'healthy', message: '' }) as const);
    session.inventoryOf = async () => items;
    await view.refresh();
    const drawn = await expand(view, ...path, 'Inventory');
    expect(drawn.map(({ item }) => item.command?.command)).toEqual([
      'purser.openLiveObject',
      'purser.revealFluxObject',
    ]);
    session.change(fluxList(kustomizations, [{ ...app }]));
    await expand(view, ...path, 'Inventory');
    expect(session.asked.length).toBe(4);
  });

  it('asks again for what was collapsed and is expanded again', async () => {
    const app = fluxObject(kustomizations, 'app', { hasInventory: true });
    const session = world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [app])]));
    const path = ['a', 'Workloads', 'app'] as const;
    session.eventsOf = () => Promise.reject(new Failure('cluster.timeout', { server: 'cluster.test' }));
    expect(labelsOf(await expand(view, ...path, 'Events'))).toEqual([
      expect.stringContaining('cluster.test'),
    ]);
    session.eventsOf = async () => [{ type: 'Normal', reason: 'Done', message: '', count: 1, at: undefined }];
    await expand(view, ...path, 'Inventory');
    await expand(view, ...path, 'Events');
    expect(session.asked).toEqual(['events of app', 'inventory of app']);
    drawnAnew.length = 0;
    const { row } = await find('Events', ...path);
    inTree()?.collapse(row);
    inTree()?.collapse((await find('app', 'a', 'Workloads')).row);
    expect(drawnAnew).toEqual([[row]]);
    expect(labelsOf(await expand(view, ...path, 'Events'))).toEqual(['Done']);
    await expand(view, ...path, 'Inventory');
    expect(session.asked.slice(2)).toEqual(['events of app']);
  });

  it('shows what is not well in an inventory first, and why', async () => {
    const app = fluxObject(kustomizations, 'app', { hasInventory: true });
    const session = world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [app])]));
    const item = (name: string, health: InventoryItem['health'], message = ''): InventoryItem => ({
      ref: { apiVersion: 'v1', group: '', kind: 'ConfigMap', namespace: 'web', name },
      health,
      message,
    });
    const items = [
      item('z', 'healthy'),
      item('a', 'healthy'),
      item('m', 'missing'),
      item('u', 'unknown', 'why'),
    ];
    session.inventoryOf = async () => [...items, item('d', 'degraded', '0 of 1 ready')];
    const drawn = await expand(view, 'a', 'Workloads', 'app', 'Inventory');
    expect(linesOf(drawn)).toEqual([
      'ConfigMap/d (web · degraded: 0 of 1 ready)',
      'ConfigMap/m (web · missing)',
      'ConfigMap/u (web · unknown: why)',
      'ConfigMap/z (web)',
      'ConfigMap/a (web)',
    ]);
    expect(drawn.map((each) => each.item.command?.command)).toEqual([
      'purser.openLiveObject',
      undefined,
      ...Array.from({ length: 3 }, () => 'purser.openLiveObject'),
    ]);
  });

  it.each(['objects', 'inventory'])('shows some thousand %s, and how many more there are', async (what) => {
    const many = Array.from({ length: 2100 }, (_, index) => fluxObject(kustomizations, `app-${index}`));
    const app = fluxObject(kustomizations, 'app', { hasInventory: true });
    const session = world.cluster(
      '/r/a.enc',
      new FakeSession([fluxList(kustomizations, what === 'objects' ? many : [app])]),
    );
    session.inventoryOf = async () => many.map(({ ref }) => ({ ref, health: 'healthy', message: '' }));
    const below = what === 'objects' ? [] : ['app', 'Inventory'];
    const rows = await expand(view, 'a', 'Workloads', ...below);
    expect([rows.length, rows.at(-1)?.item.label]).toEqual([
      2001,
      what === 'objects' ? 'and 100 more: filter to see them' : 'and 100 more',
    ]);
  });

  it('says why an inventory cannot be had, and nothing once the cluster is closed', async () => {
    const app = fluxObject(kustomizations, 'app', { hasInventory: true });
    const session = world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, [app])]));
    session.inventoryOf = () => Promise.reject(new Failure('cluster.timeout', { server: 'cluster.test' }));
    const path = ['a', 'Workloads', 'app', 'Inventory'] as const;
    expect(labelsOf(await expand(view, ...path))).toEqual([expect.stringContaining('cluster.test')]);
    const { row } = await find('Inventory', ...path.slice(0, 3));
    view.disconnect((await find('a')).row);
    expect(await view.getChildren(row)).toEqual([]);
  });
});

describe('clusters in clusters', () => {
  it('stand below the one that holds their kubeconfigs, and are connected when expanded', async () => {
    const kubeConfig = { secret: 'stage-kubeconfig', key: undefined };
    const session = fluxCluster();
    session.change(fluxList(kustomizations, [fluxObject(kustomizations, 'app', { kubeConfig })]));
    session.secrets.set('flux-system/stage-kubeconfig', 'stage');
    world.sessions.set(
      'stage',
      new FakeSession([fluxList(gitRepositories, [fluxObject(gitRepositories, 'a')])]),
    );
    expect(labelsOf(await expand(view, 'prod'))).toEqual(['Workloads', 'Sources', atRest, 'Remote Clusters']);
    const remotes = await expand(view, 'prod', 'Remote Clusters');
    expect(linesOf(remotes)).toEqual(['flux-system/stage-kubeconfig (Flux kubeConfig)']);
    expect(world.connected.length).toBe(1);
    const path = ['prod', 'Remote Clusters', 'flux-system/stage-kubeconfig'] as const;
    expect(labelsOf(await expand(view, ...path))).toEqual(['Sources', atRest]);
    expect(world.connected).toEqual(['/repo/prod.enc', 'stage']);
  });

  it('of a seed are shown where there are any, with Sealed Secrets where its kind is served', async () => {
    const session = fluxCluster();
    session.served.add('kubermatic.k8c.io').add('bitnami.com');
    session.userClustersThere = [
      { id: 'abc', title: 'team-a', phase: 'Running', namespace: 'cluster-abc', encryption: 'Active' },
    ];
    const keys = [{ name: 'sealed-secrets-key1', createdAt: new Date(Number.NaN), state: 'active' }];
    session.controllers = [{ namespace: 'kube-system', name: 'sealed-secrets', port: '8080', keys }];
    await expand(view, 'prod');
    await settled();
    const sections = [
      'Workloads',
      'Sources',
      'Sealed Secrets',
      'Encryption at Rest',
      'User Clusters',
      'Encryption of User Clusters',
    ];
    expect(labelsOf(await expand(view, 'prod'))).toEqual(sections);
    expect(linesOf(await expand(view, 'prod', 'User Clusters'))).toEqual([
      'team-a (KKP · Running · encryption Active)',
    ]);
    const controllers = await expand(view, 'prod', 'Sealed Secrets');
    expect(linesOf(controllers)).toEqual(['sealed-secrets (kube-system)']);
    expect(linesOf(await expand(view, 'prod', 'Sealed Secrets', 'sealed-secrets'))).toEqual([
      'sealed-secrets-key1 (active)',
    ]);
  });
});

describe('the filter', () => {
  it('shows only what passes, says so, and hides kinds of which nothing does', async () => {
    fluxCluster();
    view.setFilter({ states: new Set(['not-ready', 'suspended']), text: '' });
    expect(labelsOf(await expand(view, 'prod'))).toEqual(['Workloads', atRest]);
    expect(linesOf(await expand(view, 'prod', 'Workloads'))).toEqual(['Kustomizations (2 of 6)']);
    const objects = await expand(view, 'prod', 'Workloads', 'Kustomizations');
    expect(labelsOf(objects)).toEqual(['broken', 'paused']);
    expect(inTree()?.message).toBe('Only not ready or suspended');
    expect(contextKeys.get('purser.clusters.filtered')).toBe(true);
    view.setFilter({ states: new Set(), text: 'FILE' });
    expect(labelsOf(await expand(view, 'prod', 'Workloads', 'Kustomizations'))).toEqual(['broken']);
    view.setFilter({ states: new Set(), text: 'nothing of the kind' });
    expect(labelsOf(await expand(view, 'prod'))).toEqual(['Nothing passes the filter.', atRest]);
    view.setFilter();
    expect((await expand(view, 'prod', 'Workloads', 'Kustomizations')).length).toBe(6);
    expect([inTree()?.message, contextKeys.get('purser.clusters.filtered')]).toEqual(['', false]);
  });

  it('hides no kind that could not be read, nor one that is still being read', async () => {
    const failure = new Failure('cluster.forbidden', { server: 'cluster.test', what: 'kustomizations' });
    const lists = [
      fluxList(kustomizations, [], { state: 'failed', failure }),
      fluxList(helmReleases, [fluxObject(helmReleases, 'a')]),
      fluxList(gitRepositories, [], { state: 'loading' }),
    ];
    world.cluster('/r/a.enc', new FakeSession(lists));
    view.setFilter({ states: new Set(['not-ready']), text: '' });
    expect(linesOf(await expand(view, 'a', 'Workloads'))).toEqual(['Kustomizations (could not be read)']);
    expect(linesOf(await expand(view, 'a'))).toEqual([
      'Workloads (1 kind could not be read)',
      'Sources (loading…)',
      atRest,
    ]);
  });

  it('is cleared when it hides what a link leads to', async () => {
    const session = fluxCluster();
    const { row } = await find('ready-2', 'prod', 'Workloads', 'Kustomizations');
    view.setFilter({ states: new Set(['suspended']), text: '' });
    if (row.row === 'flux') await view.reveal(row.cluster, row.object);
    expect([inTree()?.revealed, inTree()?.message]).toEqual([[row], '']);
    expect(session.closed).toBe(false);
  });
});

describe('commands', () => {
  it('are given rows by the tree alone: what looks like one is none', async () => {
    fluxCluster();
    const { row } = await find('prod');
    expect(view.rowOf(row)).toBe(row);
    for (const madeUp of [{ ...row }, undefined, null, 'cluster', 7, [], () => row])
      expect(view.rowOf(madeUp)).toBeUndefined();
    await view.connect({ ...row });
    expect(world.connected).toEqual([]);
    expect(await view.follow({ ...row })).toBe(false);
  });
});

it('looks at each of 1,000 objects a bounded number of times', async () => {
  let reads = 0;
  const objects = Array.from({ length: 1000 }, (_, index) => {
    const object = fluxObject(kustomizations, `app-${(index * 7919) % 1000}`);
    return {
      ...object,
      get ref() {
        reads += 1;
        return object.ref;
      },
    };
  });
  world.cluster('/r/a.enc', new FakeSession([fluxList(kustomizations, objects)]));
  expect((await expand(view, 'a', 'Workloads')).length).toBe(1000);
  // Sorting compares two names about log2(1000) times an object; twice that, and what drawing one takes.
  expect(reads).toBeLessThan(1000 * (4 * 10 * 2 + 10));
});

function parentsOf(row: Row): string[] {
  const parent = view.getParent(row);
  return parent === undefined ? [] : [parent.row, ...parentsOf(parent)];
}
