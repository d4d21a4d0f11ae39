import { afterEach, describe, expect, it } from 'vitest';
import type { ReconcileOptions } from '../../../../src/app/clusters/cluster-session.ts';
import { reconcile, systemTiming, type Timing } from '../../../../src/cluster/flux/reconcile.ts';
import { setSuspended } from '../../../../src/cluster/flux/suspend.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { inTurn, json, reset, status } from '../../../support/lying-answers.ts';
import { condition, discovery, FluxApi, flux, kindOf, type Obj, pathOf, read } from './flux-api.ts';

const asItIs: ReconcileOptions = { withSource: false, force: false, reset: false };
const withSource: ReconcileOptions = { ...asItIs, withSource: true };
const ready = { conditions: [condition('Ready', 'True')] };
const start = Date.UTC(2026, 4, 1, 10);
const token = '2026-05-01T10:00:00.000Z';
const never = new AbortController().signal;

/** Time that passes only while somebody waits. */
class Clock implements Timing {
  readonly pauses: number[] = [];
  #now = start;
  now(): number {
    return this.#now;
  }
  async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.pauses.push(milliseconds);
    this.#now += milliseconds;
  }
}

const apis: FluxApi[] = [];
afterEach(async () => {
  await Promise.all(apis.splice(0).map(({ server }) => server.stop()));
});

async function serve(...objects: readonly Obj[]): Promise<FluxApi> {
  const api = await FluxApi.start(...objects);
  apis.push(api);
  return api;
}

/** Handles what is asked at once, as a controller that is quick. */
function quick(object: Obj): void {
  const asked = object.metadata?.annotations?.['reconcile.fluxcd.io/requestedAt'];
  object.status = { ...object.status, lastHandledReconcileAt: asked };
}

function run(api: FluxApi, kind: string, options = asItIs, timing: Timing = new Clock(), signal = never) {
  return reconcile(api.client, discovery(), read(kind), options, signal, timing);
}

