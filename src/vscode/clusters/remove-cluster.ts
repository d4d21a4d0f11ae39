import type { AddingClusters } from './adding-clusters.ts';
import type { RowFinder } from './rows.ts';

/** Remove from List: of a kubeconfig that a person listed. The file stays as it is. */
export async function removeCluster(
  argument: unknown,
  services: { readonly clustersView: RowFinder; readonly adding: Pick<AddingClusters, 'sealed'> },
): Promise<void> {
  const row = services.clustersView.rowOf(argument);
  const cluster =
    row?.row === 'kubeconfig' ? row.clusters[0] : row?.row === 'cluster' ? row.cluster : undefined;
  if (cluster?.source.from === 'workspace') await services.adding.sealed.forget(cluster.source.sealed);
}
