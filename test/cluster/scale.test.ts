import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../src/app/messages.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { Failure } from '../../src/core/errors.ts';
import { dripHeaders, json, loginPage, reset, silence } from '../support/lying-answers.ts';
import { LyingCluster, named, pathOf } from '../support/lying-cluster.ts';
import { ServedObjects } from '../support/served-objects.ts';

const megabyte = 1 << 20;
const canary = 'canary-of-a-value';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** As big as a Kustomization of a fleet: patches, an inventory of 200 objects, a history. */
function bigObject(index: number) {
  const { metadata, spec, status } = named(index);
  const entries = Array.from({ length: 200 }, (_, item) => ({
    id: `apps_object-${index}-${item}_apps_Deployment`,
    v: 'v1',
  }));
  return {
    metadata,
    spec: { ...spec, patches: [{ patch: 'x'.repeat(4_000) }], values: { password: canary } },
    status: { ...status, inventory: { entries } },
  };
}

function secret(index: number) {
  return {
    metadata: { name: `secret-${index}`, namespace: 'sealing', labels: { app: 'x'.repeat(60) } },
    data: { password: canary },
  };
}

describe('1,000 Flux objects and 50,000 Secrets', () => {
  let session: ApiSession | undefined;
  let cluster: LyingCluster | undefined;
  afterAll(async () => {
    session?.close();
    await cluster?.server.stop();
  });

  it('are read with few requests and little memory', async () => {
    cluster = await LyingCluster.start();
    const { server } = cluster;
    const watched = cluster.serve('Kustomization', 700, bigObject);
    cluster.serve('HelmRelease', 200, bigObject);
    cluster.serve('GitRepository', 100, bigObject);
    const before = heapUsed();
    session = await cluster.open();
    await session.listed();
    const objects = session.flux().flatMap((list) => list.objects);
    expect(objects).toHaveLength(1_000);
    await expect.poll(() => watched.watches).toBe(1);
    const grown = heapUsed() - before;
    const bytes = JSON.stringify(objects).length;
    const asked = server.count();
    console.log(
      `1,000 Flux objects of ${JSON.stringify(bigObject(0)).length} bytes: ${asked} requests, ` +
        `${(grown / megabyte).toFixed(1)} MB of heap, ${bytes} bytes if written`,
    );
    // The version, what is served, four pages, three watches.
    expect(asked).toBeLessThanOrEqual(1 + 1 + 4 + 3);
    expect(grown).toBeLessThan(6 * megabyte);
    expect(JSON.stringify(objects)).not.toContain(canary);
  });

  it('are told of changes without being read again', async () => {
    if (session === undefined || cluster === undefined) throw new Error('not open');
    const watched = cluster.serve('HelmChart', 0);
    const [asked, connections] = [cluster.server.count(), cluster.server.connections];
    const before = session.flux();
    await expect.poll(() => watched.watches).toBe(1);
    expect(cluster.server.count() - asked).toBeLessThanOrEqual(3 * 5);
    expect(cluster.server.connections - connections).toBeLessThanOrEqual(2);
    const told = vi.fn();
    session.onDidChange(told);
    for (let index = 0; index < 1_000; index++) watched.push('ADDED', named(index));
    const charts = () => session?.flux().find(({ kind }) => kind.kind === 'HelmChart')?.objects.length;
    await expect.poll(charts).toBe(1_000);
    console.log(`1,000 events: told ${told.mock.calls.length} times`);
    expect(told.mock.calls.length).toBeLessThan(200);
    expect(session.flux().filter((list) => before.includes(list)).length).toBe(before.length - 1);
  });

  it('in one namespace tell an inventory of them how they are, page by page and without values', async () => {
    const own = await LyingCluster.start();
    const secrets = new ServedObjects(50_000, secret);
    const entries = [7, 1_499, 2, 3, 4, 5, 60_000].map((index) => ({
      id: `sealing_secret-${index}__Secret`,
      v: 'v1',
    }));
    const { metadata, spec, status } = named(0);
    const object = { metadata, spec, status: { ...status, inventory: { entries } } };
    own.serve('Kustomization', 1, () => object);
    own.server.on(
      `${pathOf('Kustomization').replace('/v1/', '/v1/namespaces/apps/')}/object-0`,
      json(object),
    );
    own.server.on('/api/v1/namespaces/sealing/secrets', secrets.answer);
    const resources = [{ name: 'secrets', kind: 'Secret', namespaced: true, verbs: ['list'] }];
    own.server.on('/api/v1', json({ kind: 'APIResourceList', resources }));
    const open = await own.open();
    await open.listed();
    const [kustomization] = open.flux()[0]?.objects ?? [];
    if (kustomization === undefined) throw new Error('not listed');
    const before = heapUsed();
    const items = await open.inventory(kustomization, AbortSignal.timeout(30_000));
    const grown = heapUsed() - before;
    const asked = own.server.count(/secrets$/);
    console.log(`7 of 50,000 Secrets: ${asked} requests, ${(grown / megabyte).toFixed(1)} MB of heap`);
    expect(items.map(({ health }) => health)).toEqual([...Array(6).fill('healthy'), 'unknown']);
    expect(asked).toBe(10);
    const accepted = own.server.asked.filter(({ path }) => path.endsWith('secrets'));
    expect(accepted.every(({ headers }) => headers.accept?.includes('as=PartialObjectMetadataList'))).toBe(
      true,
    );
    expect(grown).toBeLessThan(4 * megabyte);
    open.close();
    await own.server.stop();
  });

  it('in which the sealing keys are looked for by label, and bounded where the server knows no labels', async () => {
    const own = await LyingCluster.start();
    const secrets = new ServedObjects(50_000, secret);
    const service = { metadata: { namespace: 'sealing', name: 'ss' }, spec: { ports: [{ name: 'http' }] } };
    own.serve('SealedSecret');
    own.server.on('/api/v1/services', json({ kind: 'ServiceList', metadata: {}, items: [service] }));
    own.server.on('/api/v1/namespaces/sealing/secrets', secrets.answer);
    const open = await own.open();
    const before = heapUsed();
    const [found] = await open.sealedSecrets(AbortSignal.timeout(30_000));
    const grown = heapUsed() - before;
    const asked = own.server.count(/\/secrets$/);
    console.log(`50,000 Secrets: ${asked} requests, ${(grown / megabyte).toFixed(1)} MB of heap`);
    expect(found?.keys).toHaveLength(1_000);
    expect(asked).toBe(2);
    expect(grown).toBeLessThan(4 * megabyte);
    open.close();
    await own.server.stop();
  });
});

