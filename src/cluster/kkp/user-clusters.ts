import type { UserCluster } from '../../app/clusters/cluster-session.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import { cut } from '../cut.ts';
import { at, name, text } from '../flux/json.ts';
import { listAll } from '../list-all.ts';
import { listedPhaseOf } from './encryption.ts';

const longestTitle = 200;

/**
 * The user clusters of a KKP seed (`kubermatic.k8c.io/v1` Cluster, sdk/apis/kubermatic/v1/cluster.go), in the server's order;
 * undefined where the cluster serves no such kind. Throws `cluster.…`. A Cluster may hold encryption keys: nothing but what is
 * given here is kept of it.
 */
export async function listUserClusters(
  client: ApiClient,
  discovery: Discovery,
  signal: AbortSignal,
): Promise<readonly UserCluster[] | undefined> {
  const resource = await discovery.find('kubermatic.k8c.io', 'Cluster', signal);
  if (resource === undefined) return undefined;
  return listAll(client, resource, { limit: 100 }, readCluster, signal);
}

function readCluster(object: unknown): UserCluster | undefined {
  const id = name(at(object, 'metadata', 'name'));
  if (id === undefined) return undefined;
  return {
    id,
    title: cut(text(at(object, 'spec', 'humanReadableName')) ?? id, longestTitle),
    phase: cut(text(at(object, 'status', 'phase')) ?? '', longestTitle),
    namespace: name(at(object, 'status', 'namespaceName')) ?? `cluster-${id}`,
    encryption: listedPhaseOf(object),
  };
}
