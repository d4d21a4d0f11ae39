import type { SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import { elementsOf } from '../api/json.ts';
import { resourcePath } from '../api/selection.ts';
import { services } from '../core-resources.ts';
import { at, text } from '../flux/json.ts';
import { listAll } from '../list-all.ts';
import { listSealingKeys } from './sealing-keys.ts';

type Found = Omit<SealedSecretsController, 'keys'>;

/** The Helm chart's labels; it has a second Service, for metrics. */
const labelSelector = 'app.kubernetes.io/name=sealed-secrets,app.kubernetes.io/component!=metrics';
/** Where the published manifests, the chart by its own defaults, and Flux' documentation put it. */
const usual = [
  ['kube-system', 'sealed-secrets-controller'],
  ['kube-system', 'sealed-secrets'],
  ['flux-system', 'sealed-secrets-controller'],
  ['flux-system', 'sealed-secrets'],
  ['sealed-secrets', 'sealed-secrets'],
] as const;
const most = 50;

/**
 * The controllers that open SealedSecrets: by their label, else where they usually are. None where the cluster does not serve
 * SealedSecrets. Throws `cluster.…`; `cluster.forbidden` where nothing was found and not everything could be looked at.
 */
export async function findControllers(
  client: ApiClient,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<readonly SealedSecretsController[]> {
  if ((await discovery.find('bitnami.com', 'SealedSecret', signal)) === undefined) return [];
  const labelled = await unlessForbidden(
    listAll(client, services, { labelSelector, most }, readService, signal),
  );
  const found = Array.isArray(labelled) && labelled.length > 0 ? labelled : await findUsual(client, signal);
  if (found.length === 0 && labelled instanceof Failure) throw labelled;
  return Promise.all(
    found.map(async (controller) => ({
      ...controller,
      keys: await listSealingKeys(client, controller.namespace, signal),
    })),
  );
}

async function findUsual(client: ApiClient, signal: AbortSignal): Promise<readonly Found[]> {
  const asked = usual.map(async ([namespace, name]) => {
    try {
      const path = resourcePath(services, namespace, name);
      return readService(await client.json({ method: 'GET', path, signal }));
    } catch (error) {
      if (Failure.is(error, 'cluster.not-found') || Failure.is(error, 'cluster.forbidden')) return undefined;
      throw error;
    }
  });
  return (await Promise.all(asked)).filter((service) => service !== undefined);
}

/** Its first port counts, and may have no name, as for kubeseal. */
function readService(object: unknown): Found | undefined {
  const namespace = text(at(object, 'metadata', 'namespace'));
  const name = text(at(object, 'metadata', 'name'));
  const [port] = elementsOf(at(object, 'spec', 'ports'));
  if (namespace === undefined || name === undefined || port === undefined) return undefined;
  return { namespace, name, port: text(at(port, 'name')) ?? '' };
}

async function unlessForbidden<T>(work: Promise<T>): Promise<T | Failure> {
  try {
    return await work;
  } catch (error) {
    if (Failure.is(error, 'cluster.forbidden')) return error;
    throw error;
  }
}