describe('50 clusters of which 5 are dead', () => {
  const opened: ApiSession[] = [];
  const clusters: LyingCluster[] = [];
  afterAll(async () => {
    for (const session of opened) session.close();
    await Promise.all(clusters.map(({ server }) => server.stop()));
  });

  it('are 45 that work, and 5 that say why not, in time', async () => {
    for (let index = 0; index < 50; index++) {
      const cluster = await LyingCluster.start();
      cluster.serve('Kustomization', 20);
      cluster.serve('GitRepository', 5);
      clusters.push(cluster);
    }
    const dead = [silence(), reset(), dripHeaders(50), loginPage()];
    for (const [index, answer] of dead.entries()) clusters[index]?.server.on('/version', answer);
    await clusters[4]?.server.stop();
    const before = heapUsed();
    const began = Date.now();
    const limits = { firstByte: 2_000, wholeAnswer: 4_000 };
    const settled = await Promise.allSettled(clusters.map((cluster) => cluster.open(limits)));
    const took = Date.now() - began;
    for (const each of settled) if (each.status === 'fulfilled') opened.push(each.value);
    await Promise.all(opened.map((session) => session.listed()));
    const grown = (heapUsed() - before) / megabyte;
    console.log(`50 clusters: ${took} ms, ${(grown / opened.length).toFixed(2)} MB of heap each`);
    expect(opened).toHaveLength(45);
    expect(opened.every((session) => session.flux()[0]?.objects.length === 20)).toBe(true);
    expect(settled.slice(0, 5).map((each) => each.status)).toEqual(Array(5).fill('rejected'));
    for (const each of settled) {
      if (each.status === 'fulfilled') continue;
      expect(each.reason).toBeInstanceOf(Failure);
      expect(sentenceOf(each.reason as Failure)).toContain('127.0.0.1');
    }
    expect(took).toBeLessThan(6_000);
    expect(grown / opened.length).toBeLessThan(1);
  });
});