describe('reconciling', () => {
  it('asks by an annotation in a merge patch, and tells what came of it', async () => {
    const api = await serve(
      flux('Kustomization', { status: { ...ready, lastAppliedRevision: 'main@sha1:a' } }),
    );
    api.controller = quick;
    await expect(run(api, 'Kustomization', { ...asItIs, force: true })).resolves.toEqual({
      ready: true,
      message: 'as it should be',
      revision: 'main@sha1:a',
    });
    expect(api.patches).toEqual([
      { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': token } } },
    ]);
    const patched = api.server.asked.find(({ method }) => method === 'PATCH');
    expect(patched?.headers['content-type']).toBe('application/merge-patch+json');
    expect(patched?.query.get('fieldManager')).toBe('purser');
  });

  it('forces and resets a release with the token of the request', async () => {
    const api = await serve(flux('HelmRelease', { status: ready }));
    api.controller = quick;
    await run(api, 'HelmRelease', { withSource: false, force: true, reset: true });
    expect(api.patches).toEqual([
      {
        metadata: {
          annotations: {
            'reconcile.fluxcd.io/requestedAt': token,
            'reconcile.fluxcd.io/forceAt': token,
            'reconcile.fluxcd.io/resetAt': token,
          },
        },
      },
    ]);
  });

  it('waits until the request is handled and its outcome is known', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    const path = pathOf(flux('Kustomization'));
    const clock = new Clock();
    const at = (status: Obj) =>
      json(
        flux('Kustomization', {
          status,
          metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': token } },
        }),
      );
    const progressing = [condition('Reconciling', 'True'), condition('Ready', 'Unknown')];
    const failed = [condition('Ready', 'False', { message: 'no such path' })];
    api.server.on(
      path,
      inTurn(
        at(ready),
        at(ready), // The patch.
        at({ ...ready, lastHandledReconcileAt: '2026-04-01T00:00:00Z' }),
        reset(),
        at({ conditions: progressing, lastHandledReconcileAt: token }),
        at({ conditions: failed, lastHandledReconcileAt: token }),
      ),
    );
    await expect(run(api, 'Kustomization', asItIs, clock)).resolves.toMatchObject({
      ready: false,
      message: 'no such path',
    });
    expect(clock.pauses).toEqual([1_000, 1_500, 2_250, 3_375]);
  });

  it('is done too when a later request took its place and was handled', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    api.controller = (object) => {
      object.metadata = {
        ...object.metadata,
        annotations: { 'reconcile.fluxcd.io/requestedAt': '2026-05-01T10:00:09Z' },
      };
      quick(object);
    };
    await expect(run(api, 'Kustomization')).resolves.toMatchObject({ ready: true });
  });

  it('is done too when a request of another form, or of a clock that is behind, took its place', async () => {
    for (const other of ['1777626000', '2026-05-01T09:00:00Z']) {
      const api = await serve(flux('Kustomization', { status: ready }));
      api.controller = (object) => {
        const annotations = { 'reconcile.fluxcd.io/requestedAt': other };
        object.metadata = { ...object.metadata, annotations };
        quick(object);
      };
      const clock = new Clock();
      await expect(run(api, 'Kustomization', asItIs, clock)).resolves.toMatchObject({ ready: true });
      expect(clock.pauses).toEqual([1_000]);
    }
  });

  it('refuses what is suspended, and what gets suspended meanwhile', async () => {
    const api = await serve(flux('Kustomization', { spec: { suspend: true }, status: ready }));
    const refused = { code: 'flux.suspended', details: { what: 'Kustomization apps/podinfo' } };
    await expect(run(api, 'Kustomization')).rejects.toMatchObject(refused);
    expect(api.patches).toEqual([]);
    const other = await serve(flux('Kustomization', { status: ready }));
    other.controller = (object) => {
      object.spec = { suspend: true };
    };
    await expect(run(other, 'Kustomization')).rejects.toMatchObject(refused);
  });

  it('ends when the object is deleted, or another one takes its name', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    api.controller = (object) => {
      api.objects.delete(pathOf(object));
    };
    await expect(run(api, 'Kustomization')).rejects.toMatchObject({ code: 'cluster.not-found' });
    const other = await serve(flux('Kustomization', { status: ready }));
    other.controller = (object) => {
      object.metadata = { ...object.metadata, uid: 'u-2' };
      quick(object);
    };
    await expect(run(other, 'Kustomization')).rejects.toMatchObject({ code: 'cluster.not-found' });
  });

  it('gives up where no controller answers', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    const clock = new Clock();
    await expect(run(api, 'Kustomization', asItIs, clock)).rejects.toMatchObject({
      code: 'flux.unanswered',
      details: { what: 'Kustomization apps/podinfo', minutes: 15 },
    });
    expect(Math.max(...clock.pauses)).toBe(5_000);
    expect(api.server.count()).toBeLessThan(200);
  });

  it('gives up where the server keeps failing, or says no', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    const good = json(flux('Kustomization', { status: ready }));
    api.server.on(pathOf(flux('Kustomization')), inTurn(good, good, reset()));
    await expect(run(api, 'Kustomization')).rejects.toMatchObject({ code: 'cluster.unreachable' });
    api.server.on(pathOf(flux('Kustomization')), inTurn(good, status(403, 'Forbidden', 'no')));
    await expect(run(api, 'Kustomization')).rejects.toMatchObject({ code: 'cluster.forbidden' });
  });

  it('stops at once when it is aborted', async () => {
    const api = await serve(flux('Kustomization', { status: ready }));
    const abort = new AbortController();
    api.controller = () => setTimeout(() => abort.abort(new Error('enough')), 50);
    const slow: Timing = { ...systemTiming, pause: (_, signal) => systemTiming.pause(3_600_000, signal) };
    await expect(run(api, 'Kustomization', asItIs, slow, abort.signal)).rejects.toThrow('enough');
  });
});

