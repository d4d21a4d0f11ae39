import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiSession } from '../../src/cluster/session.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import {
  applied,
  broken,
  condition,
  fetching,
  give,
  namespaceOfTests,
  provider,
  release,
  repository,
  setStatus,
} from './objects.ts';
import { fluxObject, knownObject, openSession, until } from './open-session.ts';

describeKubeApi('the Flux objects of a cluster', () => {
  let api: KubeApi;
  let session: ApiSession;

  beforeAll(async () => {
    api = await startKubeApi();
    await api.applyCrds('flux');
    await give(api, [namespaceOfTests, repository, fetching, applied, broken, release, provider]);
    session = await openSession(api);
    await session.listed();
  });
  afterAll(async () => {
    session?.close();
    await api?.stop();
  });

  const stateOf = (kind: string) => session.flux().find((list) => list.kind.kind === kind)?.state;

  it('are told with what their controllers said', () => {
    expect(knownObject(session, 'GitRepository', 'fleet')).toMatchObject({
      ref: { apiVersion: 'source.toolkit.fluxcd.io/v1', namespace: 'apps' },
      state: 'ready',
      message: 'stored artifact',
      revision: 'main@sha1:0123456789012345678901234567890123456789',
    });
    expect(knownObject(session, 'Kustomization', 'web')).toMatchObject({
      state: 'ready',
      hasInventory: true,
      sources: [{ kind: 'GitRepository', namespace: 'apps', name: 'fleet' }],
    });
    expect(knownObject(session, 'Kustomization', 'broken')).toMatchObject({
      state: 'not-ready',
      reason: 'BuildFailed',
      message: 'kustomization path not found',
      dependsOn: [{ kind: 'Kustomization', namespace: 'apps', name: 'web' }],
      kubeConfig: { secret: 'tenant-kubeconfig' },
    });
    expect(knownObject(session, 'GitRepository', 'fetching').state).toBe('reconciling');
    expect(knownObject(session, 'HelmRelease', 'podinfo').state).toBe('suspended');
    expect(knownObject(session, 'Provider', 'chat').state).toBe('static');
  });

  it('are told kind by kind, what is not installed too', () => {
    expect(session.flux().map(({ kind, state }) => `${kind.kind}: ${state}`)).toEqual([
      'Kustomization: watched',
      'HelmRelease: watched',
      'GitRepository: watched',
      'OCIRepository: watched',
      'HelmRepository: watched',
      'HelmChart: watched',
      'Bucket: watched',
      'ArtifactGenerator: watched',
      'ExternalArtifact: watched',
      'ImageRepository: watched',
      'ImagePolicy: watched',
      'ImageUpdateAutomation: watched',
      'Alert: watched',
      'Provider: watched',
      'Receiver: watched',
      'FluxInstance: absent',
      'FluxReport: absent',
      'ResourceSet: absent',
      'ResourceSetInputProvider: absent',
    ]);
  });

  it('are the same lists while nothing changes', () => {
    expect(session.flux()).toBe(session.flux());
  });

  it('change when a controller writes a status, and others stay the same', async () => {
    const before = session.flux();
    const message = 'kustomize build failed: accumulating resources';
    await setStatus(api, applied, { conditions: [condition('Ready', 'False', 'BuildFailed', message)] });
    await until(session, () => fluxObject(session, 'Kustomization', 'web')?.state === 'not-ready');
    expect(knownObject(session, 'Kustomization', 'web').message).toBe(message);
    expect(session.flux()).not.toBe(before);
    const kept = session.flux().filter((list) => before.includes(list));
    expect(kept).toHaveLength(before.length - 1);
  });

  it('come and go', async () => {
    const added = { ...repository, metadata: { name: 'another', namespace: 'apps' } };
    await give(api, [added]);
    await until(session, () => fluxObject(session, 'GitRepository', 'another')?.state === 'ready');
    await api.kubectl(['delete', 'gitrepository', 'another', '-n', 'apps']);
    await until(session, () => fluxObject(session, 'GitRepository', 'another') === undefined);
    expect(fluxObject(session, 'GitRepository', 'fleet')).toBeDefined();
  });

  it('appear when their kind is installed later, and go with it', async () => {
    expect(stateOf('ResourceSet')).toBe('absent');
    await api.applyCrds('flux-operator');
    await until(session, () => stateOf('ResourceSet') === 'watched');
    await give(api, [
      {
        apiVersion: 'fluxcd.controlplane.io/v1',
        kind: 'ResourceSet',
        metadata: { name: 'tenants', namespace: 'apps' },
        spec: { resources: [] },
        status: { conditions: [condition('Ready', 'True', 'ReconciliationSucceeded', 'done')] },
      },
    ]);
    await until(session, () => fluxObject(session, 'ResourceSet', 'tenants')?.state === 'ready');
    await api.kubectl(['delete', 'crd', 'resourcesets.fluxcd.controlplane.io']);
    await until(session, () => stateOf('ResourceSet') === 'absent');
    expect(fluxObject(session, 'ResourceSet', 'tenants')).toBeUndefined();
  });

  it('are told of once for each change at most', async () => {
    let calls = 0;
    const stop = session.onDidChange(() => calls++);
    const many = Array.from({ length: 40 }, (_, index) => ({
      ...repository,
      metadata: { name: `many-${index}`, namespace: 'apps' },
      status: undefined,
    }));
    await give(api, many);
    await until(session, () => fluxObject(session, 'GitRepository', 'many-39') !== undefined);
    stop();
    expect(calls).toBeGreaterThan(0);
    expect(calls).toBeLessThanOrEqual(40);
  });

  it('are told no more once it is closed', async () => {
    const closing = await openSession(api);
    await closing.listed();
    let calls = 0;
    closing.onDidChange(() => calls++);
    closing.close();
    await setStatus(api, broken, { conditions: [condition('Ready', 'True', 'Succeeded', 'done')] });
    await until(session, () => fluxObject(session, 'Kustomization', 'broken')?.state === 'ready');
    expect(calls).toBe(0);
    await expect(
      closing.live(knownObject(session, 'Kustomization', 'web').ref, new AbortController().signal),
    ).rejects.toThrow();
  });
});
