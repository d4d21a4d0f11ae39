import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';

/** Asks an open cluster for something. Failures say which cluster it was; throws `cluster.closed` where it is not open. */
export async function inCluster<T>(
  cluster: Cluster,
  work: (session: ClusterSession) => Promise<T>,
): Promise<T> {
  const { session } = cluster;
  try {
    if (session === undefined) throw new Failure('cluster.closed', {});
    return await work(session);
  } catch (error) {
    throw error instanceof Failure ? error.at({ cluster: cluster.title }) : error;
  }
}
