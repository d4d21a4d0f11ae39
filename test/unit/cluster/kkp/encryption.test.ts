import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../src/cluster/api/api.ts';
import { readKkpEncryption } from '../../../../src/cluster/kkp/encryption.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { json, status } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const { signal } = new AbortController();
const path = '/apis/kubermatic.k8c.io/v1/clusters/abc';
const secret = '/api/v1/namespaces/cluster-abc/secrets/apiserver-encryption-configuration';
const pods = '/api/v1/namespaces/cluster-abc/pods';
const key = Buffer.alloc(32, 77).toString('base64');

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

const kind = {
  group: 'kubermatic.k8c.io',
  version: 'v1',
  kind: 'Cluster',
  plural: 'clusters',
  namespaced: false,
  verbs: [],
};
const discovery = (serves: boolean): Discovery => ({
  refresh: () => {},
  find: () => Promise.resolve(serves ? kind : undefined),
});
const read = (serves = true) =>
  readKkpEncryption(impatientClient(server.access()), discovery(serves), 'abc', signal);

const cluster = (more: object = {}) => ({
  metadata: { name: 'abc' },
  spec: {
    features: { encryptionAtRest: true },
    encryptionConfiguration: {
      enabled: true,
      resources: ['secrets'],
      secretbox: { keys: [{ name: 'a', value: key }] },
    },
  },
  status: { encryption: { phase: 'Active', activeKey: 'secretbox/a', encryptedResources: ['secrets'] } },
  ...more,
});

describe('what a seed tells of the encryption of a user cluster', () => {
  it('is not that it is off, where the phase is one of a newer KKP', async () => {
    const encryption = { phase: 'Decrypting', activeKey: 'secretbox/a', encryptedResources: ['secrets'] };
    server.on(path, json(cluster({ spec: {}, status: { encryption } })));
    await expect(read()).rejects.toThrow('cluster.bad-answer');
  });

  it('holds no key, whatever the seed sends', async () => {
    server.on(path, json(cluster()));
    // A server that knows no metadata of its own sends the whole Secret.
    server.on(
      secret,
      json({ metadata: { resourceVersion: '7' }, data: { 'encryption-configuration.yaml': key } }),
    );
    server.on(pods, json({ kind: 'PodList', metadata: {}, items: [] }));
    const told = await read();
    expect(told?.spec?.keys).toEqual([{ name: 'a', from: 'value' }]);
    expect(told?.rollout).toEqual({ rendered: false, apiServers: 0, updated: 0 });
    expect(JSON.stringify(told)).not.toContain(key);
  });

  it('is had without asking for more of the Secret than its metadata', async () => {
    server.on(path, json(cluster()));
    server.on(secret, json({ metadata: {} }));
    server.on(pods, json({ kind: 'PodList', metadata: {}, items: [] }));
    await read();
    const asked = server.asked.filter(({ path }) => path.startsWith('/api/v1/'));
    expect(asked).toHaveLength(2);
    for (const { headers } of asked) expect(headers.accept).toMatch(/as=PartialObjectMetadata/);
  });

  it.each([
    ['nothing', {}],
    ['lists for objects', { spec: [], status: [] }],
    [
      'texts for objects',
      { spec: { encryptionConfiguration: 'on' }, status: { encryption: 'Active', conditions: 'all' } },
    ],
  ])('is that it is off, where the seed sends %s', async (_, answer) => {
    server.on(path, json(answer));
    expect(await read()).toMatchObject({
      cluster: 'abc',
      spec: undefined,
      status: undefined,
      rollout: undefined,
    });
    expect(server.count(secret)).toBe(0);
  });

  it('is cut where it is endless', async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => ({ name: `${index}`.padEnd(2000, 'x') }));
    const conditions = Object.fromEntries(keys.map(({ name }) => [`Encryption${name}`, { message: name }]));
    server.on(
      path,
      json(cluster({ spec: { encryptionConfiguration: { secretbox: { keys } } }, status: { conditions } })),
    );
    const told = await read();
    expect(JSON.stringify(told).length).toBeLessThan(300_000);
  });

  it('lacks the rollout where that may not be seen, and fails where the Cluster may not', async () => {
    server.on(path, json(cluster()));
    server.on(secret, status(403, 'Forbidden', 'no'));
    server.on(pods, json({ kind: 'PodList', metadata: {}, items: [] }));
    expect((await read())?.rollout).toBeUndefined();
    server.on(path, status(403, 'Forbidden', 'no'));
    expect(await rejection(read())).toMatchObject({ code: 'cluster.forbidden' });
  });

  it('is nothing where the cluster is no seed', async () => {
    expect(await read(false)).toBeUndefined();
    expect(server.count()).toBe(0);
  });
});
