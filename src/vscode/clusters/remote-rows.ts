import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';
import type { Cluster } from './cluster.ts';
import { nameOrder } from './flux-order.ts';
import { listsOf } from './flux-rows.ts';
import type { Entry } from './known-rows.ts';

type SecretSource = Extract<KubeconfigSource, { readonly from: 'secret' }>;

/** The clusters that Flux applies to from this one, by the Secrets with their kubeconfigs. */
export function fluxRemotes(cluster: Cluster): SecretSource[] {
  return listsOf(cluster).flatMap(({ objects }) =>
    objects.flatMap(({ ref: { namespace }, kubeConfig }): SecretSource[] => {
      if (kubeConfig === undefined || namespace === undefined) return [];
      const { secret: name, key } = kubeConfig;
      return [{ from: 'secret', via: cluster.id, namespace, name, key }];
    }),
  );
}

/**
 * Clusters in natural order.
 *
 * @param closed how often one was closed: a cluster that was disconnected gets another row, which is not expanded, since
 *   expanding it would connect it again
 */
export function clusterEntries(clusters: readonly Cluster[], closed: (cluster: Cluster) => number): Entry[] {
  const compare = nameOrder();
  return clusters
    .toSorted((a, b) => compare(a.title, b.title))
    .map((cluster) => [`cluster ${cluster.id} ${closed(cluster)}`, { row: 'cluster', cluster }]);
}
