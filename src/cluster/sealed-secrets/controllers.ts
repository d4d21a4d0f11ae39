import type { SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import { elementsOf } from '../api/json.ts';
import { resourcePath } from '../api/selection.ts';
import { services } from '../core-resources.ts';
import { at, name } from '../flux/json.ts';
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
 * The controllers that open SealedSecrets: those where they usually are, then others by their label, which anybody may give a
 * Service of his own. None where the cluster does not serve SealedSecrets. Throws `cluster.…`; `cluster.forbidden` where nothing was found and not everything could be looked at.
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
  const inUsualPlaces = await findUsual(client, signal);
  if (inUsualPlaces.length === 0 && labelled instanceof Failure) throw labelled;
  const others = labelled instanceof Failure ? [] : labelled.filter((each) => !inUsualPlaces.some(is(each)));
  return Promise.all(
    [...inUsualPlaces, ...others].map(async (controller) => ({
      ...controller,
      keys: await listSealingKeys(client, controller.namespace, signal),
    })),
  );
}

function is({ namespace, name }: Found): (other: Found) => boolean {
  return (other) => other.namespace === namespace && other.name === name;
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
  const [namespace, own] = ['namespace', 'name'].map((field) => name(at(object, 'metadata', field)));
  const [port] = elementsOf(at(object, 'spec', 'ports'));
  if (namespace === undefined || own === undefined || port === undefined) return undefined;
  return { namespace, name: own, port: name(at(port, 'name')) ?? '' };
}

async function unlessForbidden<T>(work: Promise<T>): Promise<T | Failure> {
  try {
    return await work;
  } catch (error) {
    if (Failure.is(error, 'cluster.forbidden')) return error;
    throw error;
  }
}
