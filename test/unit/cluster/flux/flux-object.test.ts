import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fluxKinds } from '../../../../src/cluster/flux/flux-kinds.ts';
import { readFluxObject } from '../../../../src/cluster/flux/flux-object.ts';
import { runs } from '../../../support/arbitraries.ts';
import { condition, kindOf, read } from './flux-api.ts';

const ready = condition('Ready', 'True');
const failed = condition('Ready', 'False', { reason: 'BuildFailed', message: 'no such file' });

function stateOf(kind: string, rest: Parameters<typeof read>[1]) {
  return read(kind, rest).state;
}

describe('the state of a Flux object', () => {
  it('is what its conditions say', () => {
    const states = [
      [ready],
      [failed],
      [condition('Ready', 'Unknown', { reason: 'Progressing' })],
      [condition('Ready', 'Unknown')],
      [condition('Reconciling', 'True', { reason: 'Progressing' }), condition('Ready', 'Unknown')],
      [condition('Reconciling', 'True', { reason: 'Progressing' }), failed],
      [condition('Stalled', 'True'), failed],
      [condition('ArtifactInStorage', 'True')],
    ].map((conditions) => stateOf('GitRepository', { status: { conditions } }));
    expect(states).toEqual([
      'ready',
      'not-ready',
      'reconciling',
      'unknown',
      'reconciling',
      'reconciling',
      'not-ready',
      'unknown',
    ]);
  });

  it('is not ready while a failed one waits for its next attempt', () => {
    const retrying = condition('Reconciling', 'True', { reason: 'ProgressingWithRetry' });
    const object = read('Kustomization', { status: { conditions: [retrying, failed] } });
    expect(object).toMatchObject({ state: 'not-ready', reason: 'BuildFailed', message: 'no such file' });
  });

  it('is reconciling where what it says is about an older generation', () => {
    const metadata = { generation: 3 };
    const status = (observedGeneration: number | undefined, of?: number) => ({
      observedGeneration,
      conditions: [{ ...failed, ...(of === undefined ? {} : { observedGeneration: of }) }],
    });
    expect(stateOf('Kustomization', { metadata, status: status(2) })).toBe('reconciling');
    expect(stateOf('Kustomization', { metadata, status: status(3, 2) })).toBe('reconciling');
    expect(stateOf('Kustomization', { metadata, status: status(3) })).toBe('not-ready');
    // The status' generation moves on success only.
    expect(stateOf('Kustomization', { metadata, status: status(2, 3) })).toBe('not-ready');
    expect(stateOf('ResourceSet', { metadata, status: status(undefined, 2) })).toBe('reconciling');
  });

  it('is unknown before a controller has spoken', () => {
    expect(stateOf('HelmRelease', { status: { observedGeneration: -1 } })).toBe('unknown');
    expect(stateOf('Bucket', {})).toBe('unknown');
  });

  it('is suspended whatever the conditions say', () => {
    const status = { conditions: [failed] };
    expect(stateOf('HelmRelease', { spec: { suspend: true }, status })).toBe('suspended');
    expect(stateOf('Alert', { spec: { suspend: true } })).toBe('suspended');
    const suspended = (kind: string, name: string, said: string) =>
      stateOf(kind, { metadata: { annotations: { [name]: said } }, status });
    expect(suspended('ArtifactGenerator', 'source.extensions.fluxcd.io/reconcile', 'Disabled')).toBe(
      'suspended',
    );
    expect(suspended('ResourceSet', 'fluxcd.controlplane.io/reconcile', 'disabled')).toBe('suspended');
    expect(suspended('FluxInstance', 'fluxcd.controlplane.io/reconcile', 'enabled')).toBe('not-ready');
    expect(stateOf('ResourceSet', { spec: { suspend: true }, status })).toBe('not-ready');
  });

  it('is static where nothing reconciles it, unless an older controller does', () => {
    expect(read('Provider')).toMatchObject({ state: 'static', canReconcile: false, canSuspend: true });
    const oci = { spec: { type: 'oci' } };
    expect(read('HelmRepository', oci)).toMatchObject({ state: 'static', canReconcile: false });
    const older = { ...oci, status: { conditions: [ready] } };
    expect(read('HelmRepository', older)).toMatchObject({ state: 'ready', canReconcile: true });
    expect(read('HelmRepository')).toMatchObject({ state: 'unknown', canReconcile: true });
  });

  it('tells since when, and cuts a message that is long', () => {
    const conditions = [
      { ...failed, lastTransitionTime: '2026-05-01T10:00:00Z', message: 'x'.repeat(5_000) },
    ];
    const object = read('Kustomization', { status: { conditions } });
    expect(object.since).toEqual(new Date(Date.UTC(2026, 4, 1, 10)));
    expect(object.message).toHaveLength(1_000);
    expect(
      read('Kustomization', { status: { conditions: [{ ...failed, lastTransitionTime: '1' }] } }).since,
    ).toBe(undefined);
  });
});

