import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiDiscovery } from '../../../../src/cluster/api/discovery.ts';
import { reEncrypt, waysToReEncrypt } from '../../../../src/cluster/at-rest/re-encrypt.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { inTurn, json, notFound, status } from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';

const group = 'storagemigration.k8s.io';
const secrets = { group: '', resource: 'secrets' };
const canary = 'velvet-anchor-1987';

let server: LyingServer;
let now: number;
beforeEach(async () => {
  now = 0;
  server = await LyingServer.start();
  server.on(
    '/api/v1',
    json({ resources: [{ name: 'secrets', kind: 'Secret', namespaced: true, verbs: [] }] }),
  );
});
afterEach(() => server.stop());

const path = (version: string) => `/apis/${group}/${version}/storageversionmigrations`;
function serve(version: string | undefined, followed: Answer = condition('Succeeded')): void {
  const kind = 'StorageVersionMigration';
  const resource = {
    resource: 'storageversionmigrations',
    responseKind: { group, version, kind },
    scope: 'Cluster',
    verbs: [],
  };
  const items =
    version === undefined
      ? []
      : [{ metadata: { name: group }, versions: [{ version, resources: [resource] }] }];
  server.on('/apis', json({ kind: 'APIGroupDiscoveryList', items }));
  if (version === undefined) return;
  server.on(path(version), json({ metadata: { name: 'purser-abc' } }, 201));
  server.on(`${path(version)}/purser-abc`, followed);
}
const condition = (type: string, more = {}): Answer =>
  json({ status: { conditions: [{ type, status: 'True', ...more }] } });
const client = () => impatientClient(server.access());
const timing = { now: () => now, pause: async (wait: number) => void (now += wait) };
const migrate = (resource = secrets) => {
  const asked = { resource, way: 'storage-version-migration' } as const;
  const api = client();
  return reEncrypt(api, new ApiDiscovery(api), asked, () => {}, new AbortController().signal, timing);
};
const ways = (resource = secrets) =>
  waysToReEncrypt(new ApiDiscovery(client()), resource, new AbortController().signal);
const posted = () => JSON.parse(server.asked.find(({ method }) => method === 'POST')?.body ?? '{}');

describe('re-encryption', () => {
  it('is left to the cluster where that can do it, else each object is written from here', async () => {
    serve('v1');
    expect(await ways()).toEqual(['storage-version-migration', 'replace']);
    serve(undefined);
    expect(await ways()).toEqual(['replace']);
  });

  it('is refused for what the cluster does not serve', async () => {
    serve('v1');
    const failure = await rejection(ways({ group: '', resource: 'things' }));
    expect(Failure.is(failure, 'cluster.not-found') && failure.details.what).toBe('resource things');
  });

  it.each([
    ['v1', { group: '', resource: 'secrets' }],
    ['v1beta1', { group: '', resource: 'secrets' }],
    ['v1alpha1', { group: '', resource: 'secrets', version: 'v1' }],
  ])('names the resource as %s wants it', async (version, resource) => {
    serve(version);
    expect(await migrate()).toEqual({
      way: 'storage-version-migration',
      written: undefined,
      gone: 0,
      failed: [],
    });
    expect(posted()).toEqual({
      apiVersion: `${group}/${version}`,
      kind: 'StorageVersionMigration',
      metadata: { generateName: 'purser-' },
      spec: { resource },
    });
  });

  it('is followed until it is done', async () => {
    serve('v1', inTurn(json({}), condition('Running'), condition('Running'), condition('Succeeded')));
    await migrate();
    expect(server.count(`${path('v1')}/purser-abc`)).toBe(4);
  });

  it('has not succeeded before its condition is true', async () => {
    const notYet = json({ status: { conditions: [{ type: 'Succeeded', status: 'False' }] } });
    serve(
      'v1',
      inTurn(notYet, condition('Failed', { reason: 'StorageVersionMigrationFailed', message: canary })),
    );
    const failure = await rejection(migrate());
    expect(Failure.is(failure, 'migration.failed') && failure.details.reason).toBe(
      'StorageVersionMigrationFailed',
    );
    expect(JSON.stringify(failure)).not.toContain(canary);
  });

  it('is given up, and taken back, where nobody begins with it', async () => {
    serve('v1', json({}));
    const failure = await rejection(migrate());
    expect(Failure.is(failure, 'migration.unanswered') && failure.details).toMatchObject({ hasBegun: false });
    expect(now).toBeLessThan(2 * 60_000);
    expect(server.asked.at(-1)?.method).toBe('DELETE');
  });

  it('is given up, but goes on, where it does not end', async () => {
    serve('v1', condition('Running'));
    const failure = await rejection(migrate());
    expect(Failure.is(failure, 'migration.unanswered') && failure.details).toMatchObject({ hasBegun: true });
    expect(server.asked.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  it('fails where it may not be asked for, or has vanished', async () => {
    serve('v1', notFound());
    expect(Failure.is(await rejection(migrate()), 'cluster.not-found')).toBe(true);
    server.on(path('v1'), status(403, 'Forbidden', 'no'));
    const failure = await rejection(migrate());
    expect(Failure.is(failure, 'cluster.forbidden') && failure.details.what).toContain(
      'create storageversion',
    );
  });
});
