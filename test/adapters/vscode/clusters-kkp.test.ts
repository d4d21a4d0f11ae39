import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { KkpEncryption } from '../../../src/app/kkp/kkp-encryption.ts';
import { Failure } from '../../../src/core/errors.ts';
import { ClustersView } from '../../../src/vscode/clusters/clusters-view.ts';
import { KubeconfigDrop } from '../../../src/vscode/clusters/drop-kubeconfig.ts';
import { FakeSession, FakeWorld } from '../../support/fake-clusters.ts';
import { workspace } from '../../support/fake-vscode.ts';
import { expand, labelsOf, linesOf } from '../../support/tree.ts';

let world: FakeWorld;
let view: ClustersView;
let seed: FakeSession;

beforeEach(async () => {
  workspace.workspaceFolders = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  world = new FakeWorld();
  const drop = new KubeconfigDrop(async () => undefined);
  view = new ClustersView(world.clusters, drop, () => undefined);
  seed = world.cluster('/repo/seed.enc', new FakeSession());
  seed.served.add('kubermatic.k8c.io');
  const user = { phase: 'Running', namespace: 'cluster-abc' };
  seed.userClustersThere = [
    { ...user, id: 'abc', title: 'team-a', encryption: 'EncryptionNeeded' },
    { ...user, id: 'def', title: 'team-10', namespace: 'cluster-def', encryption: undefined },
  ];
  seed.kkpThere.set('abc', rotating);
  await expand(view, 'seed');
  await vi.advanceTimersByTimeAsync(200);
});

afterEach(() => {
  vi.useRealTimers();
  view.dispose();
  world.clusters.dispose();
  world.changed.dispose();
});

const rotating: KkpEncryption = {
  cluster: 'abc',
  hash: '',
  feature: true,
  spec: {
    enabled: true,
    resources: ['secrets'],
    keys: [
      { name: 'new', from: { secret: 's', key: 'new' } },
      { name: 'old', from: 'value' },
    ],
  },
  status: { phase: 'EncryptionNeeded', activeKey: 'secretbox/old', resources: ['secrets'] },
  conditions: [{ type: 'EncryptionInitialized', status: 'True', message: 'done\u202e', since: undefined }],
  rollout: { rendered: true, apiServers: 2, updated: 2 },
};

it("tells of user clusters' encryption without connecting to any of them", async () => {
  const path = ['seed', 'Encryption of User Clusters'] as const;
  expect(linesOf(await expand(view, ...path))).toEqual(['team-10 (Off)', 'team-a (Rotating)']);
  const facts = linesOf(await expand(view, ...path, 'team-a'));
  expect(facts[0]).toBe('Phase (Rotating · A Job writes every object of the encrypted resources anew.)');
  expect(facts).toContain('Active Key (secretbox/old)');
  expect(facts).toContain('Keys (new (Secret s#new), old (in the Cluster, in clear))');
  expect(facts).toContain('API Servers (2 of 2 have the configuration that KKP rendered)');
  expect(facts).toContain('EncryptionInitialized (True · done\ufffd)');
  expect(facts.at(-1)).toBe('Next (Wait: KKP takes no change until the phase is Active.)');
  expect(world.connected).toHaveLength(1);
});

it('says in the row of a user cluster what its encryption is', async () => {
  const rows = await expand(view, 'seed', 'User Clusters');
  for (const { item } of rows) expect(item.contextValue).toBe('purser.cluster.closed+kkp');
  expect(linesOf(rows)).toEqual(['team-10 (KKP · Running)', 'team-a (KKP · Running · encryption Rotating)']);
});

it('gives the rows a shield, and a place for what can be done', async () => {
  const rows = await expand(view, 'seed', 'Encryption of User Clusters');
  for (const { item } of rows)
    expect(item).toMatchObject({ contextValue: 'purser.kkp-cluster', iconPath: { id: 'shield' } });
  expect(rows.map(({ item }) => item.accessibilityInformation?.label)).toEqual([
    'team-10, Off',
    'team-a, Rotating, warning',
  ]);
});

it('says why where the seed does not tell', async () => {
  seed.kkpEncryption = async () => {
    throw new Failure('cluster.forbidden', {
      server: 'seed.test',
      what: 'get clusters.kubermatic.k8c.io abc',
    });
  };
  const rows = await expand(view, 'seed', 'Encryption of User Clusters', 'team-a');
  expect(labelsOf(rows)).toEqual([expect.stringContaining('clusters.kubermatic.k8c.io abc')]);
});
