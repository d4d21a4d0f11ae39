import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../../src/cluster/api/api.ts';
import { findControllers } from '../../../../src/cluster/sealed-secrets/controllers.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { json, notFound, status } from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';
import { ServedObjects } from '../../../support/served-objects.ts';

const { signal } = new AbortController();
const services = '/api/v1/services';
const usual = '/api/v1/namespaces/kube-system/services/sealed-secrets-controller';
const keys = (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`;
const label = 'sealedsecrets.bitnami.com/sealed-secrets-key';
const forbidden = status(403, 'Forbidden', 'no');

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

const list = (...items: readonly unknown[]): Answer => json({ kind: 'List', metadata: {}, items });
const service = (namespace: string, name: string, ...ports: readonly unknown[]) => ({
  metadata: { namespace, name },
  spec: { ports },
});
const key = (name: string, createdAt: string, state = 'active') => ({
  metadata: { name, creationTimestamp: createdAt, labels: { [label]: state } },
  data: { 'tls.key': 'canary' },
});

function find(serves = true) {
  const kind = {
    group: 'bitnami.com',
    version: 'v1alpha1',
    kind: 'SealedSecret',
    plural: 'sealedsecrets',
    namespaced: true,
    verbs: [],
  };
  const discovery: Discovery = {
    refresh: () => {},
    find: () => Promise.resolve(serves ? kind : undefined),
  };
  return findControllers(impatientClient(server.access()), discovery, signal);
}

describe('the controllers of Sealed Secrets', () => {
  it('are found by their label, but for the Service with the metrics', async () => {
    server.on(services, list(service('sealing', 'ss', { name: 'http', port: 8080 }, { name: 'other' })));
    server.on(keys('sealing'), list());
    expect(await find()).toEqual([{ namespace: 'sealing', name: 'ss', port: 'http', keys: [] }]);
    expect(server.asked[0]?.query.get('labelSelector')).toBe(
      'app.kubernetes.io/name=sealed-secrets,app.kubernetes.io/component!=metrics',
    );
  });

  it.each([
    ['no Service has the label', list()],
    ['Services may not be listed', forbidden],
  ])('are looked for where they usually are if %s', async (_name, answer) => {
    server.on(services, answer);
    server.on(usual, json(service('kube-system', 'sealed-secrets-controller', { port: 8080 })));
    server.on(keys('kube-system'), list());
    expect(await find()).toEqual([
      { namespace: 'kube-system', name: 'sealed-secrets-controller', port: '', keys: [] },
    ]);
  });

  it('are looked for where they usually are also if a Service elsewhere has the label, and stand first', async () => {
    server.on(services, list(service('tenant', 'ss', { name: 'a' })));
    server.on(usual, json(service('kube-system', 'sealed-secrets-controller', { port: 8080 })));
    for (const namespace of ['tenant', 'kube-system']) server.on(keys(namespace), list());
    expect((await find()).map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'kube-system/sealed-secrets-controller',
      'tenant/ss',
    ]);
  });

  it('are told once each', async () => {
    const found = service('kube-system', 'sealed-secrets-controller', { port: 8080 });
    server.on(services, list(found)).on(usual, json(found)).on(keys('kube-system'), list());
    expect(await find()).toHaveLength(1);
  });

  it('are none where none is found', async () => {
    server.on(services, list());
    expect(await find()).toEqual([]);
  });

  it('are forbidden where nobody may look for them', async () => {
    server.on(services, forbidden).on(usual, forbidden);
    expect(await rejection(find())).toMatchObject({ code: 'cluster.forbidden' });
  });

  it('are not looked for where the cluster serves no SealedSecrets', async () => {
    expect(await find(false)).toEqual([]);
    expect(server.count()).toBe(0);
  });

  it('fail where the server does', async () => {
    server.on(services, list()).on(usual, status(500, 'InternalError', 'etcd'));
    expect(await rejection(find())).toMatchObject({ code: 'cluster.refused' });
  });
});

describe('the keys of a controller', () => {
  beforeEach(() => {
    server.on(services, list(service('sealing', 'ss', { name: 'http' })));
  });
  const found = async () => (await find())[0]?.keys;

  it('are told newest first, and their Secrets are not read', async () => {
    server.on(
      keys('sealing'),
      list(
        key('old', '2026-01-01T00:00:00Z', 'compromised'),
        key('new', '2026-03-01T00:00:00Z'),
        key('older', '2025-01-01T00:00:00Z'),
        { metadata: { name: 'odd', creationTimestamp: 'yesterday' } },
        { metadata: {} },
      ),
    );
    expect((await found())?.map(({ name, state }) => `${name}: ${state}`)).toEqual([
      'new: active',
      'old: compromised',
      'older: active',
      'odd: ',
    ]);
    const asked = server.asked.at(-1);
    expect(asked?.query.get('labelSelector')).toBe(label);
    expect(asked?.headers.accept).toContain('as=PartialObjectMetadataList');
    expect(server.count(/\/secrets\/./)).toBe(0);
  });

  it('are not known where they may not be listed', async () => {
    server.on(keys('sealing'), forbidden);
    expect(await found()).toBeUndefined();
  });

  it('are bounded, whatever the server sends', async () => {
    const many = new ServedObjects(50_000, (index) => key(`key-${index}`, '2026-01-01T00:00:00Z'));
    server.on(keys('sealing'), many.answer);
    expect(await found()).toHaveLength(1_000);
    expect(server.count(keys('sealing'))).toBe(2);
  });

  it('fail where the namespace does', async () => {
    server.on(keys('sealing'), notFound());
    expect(await rejection(find())).toMatchObject({ code: 'cluster.not-found' });
  });
});
