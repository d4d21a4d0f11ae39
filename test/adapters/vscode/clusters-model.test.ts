import { afterEach, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { FakeSession, FakeWorld } from '../../support/fake-clusters.ts';
import { registered, workspace } from '../../support/fake-vscode.ts';

afterEach(() => {
  workspace.isTrusted = true;
});

async function clusterIn(world: FakeWorld, index = 0) {
  const cluster = (await world.clusters.list()).flatMap(({ clusters }) => clusters)[index];
  if (cluster === undefined) throw new Error('there is no such cluster');
  return cluster;
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('opens no kubeconfig and loads no Kubernetes code to say which clusters there are', async () => {
  const world = new FakeWorld();
  world.cluster('/repo/b.kubeconfig.enc', new FakeSession());
  world.kubeconfigs.set('own', 'dev prod');
  const titles = (await world.clusters.list()).map(({ title }) => title);
  expect(titles).toEqual(['b', 'Your Kubeconfig']);
  expect([world.opened, world.connected, world.connectorLoads]).toEqual([[], [], 0]);
});

it('lists nothing in Restricted Mode, and connects to nothing', async () => {
  const world = new FakeWorld();
  world.cluster('/repo/a.enc', new FakeSession());
  const cluster = await clusterIn(world);
  workspace.isTrusted = false;
  await expect(world.clusters.open(cluster)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  await world.clusters.refresh();
  expect(await world.clusters.list()).toEqual([]);
  expect(world.opened).toEqual([]);
});

it('gives clusters the same ids after a restart, and none with what a kubeconfig holds', async () => {
  const ids = async () => {
    const world = new FakeWorld();
    world.cluster('/repo/a.enc', new FakeSession());
    world.kubeconfigs.set('/repo/b.enc', 'dev prod');
    const [one, several] = await Promise.all([clusterIn(world, 0), clusterIn(world, 1)]);
    await Promise.all([world.clusters.open(one), world.clusters.open(several)]);
    return world.clusters.all().map(({ id }) => id);
  };
  const first = await ids();
  expect(await ids()).toEqual(first);
  expect(new Set(first).size).toBe(3);
});

it('shares one attempt among all who ask', async () => {
  const world = new FakeWorld();
  const session = world.cluster('/repo/a.enc', new FakeSession());
  const cluster = await clusterIn(world);
  await Promise.all([world.clusters.open(cluster), world.clusters.open(cluster)]);
  await world.clusters.open(cluster);
  expect(world.connected).toEqual(['/repo/a.enc']);
  expect([cluster.state, cluster.session]).toEqual(['open', session]);
});

it('gives up an attempt when the cluster is closed meanwhile, and closes what came of it', async () => {
  const world = new FakeWorld();
  const late = world.cluster('/repo/a.enc', new FakeSession());
  let aborted = false;
  let connect = (_session: FakeSession) => {};
  world.instead.set('/repo/a.enc', (signal) => {
    signal.addEventListener('abort', () => (aborted = true));
    return new Promise((resolve) => (connect = resolve));
  });
  const cluster = await clusterIn(world);
  const opening = world.clusters.open(cluster);
  await soon();
  expect(cluster.state).toBe('opening');
  world.clusters.close(cluster);
  expect([cluster.state, aborted]).toEqual(['closed', true]);
  connect(late);
  await opening;
  expect([cluster.state, cluster.session, late.closed]).toEqual(['closed', undefined, true]);
});

it('keeps why a cluster could not be opened until it is tried again', async () => {
  const world = new FakeWorld();
  const session = world.cluster('/repo/a.enc', new FakeSession());
  const unreachable = new Failure('cluster.unreachable', { server: 'cluster.test:6443', reason: 'refused' });
  world.instead.set('/repo/a.enc', async () => Promise.reject(unreachable));
  const cluster = await clusterIn(world);
  await world.clusters.open(cluster);
  expect([cluster.state, cluster.failure]).toEqual(['failed', unreachable]);
  world.instead.clear();
  await world.clusters.open(cluster);
  expect([cluster.state, cluster.failure, cluster.session]).toEqual(['open', undefined, session]);
  expect(world.bugs).toEqual([]);
});

it('tells bugs apart from failures, and from a person who declined', async () => {
  const world = new FakeWorld();
  world.kubeconfigs.set('/repo/a.enc', 'a');
  world.kubeconfigs.set('/repo/b.enc', 'b');
  const declined = new DOMException('declined', 'AbortError');
  world.instead.set('b', async () => Promise.reject(declined));
  const [bug, no] = [await clusterIn(world, 0), await clusterIn(world, 1)];
  await Promise.all([world.clusters.open(bug), world.clusters.open(no)]);
  expect([bug.state, no.state]).toEqual(['failed', 'closed']);
  expect(world.bugs).toEqual([bug.failure]);
});

it('shows the contexts of a sealed kubeconfig once it was opened, and connects to none of several', async () => {
  const world = new FakeWorld();
  world.kubeconfigs.set('/repo/a.enc', 'dev prod');
  const prod = new FakeSession();
  world.sessions.set('prod', prod);
  await world.clusters.open(await clusterIn(world));
  expect(world.connected).toEqual([]);
  const [kubeconfig] = await world.clusters.list();
  expect(kubeconfig?.clusters.map(({ title, state }) => [title, state])).toEqual([
    ['dev', 'closed'],
    ['prod', 'closed'],
  ]);
  const cluster = await clusterIn(world, 1);
  await world.clusters.open(cluster);
  expect([world.connected, cluster.session]).toEqual([['prod'], prod]);
});

it('tells clusters in files of the same name apart as long as there are several, and keeps them', async () => {
  const world = new FakeWorld();
  const session = world.cluster('/repo/east/prod.enc', new FakeSession());
  const cluster = await clusterIn(world);
  await world.clusters.open(cluster);
  expect(cluster.title).toBe('prod');
  world.kubeconfigs.set('/repo/west/prod.enc', 'dev prod');
  await world.clusters.refresh();
  await world.clusters.read((await world.clusters.list())[1] ?? expect.fail('there is no second one'));
  expect((await world.clusters.list()).map(({ title }) => title)).toEqual(['east/prod', 'west/prod']);
  expect([cluster.title, cluster.state, cluster.session]).toEqual(['east/prod', 'open', session]);
  world.kubeconfigs.delete('/repo/west/prod.enc');
  await world.clusters.refresh();
  expect([cluster.title, cluster.session]).toEqual(['prod', session]);
});

it('keeps a session when its file changes, and closes it when the file vanishes', async () => {
  const world = new FakeWorld();
  const session = world.cluster('/repo/a.enc', new FakeSession());
  const cluster = await clusterIn(world);
  await world.clusters.open(cluster);
  world.changed.fire();
  await soon();
  expect([cluster.state, session.closed, await clusterIn(world)]).toEqual(['open', false, cluster]);
  world.kubeconfigs.clear();
  world.changed.fire();
  await soon();
  expect([session.closed, await world.clusters.list()]).toEqual([true, []]);
});

it('connects nothing anew when the list is refreshed', async () => {
  const world = new FakeWorld();
  world.cluster('/repo/a.enc', new FakeSession());
  world.kubeconfigs.set('/repo/b.enc', 'dev prod');
  const [open, several] = [await clusterIn(world, 0), await clusterIn(world, 1)];
  await Promise.all([world.clusters.open(open), world.clusters.open(several)]);
  const [opened, connected] = [[...world.opened], [...world.connected]];
  await world.clusters.refresh();
  expect([world.opened, world.connected, open.state]).toEqual([opened, connected, 'open']);
});

it("closes clusters with the one that holds their kubeconfig, and opens them from that one's Secrets", async () => {
  const world = new FakeWorld();
  const seed = world.cluster('/repo/seed.enc', new FakeSession());
  const inner = new FakeSession();
  world.sessions.set('inner', inner);
  seed.secrets.set('cluster-abc/admin-kubeconfig', 'inner');
  const cluster = await clusterIn(world);
  await world.clusters.open(cluster);
  const source = {
    from: 'user-cluster',
    id: 'k8s1',
    via: cluster.id,
    namespace: 'cluster-abc',
    title: 'abc',
    phase: '',
    encryption: undefined,
  } as const;
  const [remote] = world.clusters.remotes(cluster, 'user-cluster', [source]);
  if (remote === undefined) throw new Error('there is no remote cluster');
  await world.clusters.open(remote);
  expect([world.connected.at(-1), remote.state]).toEqual(['inner', 'open']);
  expect(world.clusters.remotes(cluster, 'user-cluster', [source])).toEqual([remote]);
  world.clusters.close(cluster);
  expect([inner.closed, seed.closed, world.clusters.all()]).toEqual([true, true, [cluster]]);
});

it('leaves nothing connected and nothing registered after it is disposed of', async () => {
  registered.clear();
  const world = new FakeWorld();
  const session = world.cluster('/repo/a.enc', new FakeSession());
  await world.clusters.open(await clusterIn(world));
  world.clusters.dispose();
  world.changed.dispose();
  expect([session.closed, [...registered]]).toEqual([true, []]);
});