describe('reconciling with the source', () => {
  const order = (api: FluxApi) =>
    api.server.asked
      .filter(({ method }) => method === 'PATCH')
      .map(({ path }) => path.split('/').slice(-2).join('/'));
  const repository = { kind: 'HelmRepository', name: 'charts' };
  const release = flux('HelmRelease', {
    spec: { chart: { spec: { sourceRef: repository } } },
    status: ready,
  });
  const chart = flux('HelmChart', {
    metadata: { name: 'apps-podinfo' },
    spec: { sourceRef: repository },
    status: ready,
  });
  const charts = flux('HelmRepository', { metadata: { name: 'charts' }, status: ready });

  it('takes repository, chart and release in this order, each once', async () => {
    const api = await serve(release, chart, charts);
    api.controller = quick;
    await run(api, 'HelmRelease', withSource);
    expect(order(api)).toEqual(['helmrepositorys/charts', 'helmcharts/apps-podinfo', 'helmreleases/podinfo']);
  });

  it('leaves out a repository that nothing reconciles, and a chart that is yet to be made', async () => {
    const oci = { ...charts, spec: { type: 'oci' }, status: {} };
    const api = await serve(release, oci);
    api.controller = quick;
    await expect(run(api, 'HelmRelease', withSource)).resolves.toMatchObject({ ready: true });
    expect(order(api)).toEqual(['helmreleases/podinfo']);
  });

  it('ends with a source that fails, and says which', async () => {
    const failed = { conditions: [condition('Ready', 'False', { message: 'no such branch' })] };
    const api = await serve(
      flux('Kustomization', { spec: { sourceRef: { kind: 'GitRepository', name: 'fleet' } }, status: ready }),
      flux('GitRepository', { metadata: { name: 'fleet' }, status: failed }),
    );
    api.controller = quick;
    await expect(run(api, 'Kustomization', withSource)).resolves.toEqual({
      ready: false,
      message: 'GitRepository apps/fleet: no such branch',
      revision: undefined,
    });
    expect(order(api)).toEqual(['gitrepositorys/fleet']);
  });

  it('goes from an artifact to who makes it', async () => {
    const api = await serve(
      flux('Kustomization', {
        spec: { sourceRef: { kind: 'ExternalArtifact', name: 'web' } },
        status: ready,
      }),
      flux('ExternalArtifact', {
        metadata: { name: 'web' },
        spec: { sourceRef: { kind: 'ArtifactGenerator', name: 'web' } },
      }),
      flux('ArtifactGenerator', { metadata: { name: 'web' }, status: ready }),
    );
    api.controller = quick;
    await run(api, 'Kustomization', withSource);
    expect(order(api)).toEqual(['artifactgenerators/web', 'kustomizations/podinfo']);
  });

  it('refuses a suspended source, and ends where sources go round in a circle', async () => {
    const include = (name: string) => ({ include: [{ repository: { name } }] });
    const circle = await serve(
      flux('GitRepository', { spec: include('b'), status: ready }),
      flux('GitRepository', { metadata: { name: 'b' }, spec: include('podinfo'), status: ready }),
    );
    circle.controller = quick;
    await run(circle, 'GitRepository', withSource);
    expect(order(circle)).toEqual(['gitrepositorys/b', 'gitrepositorys/podinfo']);
    const api = await serve(release, { ...chart, spec: { suspend: true } }, charts);
    await expect(run(api, 'HelmRelease', withSource)).rejects.toMatchObject({
      code: 'flux.suspended',
      details: { what: 'HelmChart apps/apps-podinfo' },
    });
  });
});

describe('suspending and resuming', () => {
  const set = (api: FluxApi, kind: string, suspended: boolean) =>
    setSuspended(api.client, discovery(), read(kind), suspended, never, new Clock());

  it('sets the field, and takes it away', async () => {
    const api = await serve(flux('HelmRelease', { spec: { interval: '5m' } }));
    const path = pathOf(flux('HelmRelease'));
    await set(api, 'HelmRelease', true);
    expect(api.objects.get(path)?.spec).toEqual({ interval: '5m', suspend: true });
    await set(api, 'HelmRelease', false);
    expect(api.objects.get(path)?.spec).toEqual({ interval: '5m' });
    expect(api.objects.get(path)?.metadata?.annotations).toBeUndefined();
  });

  it.each([
    ['ResourceSet', 'fluxcd.controlplane.io/reconcile', 'enabled'],
    ['ArtifactGenerator', 'source.extensions.fluxcd.io/reconcile', undefined],
  ])('annotates a %s, and asks for a reconciliation when it goes on', async (kind, name, resumed) => {
    const api = await serve(flux(kind));
    const annotations = () => api.objects.get(pathOf(flux(kind)))?.metadata?.annotations;
    await set(api, kind, true);
    expect(annotations()).toEqual({ [name]: 'disabled' });
    await set(api, kind, false);
    expect(annotations()).toEqual({
      'reconcile.fluxcd.io/requestedAt': token,
      ...(resumed === undefined ? {} : { [name]: resumed }),
    });
  });

  it('says so where the object is gone, or its kind', async () => {
    const api = await serve();
    await expect(set(api, 'Bucket', true)).rejects.toMatchObject({ code: 'cluster.not-found' });
    const gone = setSuspended(api.client, discovery('Bucket'), read('Bucket'), true, never, new Clock());
    await expect(gone).rejects.toSatisfy((error) => Failure.is(error, 'cluster.not-found'));
    expect(kindOf('ExternalArtifact').suspension.by).toBe('nothing');
  });
});