describe('the revision of a Flux object', () => {
  it.each([
    [
      'Kustomization',
      { lastAppliedRevision: 'main@sha1:a', lastAttemptedRevision: 'main@sha1:b' },
      'main@sha1:a',
    ],
    ['Kustomization', { lastAttemptedRevision: 'main@sha1:b' }, 'main@sha1:b'],
    ['HelmRelease', { history: [{ chartVersion: '6.7.1' }, { chartVersion: '6.7.0' }] }, '6.7.1'],
    ['HelmRelease', { lastAttemptedRevision: '6.7.2' }, '6.7.2'],
    ['OCIRepository', { artifact: { revision: '6.7.1@sha256:c' } }, '6.7.1@sha256:c'],
    [
      'ImagePolicy',
      { latestRef: { name: 'ghcr.io/a/b', tag: '1.2', digest: 'sha256:d' } },
      'ghcr.io/a/b:1.2@sha256:d',
    ],
    ['ImagePolicy', { latestImage: 'ghcr.io/a/b:1.1' }, 'ghcr.io/a/b:1.1'],
    ['ImageUpdateAutomation', { lastPushCommit: 'e5f6' }, 'e5f6'],
    ['ImageRepository', { lastScanResult: { scanTime: '2026-05-01T10:00:00Z' } }, '2026-05-01T10:00:00Z'],
    ['ResourceSetInputProvider', { lastExportedRevision: 'sha256:e' }, 'sha256:e'],
    ['FluxInstance', { lastAppliedRevision: 'v2.9.4@sha256:f' }, 'v2.9.4@sha256:f'],
    ['Receiver', { webhookPath: '/hook/0123' }, undefined],
  ])('of a %s', (kind, status, revision) => {
    expect(read(kind, { status }).revision).toBe(revision);
  });
});

describe('the links of a Flux object', () => {
  const links = (kind: string, spec: Record<string, unknown>) =>
    read(kind, { spec }).sources.map((ref) => `${ref.kind}.${ref.group} ${ref.namespace}/${ref.name}`);
  const source = 'source.toolkit.fluxcd.io';

  it('lead to what it is made from, in its own namespace unless they say otherwise', () => {
    const sourceRef = { kind: 'GitRepository', name: 'fleet' };
    expect(links('Kustomization', { sourceRef })).toEqual([`GitRepository.${source} apps/fleet`]);
    expect(links('Kustomization', { sourceRef: { ...sourceRef, namespace: 'flux-system' } })).toEqual([
      `GitRepository.${source} flux-system/fleet`,
    ]);
    expect(links('HelmRelease', { chartRef: { kind: 'OCIRepository', name: 'podinfo' } })).toEqual([
      `OCIRepository.${source} apps/podinfo`,
    ]);
    const chart = { spec: { sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: 'infra' } } };
    expect(links('HelmRelease', { chart })).toEqual([
      `HelmChart.${source} infra/apps-podinfo`,
      `HelmRepository.${source} infra/charts`,
    ]);
    expect(links('ImagePolicy', { imageRepositoryRef: { name: 'podinfo' } })).toEqual([
      'ImageRepository.image.toolkit.fluxcd.io apps/podinfo',
    ]);
    expect(links('GitRepository', { include: [{ repository: { name: 'shared' } }] })).toEqual([
      `GitRepository.${source} apps/shared`,
    ]);
    expect(
      links('ExternalArtifact', {
        sourceRef: {
          apiVersion: 'source.extensions.fluxcd.io/v1beta1',
          kind: 'ArtifactGenerator',
          name: 'web',
        },
      }),
    ).toEqual(['ArtifactGenerator.source.extensions.fluxcd.io apps/web']);
    expect(links('ResourceSet', { inputsFrom: [{ name: 'tenants' }, { selector: {} }] })).toEqual([
      'ResourceSetInputProvider.fluxcd.controlplane.io apps/tenants',
    ]);
  });

  it('lead to what an alert and a receiver are about, unless that is every object of a kind', () => {
    const eventSources = [
      { kind: 'Kustomization', name: '*' },
      { kind: 'HelmRelease', name: 'db', namespace: 'data' },
    ];
    expect(links('Alert', { providerRef: { name: 'chat' }, eventSources })).toEqual([
      'Provider.notification.toolkit.fluxcd.io apps/chat',
      'HelmRelease.helm.toolkit.fluxcd.io data/db',
    ]);
    expect(links('Receiver', { resources: [{ kind: 'GitRepository', name: 'fleet' }] })).toEqual([
      `GitRepository.${source} apps/fleet`,
    ]);
  });

  it('name what it depends on', () => {
    const dependsOn = [{ name: 'crds' }, { name: 'db', namespace: 'data' }];
    expect(read('Kustomization', { spec: { dependsOn } }).dependsOn).toMatchObject([
      { kind: 'Kustomization', group: 'kustomize.toolkit.fluxcd.io', namespace: 'apps', name: 'crds' },
      { kind: 'Kustomization', namespace: 'data', name: 'db' },
    ]);
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: 'a.b',
    };
    expect(read('ResourceSet', { spec: { dependsOn: [definition] } }).dependsOn).toEqual([
      { ...definition, group: 'apiextensions.k8s.io', namespace: undefined },
    ]);
  });
});

