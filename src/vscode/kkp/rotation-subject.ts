import { l10n, window } from 'vscode';
import type { UserCluster } from '../../app/clusters/cluster-session.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import { Failure } from '../../core/errors.ts';
import { failed, ok, type Result } from '../../core/result.ts';
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
  const asked = await withProgress(l10n.t('Looking for user clusters…'), (signal) =>
    Promise.all(open.map((seed) => usersOf(seed, signal))),
  );
  const found = asked.flatMap((each) => (each.ok ? each.value : []));
  // A cluster that may not be asked is no reason to hide the user clusters of another.
  const failure = asked.find((each) => !each.ok);
  if (found.length === 0 && failure !== undefined) throw failure.failure;
  const items = found.map(({ seed, user }) => ({
    label: label(user.title),
    description: label(`${seed.title} · ${phaseName(user.encryption)}`),
    subject: subjectOf(seed, user),
  }));
  if (items.length === 0) {
    void window.showInformationMessage(
      l10n.t(
        'No connected cluster is a KKP seed with user clusters: connect the seed in the Clusters view first.',
      ),
    );
    return undefined;
  }
  const options = { title: l10n.t('Prepare Key Rotation'), placeHolder: l10n.t('Of which user cluster?') };
  return (await window.showQuickPick(items, options))?.subject;
}

async function usersOf(
  seed: Cluster,
  signal: AbortSignal,
): Promise<Result<readonly { readonly seed: Cluster; readonly user: UserCluster }[]>> {
  try {
    const users = await inCluster(seed, (session) => session.userClusters(signal));
    return ok((users ?? []).map((user) => ({ seed, user })));
  } catch (error) {
    if (error instanceof Failure) return failed(error);
    throw error;
  }
}
