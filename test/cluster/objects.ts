import type { KubeApi } from '../support/kube-api.ts';

/** An object as it is applied, and the status its controller would have given it. */
interface Given {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

const namespace = 'apps';

/** A condition as fluxcd/pkg writes it. */
export function condition(
  type: string,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
) {
  return { type, status, reason, message, lastTransitionTime: '2026-01-02T03:04:05Z', observedGeneration: 1 };
}

/** Applies objects, and sets each status through its subresource: no controller does. */
export async function give(api: KubeApi, objects: readonly Given[]): Promise<void> {
  const bare = objects.map(({ status: _status, ...object }) => object);
  await api.kubectl(
    ['apply', '--server-side', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: bare }),
  );
  for (const object of objects) if (object.status !== undefined) await setStatus(api, object, object.status);
}

/** What a controller does: a merge patch of the status. */
export async function setStatus(api: KubeApi, object: Given, status: unknown): Promise<void> {
  const [group = ''] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : [''];
  const resource = group === '' ? object.kind : `${object.kind}.${group}`;
  await api.kubectl([
    'patch',
    resource,
    object.metadata.name,
    ...(object.metadata.namespace === undefined ? [] : ['-n', object.metadata.namespace]),
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status }),
  ]);
}

const source = { kind: 'GitRepository', name: 'fleet' };

export const namespaceOfTests: Given = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace },
};

/** A source whose artifact was fetched. */
export const repository: Given = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'fleet', namespace },
  spec: { interval: '1m', url: 'https://git.example.com/fleet', ref: { branch: 'main' } },
  status: {
    observedGeneration: 1,
    artifact: {
      digest: `sha256:${'ab'.repeat(32)}`,
      lastUpdateTime: '2026-01-02T03:04:05Z',
      path: 'gitrepository/apps/fleet/1.tar.gz',
      revision: 'main@sha1:0123456789012345678901234567890123456789',
      url: 'http://source-controller.flux-system.svc/gitrepository/apps/fleet/1.tar.gz',
    },
    conditions: [condition('Ready', 'True', 'Succeeded', 'stored artifact')],
  },
};

/** A source that is being fetched for the first time. */
export const fetching: Given = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'GitRepository',
  metadata: { name: 'fetching', namespace },
  spec: { interval: '1m', url: 'https://git.example.com/slow' },
  status: {
    observedGeneration: 1,
    conditions: [
      condition('Reconciling', 'True', 'Progressing', 'cloning'),
      condition('Ready', 'Unknown', 'Progressing', 'cloning'),
    ],
  },
};

const inventory = [
  { id: 'apps_web_apps_Deployment', v: 'v1' },
  { id: 'apps_settings__ConfigMap', v: 'v1' },
  { id: 'apps_credentials__Secret', v: 'v1' },
  { id: 'apps_gone__ConfigMap', v: 'v1' },
];

/** Applied, with an inventory of which one object is gone. */
export const applied: Given = {
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'web', namespace },
  spec: { interval: '10m', path: './web', prune: true, sourceRef: source },
  status: {
    observedGeneration: 1,
    lastAppliedRevision: 'main@sha1:0123456789012345678901234567890123456789',
    lastAttemptedRevision: 'main@sha1:0123456789012345678901234567890123456789',
    inventory: { entries: inventory },
    conditions: [condition('Ready', 'True', 'ReconciliationSucceeded', 'Applied revision: main')],
  },
};

/** Did not build; applies to another cluster, and waits for `web`. */
export const broken: Given = {
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata: { name: 'broken', namespace },
  spec: {
    interval: '10m',
    path: './broken',
    prune: true,
    sourceRef: source,
    dependsOn: [{ name: 'web' }],
    kubeConfig: { secretRef: { name: 'tenant-kubeconfig' } },
  },
  status: {
    observedGeneration: 1,
    conditions: [condition('Ready', 'False', 'BuildFailed', 'kustomization path not found')],
  },
};

/** Ready when it was suspended. */
export const release: Given = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'podinfo', namespace },
  spec: {
    interval: '10m',
    suspend: true,
    chart: { spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'charts' } } },
  },
  status: {
    observedGeneration: 1,
    conditions: [condition('Ready', 'True', 'InstallSucceeded', 'Helm install succeeded')],
  },
};

/** A kind without a status. */
export const provider: Given = {
  apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
  kind: 'Provider',
  metadata: { name: 'chat', namespace },
  spec: { type: 'generic', address: 'https://chat.example.com/hook' },
};

/** What `web` applied: one that is available, one without a state of its own, and a Secret. */
export const workloads = (secret: string): readonly Given[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] },
      },
    },
    status: {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      conditions: [
        { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
        { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
      ],
    },
  },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data: { a: 'b' } },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'credentials', namespace },
    stringData: { password: secret },
  },
];
