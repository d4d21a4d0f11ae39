import type { KkpRollout } from '../../app/kkp/kkp-encryption.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient } from '../api/api.ts';
import { metadataOnlyOf, resourcePath } from '../api/selection.ts';
import { pods, secrets } from '../core-resources.ts';
import { at, text } from '../flux/json.ts';
import { listAll } from '../list-all.ts';

/** What KKP renders a Cluster's encryption into (kubermatic, pkg/resources/resources.go). It holds every key: it is never read. */
const rendered = 'apiserver-encryption-configuration';
const hashLabel = 'kubermatic.k8c.io/encryption-spec-hash';
const revisionLabel = 'apiserver-encryption-configuration-secret-revision';
const metadataAlone = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
/** A control plane has a handful. */
const most = 500;

/**
 * How far a Cluster's encryption has come to its API servers, as KKP finds out itself (`isApiserverUpdated`): by labels alone. Undefined
 * where the Secret or the pods may not be read; throws other `cluster.…`.
 *
 * @param hash of the Cluster's spec
 */
export async function readRollout(
  client: ApiClient,
  namespace: string,
  hash: string,
  signal: AbortSignal,
): Promise<KkpRollout | undefined> {
  try {
    const [secret, revisions] = await Promise.all([
      secretMetadata(client, namespace, signal),
      revisionsOf(client, namespace, signal),
    ]);
    const revision = text(at(secret, 'metadata', 'resourceVersion'));
    return {
      rendered: at(secret, 'metadata', 'labels', hashLabel) === hash,
      apiServers: revisions.length,
      updated: revisions.filter((each) => revision !== undefined && each === revision).length,
    };
  } catch (error) {
    if (Failure.is(error, 'cluster.forbidden')) return undefined;
    throw error;
  }
}

/** Undefined where there is none yet. */
async function secretMetadata(client: ApiClient, namespace: string, signal: AbortSignal): Promise<unknown> {
  const path = resourcePath(secrets, namespace, rendered);
  try {
    return metadataOnlyOf(await client.json({ method: 'GET', path, accept: metadataAlone, signal }));
  } catch (error) {
    if (Failure.is(error, 'cluster.not-found')) return undefined;
    throw error;
  }
}

/** Which revision of the Secret each pod of the API server runs; empty where it says none. */
function revisionsOf(client: ApiClient, namespace: string, signal: AbortSignal): Promise<readonly string[]> {
  const query = { namespace, labelSelector: 'app=apiserver', metadataOnly: true, most };
  const read = (pod: unknown) => text(at(pod, 'metadata', 'labels', revisionLabel)) ?? '';
  return listAll(client, pods, query, read, signal);
}
