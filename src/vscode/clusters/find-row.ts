import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import { keyOfRef, sectionOf } from './flux-rows.ts';
import type { KnownRows } from './known-rows.ts';
import type { Row } from './rows.ts';

type ClusterRow = Extract<Row, { row: 'cluster' }>;
type Below = (row?: Row) => Promise<readonly Row[]>;

/** The rows of clusters that were drawn. */
export function* drawnClusterRows(known: KnownRows, from?: Row): Generator<ClusterRow> {
  for (const row of known.below(from)) {
    if (row.row === 'cluster') yield row;
    if (row.row === 'cluster' || row.row === 'kubeconfig' || row.row === 'remotes')
      yield* drawnClusterRows(known, row);
  }
}

/**
 * The row of a cluster, drawn or not.
 *
 * @param via finds the cluster that holds another one's kubeconfig
 */
export async function findClusterRow(
  cluster: Cluster,
  below: Below,
  via: (id: string) => Cluster | undefined,
): Promise<Row | undefined> {
  const isIt = (row: Row) => row.row === 'cluster' && row.cluster === cluster;
  const { source } = cluster;
  if (source.from === 'own' || source.from === 'workspace') {
    const roots = await below();
    const group = roots.find((row) => row.row === 'kubeconfig' && row.clusters.includes(cluster));
    return (group === undefined ? roots : await below(group)).find(isIt);
  }
  const holder = via(source.via);
  const holderRow = holder && (await findClusterRow(holder, below, via));
  if (holderRow === undefined) return undefined;
  const of = source.from === 'secret' ? 'flux' : 'kkp';
  const remotes = (await below(holderRow)).find((row) => row.row === 'remotes' && row.of === of);
  return remotes === undefined ? undefined : (await below(remotes)).find(isIt);
}

/** The row of a Flux object below that of its cluster. */
export async function findObjectRow(
  clusterRow: Row,
  cluster: Cluster,
  ref: ObjectRef,
  below: Below,
): Promise<Row | undefined> {
  const section = sectionOf(cluster, ref);
  const isSection = (row: Row) => row.row === 'section' && row.section === section;
  const sectionRow = (await below(clusterRow)).find(isSection);
  if (sectionRow === undefined) return undefined;
  const inSection = await below(sectionRow);
  const kindRow = inSection.find(
    (row) => row.row === 'kind' && row.list.kind.kind === ref.kind && row.list.kind.group === ref.group,
  );
  const objects = kindRow === undefined ? inSection : await below(kindRow);
  const key = keyOfRef(ref);
  return objects.find((row) => row.row === 'flux' && keyOfRef(row.object.ref) === key);
}
