import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClusterSession } from '../../src/app/clusters/cluster-session.ts';
import { sentenceOf } from '../../src/app/messages.ts';
import { clusterConnector } from '../../src/cluster/connector.ts';
import { Failure } from '../../src/core/errors.ts';
import { Plaintext } from '../../src/core/plaintext.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { applied, give, namespaceOfTests, release, repository } from './objects.ts';

const nobodyAsked = () => Promise.reject(new Error('nobody is to be asked'));
const consent = { mayRun: nobodyAsked, mayGoUnchecked: nobodyAsked };

describeKubeApi('a kubeconfig', () => {
  let api: KubeApi;
  const signal = AbortSignal.timeout(110_000);
  const open: ClusterSession[] = [];
  const connector = clusterConnector(
    { env: {}, home: tmpdir(), workspace: [] },
    { http: httpRequest, https: httpsRequest },
  );

  beforeAll(async () => {
    api = await startKubeApi();
    await api.applyCrds('flux', 'sealed-secrets', 'kkp');
    await give(api, [namespaceOfTests, repository, applied, release]);
    await give(api, rights);
    await give(api, [...seed(api), ...remote(api), ...sealing]);
  });
  afterAll(async () => {
    for (const session of open) session.close();
    await api?.stop();
  });

  async function connect(text: Plaintext): Promise<ClusterSession> {
    const opened = { title: 'test.kubeconfig', text, files: undefined };
    const session = await connector.connect(opened, undefined, consent, signal);
    open.push(session);
    return session;
  }
  const as = (user: 'admin' | 'viewer' | 'nobody') => connect(Plaintext.fromText(api.kubeconfig(user)));

  it('of an administrator leads to a cluster with a version', async () => {
    const session = await as('admin');
    expect(session.server).toBe(api.server);
    expect(session.version).toMatch(/^v\d/);
    expect(session.insecure).toBe(false);
  });

  it('of somebody with a token that is not known is refused in a sentence', async () => {
    const text = api.kubeconfig('admin').replace(api.token('admin'), 'unknown-token');
    const refused = connect(Plaintext.fromText(text));
    await expect(refused).rejects.toSatisfy((error) => Failure.is(error, 'cluster.unauthorized'));
  });

  it('of somebody who may list one kind shows that one, and says of the others that they are forbidden', async () => {
    const session = await as('viewer');
    await session.listed();
    const told = session.flux().map(({ kind, state, objects }) => [kind.kind, state, objects.length]);
    const watched = told.filter(([, state]) => state === 'watched');
    expect(watched).toEqual([['Kustomization', 'watched', 1]]);
    const failed = session.flux().filter(({ state }) => state === 'failed');
    expect(failed.map(({ failure }) => Failure.is(failure, 'cluster.forbidden'))).not.toContain(false);
    const releases = failed.find(({ kind }) => kind.kind === 'HelmRelease');
    expect(sentenceOf(releases?.failure as Failure)).toContain('list helmreleases.helm.toolkit.fluxcd.io');
  });

  it('of somebody who may do nothing connects, and says so for each kind', async () => {
    const session = await as('nobody');
    await session.listed();
    const states = session.flux().filter(({ kind }) => kind.section !== 'operator');
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['failed']));
    const read = session.readSecret({ namespace: 'apps', name: 'tenant', key: undefined }, signal);
    await expect(read).rejects.toSatisfy((error) => Failure.is(error, 'cluster.forbidden'));
  });

  it('in a Secret that Flux refers to opens its cluster', async () => {
    const session = await as('admin');
    const text = await session.readSecret({ namespace: 'apps', name: 'tenant', key: undefined }, signal);
    const other = await connect(text);
    await other.listed();
    expect(other.flux().find(({ kind }) => kind.kind === 'Kustomization')?.objects).toHaveLength(1);
  });

  it('in a Secret under another key is read by that, and what is not there is said', async () => {
    const session = await as('admin');
    const read = (key: string | undefined, name = 'other') =>
      session.readSecret({ namespace: 'apps', name, key }, signal);
    expect((await read('mine')).exposeText()).toBe('anything');
    for (const [key, name] of [[undefined], ['its'], ['mine', 'gone']])
      await expect(read(key, name)).rejects.toSatisfy((error) => Failure.is(error, 'cluster.not-found'));
  });

  it('of a KKP seed leads to those of its user clusters', async () => {
    const session = await as('admin');
    const clusters = await session.userClusters(signal);
    expect(clusters).toEqual([
      { id: 'fresh', title: 'fresh', phase: '', namespace: 'cluster-fresh' },
      { id: 'k8s1', title: 'Shop', phase: 'Running', namespace: 'cluster-k8s1' },
    ]);
    const secret = { namespace: 'cluster-k8s1', name: 'admin-kubeconfig', key: 'kubeconfig' };
    const user = await connect(await session.readSecret(secret, signal));
    expect(user.server).toBe(api.server);
  });

  it('of an administrator shows the Sealed Secrets controllers and their keys', async () => {
    const session = await as('admin');
    const [found, ...others] = await session.sealedSecrets(signal);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ namespace: 'sealing', name: 'sealed-secrets', port: 'http' });
    expect(found?.keys?.map(({ name, state }) => `${name}: ${state}`).sort()).toEqual([
      'key-a: active',
      'key-b: compromised',
    ]);
    expect(found?.keys?.every(({ createdAt }) => createdAt instanceof Date)).toBe(true);
    if (found === undefined) return;
    // No kubelet runs the controller: the server finds the Service and its port, and nothing behind it.
    const fetched = session.fetchCertificate(found, signal);
    await expect(fetched).rejects.toSatisfy(
      (error) => Failure.is(error, 'cluster.refused') && error.details.reason.includes('no endpoints'),
    );
  });

  it('of somebody who may list Services but no Secrets shows controllers without keys', async () => {
    const session = await as('viewer');
    expect(await session.sealedSecrets(signal)).toEqual([
      { namespace: 'sealing', name: 'sealed-secrets', port: 'http', keys: undefined },
    ]);
  });
});

