import { window } from 'vscode';
import type { UserCluster } from '../../app/clusters/cluster-session.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import type { Cluster } from '../clusters/cluster.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { inCluster } from '../clusters/in-cluster.ts';
import { label } from '../clusters/row-words.ts';
import type { RowFinder } from '../clusters/rows.ts';
import { withProgress } from '../progress.ts';

/** A user cluster, and the seed that tells of it. */
export interface KkpSubject {
  readonly seed: Cluster;
  readonly id: string;
  readonly title: string;
}

interface SubjectServices {
  readonly clusters: Pick<Clusters, 'all'>;
  readonly clustersView: RowFinder;
}

/** The user cluster of a row; without one, the one that the person picks of all connected seeds. Undefined where there is none. */
export async function rotationSubject(
  argument: unknown,
  { clusters, clustersView }: SubjectServices,
): Promise<KkpSubject | undefined> {
  const row = clustersView.rowOf(argument);
  if (row?.row === 'kkp-cluster') return subjectOf(row.cluster, row.user);
  const source = row?.row === 'cluster' ? row.cluster.source : undefined;
  if (source?.from === 'user-cluster') {
    const seed = clusters.all().find(({ id }) => id === source.via);
    if (seed !== undefined) return { seed, id: source.id, title: source.title };
  }
  return pickSubject(clusters);
}

function subjectOf(seed: Cluster, { id, title }: UserCluster): KkpSubject {
  return { seed, id, title };
}

async function pickSubject(clusters: Pick<Clusters, 'all'>): Promise<KkpSubject | undefined> {
  const open = clusters.all().filter(({ session }) => session !== undefined);
  const found = await withProgress('Looking for user clusters…', (signal) =>
    Promise.all(open.map((seed) => usersOf(seed, signal))),
  );
  const items = found.flat().map(({ seed, user }) => ({
    label: label(user.title),
    description: label(`${seed.title} · ${phaseName(user.encryption)}`),
    subject: subjectOf(seed, user),
  }));
  if (items.length === 0) {
    void window.showInformationMessage(
      'No connected cluster is a KKP seed with user clusters: connect the seed in the Clusters view first.',
    );
    return undefined;
  }
  const options = { title: 'Prepare Key Rotation', placeHolder: 'Of which user cluster?' };
  return (await window.showQuickPick(items, options))?.subject;
}

async function usersOf(seed: Cluster, signal: AbortSignal) {
  const users = await inCluster(seed, (session) => session.userClusters(signal));
  return (users ?? []).map((user) => ({ seed, user }));
}
