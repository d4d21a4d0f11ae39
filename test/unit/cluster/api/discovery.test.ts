import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiDiscovery } from '../../../../src/cluster/api/discovery.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { runs } from '../../../support/arbitraries.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { inTurn, json, reset, silence, status } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const { signal } = new AbortController();
const helm = 'helm.toolkit.fluxcd.io';

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());
const discovery = () => new ApiDiscovery(impatientClient(server.access()));

const releases = { kind: 'HelmRelease', name: 'helmreleases', namespaced: true, verbs: ['get', 'list'] };
const discovered = (resource: string, kind: string, scope = 'Namespaced') => ({
  resource,
  responseKind: { group: helm, version: 'v2', kind },
  scope,
  verbs: ['get', 'list'],
});
const aggregated = (...items: readonly unknown[]) =>
  json({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items });
const group = (name: string, ...versions: readonly unknown[]) => ({ metadata: { name }, versions });
const groups = (preferred: string, ...versions: readonly string[]) =>
  json({
    kind: 'APIGroupList',
    groups: [
      {
        name: helm,
        versions: versions.map((version) => ({ groupVersion: `${helm}/${version}`, version })),
        preferredVersion: { version: preferred },
      },
    ],
  });

describe('what a cluster serves', () => {
  it('is known from one answer where the server can', async () => {
    const v2 = { version: 'v2', resources: [discovered('helmreleases', 'HelmRelease')] };
    const old = {
      version: 'v2beta1',
      resources: [discovered('helmreleases', 'HelmRelease'), discovered('olds', 'Old', 'Cluster')],
    };
    server.on('/apis', aggregated(group(helm, v2, old)));
    const found = discovery();
    expect(await found.find(helm, 'HelmRelease', signal)).toEqual({
      group: helm,
      version: 'v2',
      kind: 'HelmRelease',
      plural: 'helmreleases',
      namespaced: true,
      verbs: ['get', 'list'],
    });
    expect(await found.find(helm, 'Old', signal)).toMatchObject({ version: 'v2beta1', namespaced: false });
    expect(await found.find('source.toolkit.fluxcd.io', 'Bucket', signal)).toBeUndefined();
    expect(server.count()).toBe(1);
    expect(server.asked[0]?.headers.accept).toContain('as=APIGroupDiscoveryList');
  });

  it('is asked group by group where it cannot, the preferred version first', async () => {
    server
      .on('/apis', groups('v2', 'v2beta2', 'v2', 'v2beta1'))
      .on(
        `/apis/${helm}/v2`,
        json({
          kind: 'APIResourceList',
          resources: [{ ...releases, name: 'helmreleases/status' }, releases],
        }),
      )
      .on(
        `/apis/${helm}/v2beta2`,
        json({ kind: 'APIResourceList', resources: [{ ...releases, kind: 'Old', name: 'olds' }] }),
      );
    const found = discovery();
    expect(await found.find(helm, 'HelmRelease', signal)).toMatchObject({
      version: 'v2',
      plural: 'helmreleases',
    });
    expect(server.asked.map(({ path }) => path)).toEqual(['/apis', `/apis/${helm}/v2`]);
    expect(await found.find(helm, 'Old', signal)).toMatchObject({ version: 'v2beta2' });
    // A version that is announced and not there: its server may be down.
    expect(await found.find(helm, 'None', signal)).toBeUndefined();
    expect(await found.find(helm, 'None', signal)).toBeUndefined();
    expect(server.count()).toBe(4);
  });

  it('holds the core group, too', async () => {
    server.on(
      '/api/v1',
      json({ resources: [{ kind: 'Namespace', name: 'namespaces', namespaced: false, verbs: [] }] }),
    );
    expect(await discovery().find('', 'Namespace', signal)).toMatchObject({
      group: '',
      version: 'v1',
      namespaced: false,
    });
    expect(server.count()).toBe(1);
  });

  it('is asked once by many, and again after a failure', async () => {
    server.on('/apis', inTurn(reset(), status(403, 'Forbidden', ''), aggregated(group(helm))));
    const found = discovery();
    const ask = () => Promise.allSettled([1, 2, 3].map(() => found.find(helm, 'HelmRelease', signal)));
    expect((await ask()).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await rejection(found.find(helm, 'HelmRelease', signal))).toMatchObject({
      code: 'cluster.forbidden',
    });
    expect((await ask()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(server.count()).toBe(3);
  });

  it('is asked anew after a refresh', async () => {
    const v2 = { version: 'v2', resources: [discovered('helmreleases', 'HelmRelease')] };
    server.on('/apis', inTurn(aggregated(), aggregated(group(helm, v2))));
    const found = discovery();
    expect(await found.find(helm, 'HelmRelease', signal)).toBeUndefined();
    found.refresh();
    expect(await found.find(helm, 'HelmRelease', signal)).toMatchObject({ version: 'v2' });
  });

  it('is not lost for others when one no longer waits', async () => {
    server.on('/apis', async (response, asked, nth) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await aggregated(group(helm))(response, asked, nth);
    });
    const found = discovery();
    const controller = new AbortController();
    const first = rejection(found.find(helm, 'HelmRelease', controller.signal));
    const second = found.find(helm, 'HelmRelease', signal);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await first).toBe(reason);
    expect(await second).toBeUndefined();
    expect(server.count()).toBe(1);
  });

  it('ends with a server that says nothing', async () => {
    server.on('/apis', silence());
    const client = impatientClient(server.access(), { firstByte: 50 });
    expect(await rejection(new ApiDiscovery(client).find(helm, 'X', signal))).toMatchObject({
      code: 'cluster.timeout',
    });
  });

  it.each([{}, [], 'text', { items: {} }, null])('is not %j', async (answer) => {
    server.on(/./, json(answer));
    expect(await rejection(discovery().find(helm, 'X', signal))).toMatchObject({
      code: 'cluster.bad-answer',
    });
    expect(await rejection(discovery().find('', 'X', signal))).toMatchObject({ code: 'cluster.bad-answer' });
  });
});

