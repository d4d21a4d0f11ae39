import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOf, needsStatus } from '../../../../src/cluster/flux/health.ts';
import { runs } from '../../../support/arbitraries.ts';
import { condition, type Obj } from './flux-api.ts';

/** What kstatus says of the same objects (sigs.k8s.io/cli-utils pkg/kstatus/status/status_compute_test.go), case by case. */
const deployment = {
  metadata: { generation: 1 },
  spec: { replicas: 2, progressDeadlineSeconds: 45 },
  status: {
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    availableReplicas: 2,
    readyReplicas: 2,
    conditions: [
      condition('Progressing', 'True', { reason: 'NewReplicaSetAvailable' }),
      condition('Available', 'True'),
    ],
  },
};
const statefulSet = {
  metadata: { generation: 1 },
  spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate' } },
  status: { observedGeneration: 1, replicas: 3, readyReplicas: 3, currentReplicas: 3, updatedReplicas: 3 },
};
const daemonSet = {
  metadata: { generation: 1 },
  status: {
    observedGeneration: 1,
    desiredNumberScheduled: 4,
    currentNumberScheduled: 4,
    updatedNumberScheduled: 4,
    numberAvailable: 4,
    numberReady: 4,
  },
};

function changed(object: Obj, part: 'spec' | 'status' | 'metadata', change: Obj): Obj {
  return { ...object, [part]: { ...object[part], ...change } };
}

const withConditions = (...conditions: readonly Obj[]) => ({ status: { conditions } });

