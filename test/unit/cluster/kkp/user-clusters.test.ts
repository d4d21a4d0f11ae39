import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../src/cluster/api/api.ts';
import { listUserClusters } from '../../../../src/cluster/kkp/user-clusters.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { json, status } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';
import { ServedObjects } from '../../../support/served-objects.ts';

const { signal } = new AbortController();
const path = '/apis/kubermatic.k8c.io/v1/clusters';

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

/** A seed serves the kind, another cluster does not. */
function seed(serves = true): Discovery {
  const kind = {
    group: 'kubermatic.k8c.io',
    version: 'v1',
    kind: 'Cluster',
    plural: 'clusters',
    namespaced: false,
    verbs: [],
  };
  return { refresh: () => {}, find: () => Promise.resolve(serves ? kind : undefined) };
}
const list = (discovery = seed()) => listUserClusters(impatientClient(server.access()), discovery, signal);

describe('the user clusters of a KKP seed', () => {
  it('are told by name, phase and the namespace of their kubeconfig', async () => {
    const items = [
      {
        metadata: { name: 'abc' },
        spec: { humanReadableName: 'Shop', encryptionConfiguration: { key: 'canary' } },
        status: { phase: 'Running', namespaceName: 'cluster-abc', encryption: { phase: 'Active' } },
      },
      { metadata: { name: 'new' } },
      { metadata: { name: 'newer' }, status: { encryption: { phase: 'Resealing' } } },
      { metadata: {} },
      null,
    ];
    server.on(path, json({ kind: 'ClusterList', metadata: {}, items }));
    expect(await list()).toEqual([
      { id: 'abc', title: 'Shop', phase: 'Running', namespace: 'cluster-abc', encryption: 'Active' },
      { id: 'new', title: 'new', phase: '', namespace: 'cluster-new', encryption: undefined },
      { id: 'newer', title: 'newer', phase: '', namespace: 'cluster-newer', encryption: 'other' },
    ]);
  });

  it('are read page by page', async () => {
    const served = new ServedObjects(250, (index) => ({ metadata: { name: `c-${index}` } }));
    server.on(path, served.answer);
    expect(await list()).toHaveLength(250);
    expect(server.count(path)).toBe(3);
  });

  it('are not asked for where the cluster is no seed', async () => {
    expect(await list(seed(false))).toBeUndefined();
    expect(server.count()).toBe(0);
  });

  it('may be forbidden', async () => {
    server.on(path, status(403, 'Forbidden', 'no'));
    expect(await rejection(list())).toMatchObject({ code: 'cluster.forbidden' });
  });
});
