import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/app/clusters/flux-object.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { Failure } from '../../src/core/errors.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { applied, give, namespaceOfTests, release, repository, workloads } from './objects.ts';
import { clientOf, fluxObject, knownObject, openSession, until } from './open-session.ts';
import { StandInController } from './stand-in-controller.ts';

const canary = 'canary-of-the-password';
const running = {
  ...release,
  metadata: { name: 'running', namespace: 'apps' },
  spec: { ...(release['spec'] as object), suspend: false },
};
const paths = [
  '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/apps/kustomizations/web',
  '/apis/source.toolkit.fluxcd.io/v1/namespaces/apps/gitrepositories/fleet',
  '/apis/helm.toolkit.fluxcd.io/v2/namespaces/apps/helmreleases/running',
];
const plainly = { withSource: false, force: false, reset: false };
const requestedAt = 'reconcile.fluxcd.io/requestedAt';

describeKubeApi('what a person does with Flux objects', () => {
  let api: KubeApi;
  let session: ApiSession;
  const signal = AbortSignal.timeout(110_000);

  beforeAll(async () => {
    api = await startKubeApi();
    await api.applyCrds('flux');
    await give(api, [namespaceOfTests, repository, applied, release, running, ...workloads(canary)]);
    session = await openSession(api);
    await session.listed();
  });
  afterAll(async () => {
    session?.close();
    await api?.stop();
  });

  it('reconciling waits until the controller has answered, its source first', async () => {
    const controller = new StandInController(clientOf(api), paths);
    const web = knownObject(session, 'Kustomization', 'web');
    const done = await session.reconcile(web, { ...plainly, withSource: true }, signal);
    await controller.stop();
    expect(done).toMatchObject({ ready: true, message: 'reconciled anew' });
    expect(controller.handled.map(({ name }) => name)).toEqual(['fleet', 'web']);
  });

  it('reconciling a release by force repeats the token of the request', async () => {
    const controller = new StandInController(clientOf(api), paths);
    const object = knownObject(session, 'HelmRelease', 'running');
    await session.reconcile(object, { withSource: false, force: true, reset: true }, signal);
    await controller.stop();
    const [handled] = controller.handled;
    const token = handled?.annotations[requestedAt];
    expect(token).toMatch(/^\d{4}-/);
    expect(handled?.annotations).toMatchObject({
      'reconcile.fluxcd.io/forceAt': token,
      'reconcile.fluxcd.io/resetAt': token,
    });
  });

  it('reconciling can be given up while no controller answers', async () => {
    const giveUp = new AbortController();
    const asked = session.reconcile(knownObject(session, 'Kustomization', 'web'), plainly, giveUp.signal);
    const reason = new Error('given up');
    setTimeout(() => giveUp.abort(reason), 1_500);
    await expect(asked).rejects.toBe(reason);
  });

  it('reconciling what is suspended is refused, and asks for nothing', async () => {
    const asked = session.reconcile(knownObject(session, 'HelmRelease', 'podinfo'), plainly, signal);
    await expect(asked).rejects.toSatisfy((error) => Failure.is(error, 'flux.suspended'));
    const json = await api.kubectl(['get', 'helmrelease', 'podinfo', '-n', 'apps', '-o', 'json']);
    expect(json).not.toContain(requestedAt);
  });

  it('suspending and resuming are written into the object', async () => {
    const suspended = () =>
      api.kubectl(['get', 'kustomization', 'web', '-n', 'apps', '-o', 'jsonpath={.spec.suspend}']);
    await session.setSuspended(knownObject(session, 'Kustomization', 'web'), true, signal);
    expect(await suspended()).toBe('true');
    await until(session, () => fluxObject(session, 'Kustomization', 'web')?.state === 'suspended');
    await session.setSuspended(knownObject(session, 'Kustomization', 'web'), false, signal);
    expect(await suspended()).toBe('');
    await until(session, () => fluxObject(session, 'Kustomization', 'web')?.state === 'reconciling');
  });

  it('suspending what is gone says so', async () => {
    const gone = { ...knownObject(session, 'Kustomization', 'web') };
    const ref = { ...gone.ref, name: 'gone' };
    const asked = session.setSuspended({ ...gone, ref }, true, signal);
    await expect(asked).rejects.toSatisfy((error) => Failure.is(error, 'cluster.not-found'));
  });

  it('the inventory tells how each object is, and which is missing', async () => {
    const items = await session.inventory(knownObject(session, 'Kustomization', 'web'), signal);
    expect(items.map(({ ref, health }) => `${ref.kind} ${ref.namespace}/${ref.name}: ${health}`)).toEqual([
      'Deployment apps/web: healthy',
      'ConfigMap apps/settings: healthy',
      'Secret apps/credentials: healthy',
      'ConfigMap apps/gone: missing',
    ]);
  });

  it('a live Secret is read without its values', async () => {
    const ref: ObjectRef = {
      apiVersion: undefined,
      group: '',
      kind: 'Secret',
      namespace: 'apps',
      name: 'credentials',
    };
    const yaml = await session.live(ref, signal);
    expect(yaml).toContain('name: credentials');
    expect(yaml).toMatch(/password: .*22 bytes/);
    expect(yaml).not.toContain(canary);
    expect(yaml).not.toContain(Buffer.from(canary).toString('base64'));
    expect(yaml).not.toContain('managedFields');
  });

  it('a live Flux object is read as it is', async () => {
    const yaml = await session.live(knownObject(session, 'Kustomization', 'web').ref, signal);
    expect(yaml).toContain('path: ./web');
    expect(yaml).toContain('reconciled anew');
  });

  it('events are read, newest first', async () => {
    const { uid } = knownObject(session, 'Kustomization', 'web');
    const involvedObject = { kind: 'Kustomization', name: 'web', namespace: 'apps', uid };
    const event = (name: string, type: string, lastTimestamp: string) => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: 'apps' },
      involvedObject,
      type,
      reason: name,
      message: `about ${name}`,
      count: 3,
      lastTimestamp,
    });
    await give(api, [
      event('older', 'Normal', '2026-01-02T03:04:05Z'),
      event('newer', 'Warning', '2026-01-02T04:05:06Z'),
    ]);
    const events = await session.events(knownObject(session, 'Kustomization', 'web'), signal);
    expect(events.map(({ type, reason, count }) => [type, reason, count])).toEqual([
      ['Warning', 'newer', 3],
      ['Normal', 'older', 3],
    ]);
  });
});