describe('the health of an object', () => {
  it.each<[string, string, Obj, string]>([
    ['apps', 'Deployment', deployment, 'healthy'],
    ['apps', 'Deployment', {}, 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { replicas: 1 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { replicas: 3 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { updatedReplicas: 1 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { availableReplicas: 1 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { readyReplicas: 1 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'metadata', { generation: 2 }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'metadata', { deletionTimestamp: 'now' }), 'progressing'],
    ['apps', 'Deployment', changed(deployment, 'status', { conditions: [] }), 'progressing'],
    [
      'apps',
      'Deployment',
      changed(deployment, 'status', {
        conditions: [condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' })],
      }),
      'degraded',
    ],
    ['apps', 'StatefulSet', statefulSet, 'healthy'],
    ['apps', 'StatefulSet', changed(statefulSet, 'status', { readyReplicas: 2 }), 'progressing'],
    [
      'apps',
      'StatefulSet',
      changed(statefulSet, 'status', { currentRevision: 'a', updateRevision: 'b' }),
      'progressing',
    ],
    ['apps', 'StatefulSet', changed(statefulSet, 'status', { currentReplicas: 2 }), 'progressing'],
    ['apps', 'StatefulSet', { spec: { updateStrategy: { type: 'OnDelete' } } }, 'healthy'],
    [
      'apps',
      'StatefulSet',
      changed(
        changed(statefulSet, 'spec', { updateStrategy: { rollingUpdate: { partition: 2 } } }),
        'status',
        { updatedReplicas: 1, currentReplicas: 2 },
      ),
      'healthy',
    ],
    ['apps', 'DaemonSet', daemonSet, 'healthy'],
    ['apps', 'DaemonSet', changed(daemonSet, 'status', { numberReady: 3 }), 'progressing'],
    ['apps', 'DaemonSet', { metadata: { generation: 1 } }, 'progressing'],
    [
      'apps',
      'ReplicaSet',
      {
        spec: { replicas: 1 },
        status: { replicas: 1, fullyLabeledReplicas: 1, availableReplicas: 1, readyReplicas: 1 },
      },
      'healthy',
    ],
    ['apps', 'ReplicaSet', withConditions(condition('ReplicaFailure', 'True')), 'progressing'],
    ['batch', 'Job', {}, 'progressing'],
    ['batch', 'Job', { status: { startTime: '2026-05-01T10:00:00Z', active: 1 } }, 'healthy'],
    ['batch', 'Job', withConditions(condition('Failed', 'True')), 'degraded'],
    ['batch', 'Job', withConditions(condition('Suspended', 'True')), 'healthy'],
    ['', 'Pod', {}, 'progressing'],
    ['', 'Pod', { status: { phase: 'Succeeded' } }, 'healthy'],
    ['', 'Pod', { status: { phase: 'Running', conditions: [condition('Ready', 'True')] } }, 'healthy'],
    ['', 'Pod', { status: { phase: 'Running' } }, 'progressing'],
    ['', 'Pod', { status: { phase: 'Failed', message: 'evicted' } }, 'degraded'],
    [
      '',
      'Pod',
      {
        status: {
          phase: 'Running',
          containerStatuses: [{ name: 'app', state: { waiting: { reason: 'CrashLoopBackOff' } } }],
        },
      },
      'degraded',
    ],
    ['', 'PersistentVolumeClaim', { status: { phase: 'Bound' } }, 'healthy'],
    ['', 'PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'progressing'],
    ['', 'Service', { spec: { type: 'ClusterIP' } }, 'healthy'],
    ['', 'Service', { spec: { type: 'LoadBalancer' } }, 'progressing'],
    ['', 'Service', { spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1' } }, 'healthy'],
    ['apiextensions.k8s.io', 'CustomResourceDefinition', {}, 'progressing'],
    [
      'apiextensions.k8s.io',
      'CustomResourceDefinition',
      withConditions(condition('NamesAccepted', 'False', { message: 'taken' })),
      'degraded',
    ],
    [
      'apiextensions.k8s.io',
      'CustomResourceDefinition',
      withConditions(condition('NamesAccepted', 'True'), condition('Established', 'True')),
      'healthy',
    ],
    ['example.org', 'Widget', {}, 'healthy'],
    ['example.org', 'Widget', withConditions(condition('Ready', 'True')), 'healthy'],
    ['example.org', 'Widget', withConditions(condition('Ready', 'False')), 'progressing'],
    ['example.org', 'Widget', withConditions(condition('Stalled', 'True')), 'degraded'],
    ['example.org', 'Widget', withConditions(condition('Reconciling', 'True')), 'progressing'],
    ['source.toolkit.fluxcd.io', 'GitRepository', withConditions(condition('Ready', 'False')), 'degraded'],
    ['source.toolkit.fluxcd.io', 'GitRepository', { spec: { suspend: true } }, 'unknown'],
    ['notification.toolkit.fluxcd.io', 'Provider', {}, 'healthy'],
  ])('%s %s %j: %s', (group, kind, object, health) => {
    const told = healthOf({ group, kind }, object);
    expect(told.health).toBe(health);
    expect(told.message === '').toBe(health === 'healthy');
  });

  it('can be had of anything', () => {
    const kinds = fc.constantFrom(
      ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => ({ group: 'apps', kind })),
      ...['Pod', 'Service', 'PersistentVolumeClaim', 'constructor'].map((kind) => ({ group: '', kind })),
      { group: 'batch', kind: 'Job' },
      { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease' },
    );
    const json = fc.jsonValue({ maxDepth: 3 });
    const anything = fc.oneof(json, fc.record({ metadata: json, spec: json, status: json }));
    fc.assert(
      fc.property(kinds, anything, (kind, value) => {
        expect(healthOf(kind, value).health).toMatch(/^(?:healthy|progressing|degraded|unknown)$/);
      }),
      runs(300),
    );
  });

  it('needs nothing but metadata of what has no status', () => {
    expect(needsStatus({ group: '', kind: 'Secret' })).toBe(false);
    expect(needsStatus({ group: 'apps', kind: 'Deployment' })).toBe(true);
    expect(needsStatus({ group: 'example.org', kind: 'Secret' })).toBe(true);
  });
});

describe('what is kept of a message', () => {
  it.each([
    { phase: 'Failed', message: 'x'.repeat(100_000) },
    {
      containerStatuses: [{ name: 'x'.repeat(100_000), state: { waiting: { reason: 'CrashLoopBackOff' } } }],
    },
  ])('is its beginning', (status) => {
    const { health, message } = healthOf({ group: '', kind: 'Pod' }, { status });
    expect(health).toBe('degraded');
    expect(message.length).toBeLessThanOrEqual(1_000);
  });
});
