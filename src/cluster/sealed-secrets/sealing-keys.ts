import type { SealingKeyInCluster } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient } from '../api/api.ts';
import { secrets } from '../core-resources.ts';
import { at, name, time } from '../flux/json.ts';
import { listAll } from '../list-all.ts';

const label = 'sealedsecrets.bitnami.com/sealed-secrets-key';
/** A key a month, and a server that knows no labels. */
const most = 1_000;

/**
 * The sealing keys in a controller's namespace, newest first: names and labels alone, the Secrets are not read. Undefined where they
 * may not be listed; throws other `cluster.…`.
 */
export async function listSealingKeys(
  client: ApiClient,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly SealingKeyInCluster[] | undefined> {
  const query = { namespace, labelSelector: label, metadataOnly: true, most };
  try {
    const found = await listAll(client, secrets, query, readKey, signal);
    return found.toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  } catch (error) {
    if (Failure.is(error, 'cluster.forbidden')) return undefined;
    throw error;
  }
}

function readKey(object: unknown): SealingKeyInCluster | undefined {
  const own = name(at(object, 'metadata', 'name'));
  if (own === undefined) return undefined;
  return {
    name: own,
    createdAt: time(at(object, 'metadata', 'creationTimestamp')),
    state: name(at(object, 'metadata', 'labels', label)) ?? '',
  };
}