/** `viewer` may list Kustomizations and Services everywhere. */
const rights = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'some' },
    rules: [
      {
        apiGroups: ['kustomize.toolkit.fluxcd.io', ''],
        resources: ['kustomizations', 'services'],
        verbs: ['get', 'list', 'watch'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'some' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'some' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
  },
];

const seed = (api: KubeApi) => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'cluster-k8s1' } },
  secret('cluster-k8s1', 'admin-kubeconfig', { kubeconfig: api.kubeconfig('admin') }),
  userCluster('k8s1', 'Shop', { phase: 'Running', namespaceName: 'cluster-k8s1', userEmail: '' }),
  userCluster('fresh', '', undefined),
];

function userCluster(name: string, humanReadableName: string, status: unknown) {
  return {
    apiVersion: 'kubermatic.k8c.io/v1',
    kind: 'Cluster',
    metadata: { name },
    spec: {
      humanReadableName,
      version: '1.34.0',
      exposeStrategy: 'NodePort',
      cloud: { dc: 'somewhere', providerName: 'digitalocean' },
      clusterNetwork: {
        dnsDomain: 'cluster.local',
        pods: { cidrBlocks: [] },
        proxyMode: 'ipvs',
        services: { cidrBlocks: [] },
      },
    },
    ...(status === undefined ? {} : { status }),
  };
}

const remote = (api: KubeApi) => [
  secret('apps', 'tenant', { 'value.yaml': api.kubeconfig('admin') }),
  secret('apps', 'other', { mine: 'anything' }),
];

const keyLabel = 'sealedsecrets.bitnami.com/sealed-secrets-key';
const sealing = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sealing' } },
  service('sealed-secrets', {}),
  service('sealed-secrets-metrics', { 'app.kubernetes.io/component': 'metrics' }),
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'sealed-secrets', namespace: 'sealing' },
    subsets: [],
  },
  secret('sealing', 'key-a', { 'tls.key': 'no key' }, { [keyLabel]: 'active' }),
  secret('sealing', 'key-b', { 'tls.key': 'no key' }, { [keyLabel]: 'compromised' }),
  secret('sealing', 'unrelated', { a: 'b' }),
];

function service(name: string, labels: Readonly<Record<string, string>>) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'sealing',
      labels: { 'app.kubernetes.io/name': 'sealed-secrets', ...labels },
    },
    spec: { ports: [{ name: 'http', port: 8080 }] },
  };
}

function secret(
  namespace: string,
  name: string,
  stringData: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, stringData };
}