describe('what the tree keeps of an object', () => {
  it('says where it applies to, and whether it lists what it applied', () => {
    const kubeConfig = { secretRef: { name: 'stage-kubeconfig', key: 'config' } };
    const status = { inventory: { entries: [] } };
    expect(read('Kustomization', { spec: { kubeConfig }, status })).toMatchObject({
      kubeConfig: { secret: 'stage-kubeconfig', key: 'config' },
      hasInventory: true,
    });
    expect(read('HelmRelease', { spec: { kubeConfig: { configMapRef: { name: 'c' } } } })).toMatchObject({
      kubeConfig: undefined,
      hasInventory: false,
    });
  });

  it('holds no values of a release, and no substitutions', () => {
    const spec = { values: { password: 'hunter2' }, postBuild: { substitute: { p: 'hunter2' } } };
    for (const kind of ['HelmRelease', 'Kustomization'])
      expect(JSON.stringify(read(kind, { spec }))).not.toContain('hunter2');
  });

  it('is nothing of what has no name', () => {
    expect(readFluxObject(kindOf('Alert'), { metadata: { name: 7 } })).toBeUndefined();
  });

  it('can be had of anything a server may send', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const anything = fc.record(
      {
        apiVersion: json,
        metadata: fc.oneof(json, fc.record({ name: fc.constant('a'), annotations: json, generation: json })),
        spec: fc.oneof(
          json,
          fc.record(
            {
              sourceRef: json,
              chart: json,
              chartRef: json,
              dependsOn: json,
              kubeConfig: json,
              sources: json,
            },
            { requiredKeys: [] },
          ),
        ),
        status: fc.oneof(
          json,
          fc.record(
            { conditions: fc.oneof(json, fc.array(json)), inventory: json, history: json, artifact: json },
            { requiredKeys: [] },
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...fluxKinds), fc.oneof(json, anything), (kind, value) => {
        const object = readFluxObject(kind, value);
        expect(object === undefined || object.ref.name.length > 0).toBe(true);
      }),
      runs(500),
    );
  });
});

describe('what is kept of a Flux object', () => {
  it('is nothing where its name or namespace is longer than any', () => {
    const kind = kindOf('Kustomization');
    const named = (name: string, namespace: string) =>
      readFluxObject(kind, { metadata: { name, namespace, uid: 'u'.repeat(1_000) } });
    expect(named('a'.repeat(253), 'b'.repeat(63))?.uid.length).toBeLessThan(200);
    expect(named('a'.repeat(254), 'b')).toBeUndefined();
    expect(named('a', 'b'.repeat(254))).toBeUndefined();
  });

  it('has no link to a name that is longer than any', () => {
    const long = 'a'.repeat(254);
    const spec = { sourceRef: { kind: 'GitRepository', name: long }, dependsOn: [{ name: long }] };
    const object = read('Kustomization', { spec: { ...spec, kubeConfig: { secretRef: { name: long } } } });
    expect([object.sources, object.dependsOn, object.kubeConfig]).toEqual([[], [], undefined]);
  });
});
