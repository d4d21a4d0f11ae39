import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';

/** Which object an etcd key is of. */
export interface StoredAt extends GroupResource {
  /** `namespace/name`, or `name` of what has no namespace. */
  readonly name: string;
}

/** Where kube-apiserver keeps what it does not keep under its name (pkg/kubeapiserver/default_storage_factory_builder.go). */
const special: Readonly<Record<string, string>> = {
  'services/endpoints': 'endpoints',
  'services/specs': 'services',
  controllers: 'replicationcontrollers',
  minions: 'nodes',
  ingress: 'ingresses',
};

/** Built-in resources outside of the core group: their paths do not tell the group. */
const groups: Readonly<Record<string, string>> = {
  controllerrevisions: 'apps',
  daemonsets: 'apps',
  deployments: 'apps',
  replicasets: 'apps',
  statefulsets: 'apps',
  horizontalpodautoscalers: 'autoscaling',
  cronjobs: 'batch',
  jobs: 'batch',
  certificatesigningrequests: 'certificates.k8s.io',
  leases: 'coordination.k8s.io',
  leasecandidates: 'coordination.k8s.io',
  endpointslices: 'discovery.k8s.io',
  flowschemas: 'flowcontrol.apiserver.k8s.io',
  prioritylevelconfigurations: 'flowcontrol.apiserver.k8s.io',
  ingresses: 'networking.k8s.io',
  ingressclasses: 'networking.k8s.io',
  networkpolicies: 'networking.k8s.io',
  servicecidrs: 'networking.k8s.io',
  ipaddresses: 'networking.k8s.io',
  runtimeclasses: 'node.k8s.io',
  poddisruptionbudgets: 'policy',
  clusterrolebindings: 'rbac.authorization.k8s.io',
  clusterroles: 'rbac.authorization.k8s.io',
  rolebindings: 'rbac.authorization.k8s.io',
  roles: 'rbac.authorization.k8s.io',
  storageversions: 'internal.apiserver.k8s.io',
  deviceclasses: 'resource.k8s.io',
  devicetaintrules: 'resource.k8s.io',
  resourceclaims: 'resource.k8s.io',
  resourceclaimtemplates: 'resource.k8s.io',
  resourceslices: 'resource.k8s.io',
  priorityclasses: 'scheduling.k8s.io',
  csidrivers: 'storage.k8s.io',
  csinodes: 'storage.k8s.io',
  csistoragecapacities: 'storage.k8s.io',
  storageclasses: 'storage.k8s.io',
  volumeattachments: 'storage.k8s.io',
  volumeattributesclasses: 'storage.k8s.io',
  mutatingwebhookconfigurations: 'admissionregistration.k8s.io',
  validatingwebhookconfigurations: 'admissionregistration.k8s.io',
  validatingadmissionpolicies: 'admissionregistration.k8s.io',
  validatingadmissionpolicybindings: 'admissionregistration.k8s.io',
  mutatingadmissionpolicies: 'admissionregistration.k8s.io',
  mutatingadmissionpolicybindings: 'admissionregistration.k8s.io',
};

/**
 * Which object an etcd key is of: `/registry/secrets/default/db`, `/registry/<group>/<resource>/…` of custom resources, and the
 * same below OpenShift's `/kubernetes.io` or another `--etcd-prefix` of one part. Undefined where it is none of an API server.
 */
export function storedAt(etcdKey: string): StoredAt | undefined {
  const start = etcdKey.startsWith('/') ? etcdKey.indexOf('/', 1) + 1 : 0;
  const end = etcdKey.indexOf('/', start);
  if (start === 0 || end === -1) return undefined;
  const first = etcdKey.slice(start, end);
  const hasGroup = first.includes('.');
  if (!hasGroup && first !== 'services') return builtIn(first, etcdKey.slice(end + 1));
  const second = etcdKey.indexOf('/', end + 1);
  if (second === -1) return undefined;
  const name = etcdKey.slice(second + 1);
  return hasGroup
    ? { group: first, resource: etcdKey.slice(end + 1, second), name }
    : builtIn(etcdKey.slice(start, second), name);
}

function builtIn(path: string, name: string): StoredAt {
  const resource = Object.hasOwn(special, path) ? (special[path] ?? path) : path;
  return { group: Object.hasOwn(groups, resource) ? (groups[resource] ?? '') : '', resource, name };
}
