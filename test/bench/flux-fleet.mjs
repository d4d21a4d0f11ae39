import { Agent, request } from 'node:https';

/** Which objects a fleet of 1,000 is made of, and where they are. */
const FLEET = [
  {
    path: '/apis/kustomize.toolkit.fluxcd.io/v1',
    plural: 'kustomizations',
    kind: 'Kustomization',
    count: 600,
  },
  { path: '/apis/helm.toolkit.fluxcd.io/v2', plural: 'helmreleases', kind: 'HelmRelease', count: 300 },
  { path: '/apis/source.toolkit.fluxcd.io/v1', plural: 'gitrepositories', kind: 'GitRepository', count: 100 },
];
const AT_ONCE = 8;
const revision = `main@sha1:${'0123456789'.repeat(4)}`;

/** Every kind that Flux' own CRDs define, as kubectl spells them. */
export const KINDS = [
  'kustomizations.kustomize.toolkit.fluxcd.io',
  'helmreleases.helm.toolkit.fluxcd.io',
  ...[
    'gitrepositories',
    'ocirepositories',
    'helmrepositories',
    'helmcharts',
    'buckets',
    'externalartifacts',
  ].map((plural) => `${plural}.source.toolkit.fluxcd.io`),
  ...['imagerepositories', 'imagepolicies', 'imageupdateautomations'].map(
    (plural) => `${plural}.image.toolkit.fluxcd.io`,
  ),
  ...['alerts', 'providers', 'receivers'].map((plural) => `${plural}.notification.toolkit.fluxcd.io`),
  'artifactgenerators.source.extensions.fluxcd.io',
];

/**
 * Makes 1,000 Flux objects with the status that their controllers would have given them: conditions, a revision, and an
 * inventory of 20 objects each.
 *
 * @param {{ server: string, caPem: string, token: (user: 'admin') => string }} api
 */
export async function makeFleet(api) {
  const agent = new Agent({ keepAlive: true, ca: api.caPem, maxSockets: AT_ONCE });
  /** @param {string} method @param {string} path @param {unknown} body */
  const send = (method, path, body) => ask(api, agent, method, path, body);
  const todo = FLEET.flatMap((kind) => Array.from({ length: kind.count }, (_, index) => ({ kind, index })));
  const work = async () => {
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { path, plural, kind } = next.kind;
      const name = `app-${next.index}`;
      const collection = `${path}/namespaces/default/${plural}`;
      const object = {
        apiVersion: path.slice('/apis/'.length),
        kind,
        metadata: { name },
        spec: specOf(kind),
      };
      await send('POST', collection, object);
      await send('PATCH', `${collection}/${name}/status`, { status: statusOf(kind, name) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  agent.destroy();
}

/** @param {string} kind */
function specOf(kind) {
  const sourceRef = { kind: 'GitRepository', name: 'app-0' };
  if (kind === 'GitRepository') return { interval: '10m', url: 'https://git.example.com/fleet' };
  if (kind === 'HelmRelease') return { interval: '10m', chart: { spec: { chart: 'app', sourceRef } } };
  return { interval: '10m', path: './app', prune: true, sourceRef };
}

/** @param {string} kind @param {string} name */
function statusOf(kind, name) {
  const conditions = [
    {
      type: 'Ready',
      status: 'True',
      reason: 'ReconciliationSucceeded',
      message: `Applied revision: ${revision}`,
      lastTransitionTime: '2026-01-02T03:04:05Z',
      observedGeneration: 1,
    },
  ];
  const common = { observedGeneration: 1, conditions };
  if (kind === 'GitRepository') return common;
  const entries = Array.from({ length: 20 }, (_, index) => ({
    id: `default_${name}-${index}_apps_Deployment`,
    v: 'v1',
  }));
  if (kind === 'HelmRelease') return { ...common, lastAttemptedRevision: '1.2.3', inventory: { entries } };
  return {
    ...common,
    lastAppliedRevision: revision,
    lastAttemptedRevision: revision,
    inventory: { entries },
  };
}

/**
 * @param {{ server: string, caPem: string, token: (user: 'admin') => string }} api
 * @param {Agent} agent
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<void>}
 */
function ask(api, agent, method, path, body) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { authorization: `Bearer ${api.token('admin')}`, 'content-type': type };
  return new Promise((resolve, reject) => {
    const asked = request(`${api.server}${path}`, { agent, method, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve();
        else reject(new Error(`${method} ${path}: ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(body));
  });
}