describe('names that would lead elsewhere', () => {
  const bad = ['..', '../../x', 'a/b', 'a?b', 'a#b', 'A', '', 'a\u202eb', '-a', 'a'.repeat(300), 'a%2fb'];
  it.each(bad)('are left out: %j', async (name) => {
    const good = { version: 'v2', resources: [discovered('helmreleases', 'HelmRelease')] };
    server.on(
      '/apis',
      aggregated(
        null,
        group(name, good),
        group(
          helm,
          { ...good, version: name },
          { version: 'v2', resources: [discovered(name, 'HelmRelease'), 7] },
        ),
      ),
    );
    const found = discovery();
    expect(await found.find(name === '' ? 'x' : name, 'HelmRelease', signal)).toBeUndefined();
    expect(await found.find(helm, 'HelmRelease', signal)).toBeUndefined();
    server.on('/apis', groups(name, name));
    expect(await discovery().find(helm, 'HelmRelease', signal)).toBeUndefined();
    expect(server.asked.map(({ path }) => path)).toEqual(['/apis', '/apis']);
  });
});

describe('whatever a server answers', () => {
  it('is a kind, none, or a failure', async () => {
    let answer: unknown;
    server.on(/./, (response, asked, nth) => json(answer)(response, asked, nth));
    const client = impatientClient(server.access());
    const name = fc.oneof(fc.constant(helm), fc.string(), fc.jsonValue());
    const version = fc.record({
      version: name,
      resources: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    });
    const lists = fc.record(
      {
        items: fc.array(
          fc.record({ metadata: fc.record({ name }), versions: fc.oneof(fc.array(version), fc.jsonValue()) }),
        ),
        groups: fc.array(
          fc.record({
            name,
            versions: fc.oneof(fc.array(version), fc.jsonValue()),
            preferredVersion: fc.jsonValue(),
          }),
        ),
        resources: fc.array(fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), lists), async (value) => {
        answer = value;
        const found = new ApiDiscovery(client);
        for (const group of [helm, ''])
          await found
            .find(group, 'HelmRelease', signal)
            .catch((error: unknown) => expect(error).toBeInstanceOf(Failure));
      }),
      runs(150),
    );
    client.close();
  });
});
