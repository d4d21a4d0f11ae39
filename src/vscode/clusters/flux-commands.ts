import { l10n, window } from 'vscode';
import { cleanText } from '../../app/clusters/clean-text.ts';
import type { ClusterSession, Reconciled, ReconcileOptions } from '../../app/clusters/cluster-session.ts';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import { inCluster } from './in-cluster.ts';
import type { LiveObjects } from './live-objects.ts';
import { objectWords } from './object-words.ts';
import { label } from './row-words.ts';
import type { RowFinder } from './rows.ts';
import { shortRevision } from './short-revision.ts';

/** Controllers' messages can be whole logs. */
const messageAtMost = 300;

interface FluxServices {
  readonly clustersView: RowFinder;
  readonly clusterActions: { readonly live: Pick<LiveObjects, 'open'> };
}

/** Reconcile, with its source, forced or reset: tells how it ended. */
export async function reconcile(
  argument: unknown,
  how: Partial<ReconcileOptions>,
  { clustersView, clusterActions: { live } }: FluxServices,
): Promise<void> {
  const row = clustersView.rowOf(argument);
  if (row?.row !== 'flux' || !row.object.canReconcile) return;
  const { cluster, object } = row;
  const options = { withSource: false, force: false, reset: false, ...how };
  if ((options.force || options.reset) && object.ref.kind !== 'HelmRelease') return;
  const title = l10n.t('Reconciling {0} in {1}…', objectWords(object.ref), cluster.title);
  const done = await withSession(cluster, title, (session, signal) =>
    session.reconcile(object, options, signal),
  );
  if (done.ready) tellReady(object, done);
  else await tellFailed(cluster, object, done, live);
}

/** Suspend and Resume: what came of it is seen in the row. */
export async function setSuspended(
  argument: unknown,
  suspended: boolean,
  { clustersView }: Pick<FluxServices, 'clustersView'>,
): Promise<void> {
  const row = clustersView.rowOf(argument);
  if (row?.row !== 'flux' || !row.object.canSuspend) return;
  const { cluster, object } = row;
  const words = objectWords(object.ref);
  const title = suspended
    ? l10n.t('Suspending {0} in {1}…', words, cluster.title)
    : l10n.t('Resuming {0} in {1}…', words, cluster.title);
  await withSession(cluster, title, (session, signal) => session.setSuspended(object, suspended, signal));
}

function withSession<T>(
  cluster: Cluster,
  title: string,
  work: (session: ClusterSession, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return inCluster(cluster, (session) =>
    withProgress(plainMessage(title), (signal) => work(session, signal)),
  );
}

function tellReady(object: FluxObject, { revision }: Reconciled): void {
  const words = label(objectWords(object.ref));
  const sentence =
    revision === undefined
      ? l10n.t('{0} is ready', words)
      : l10n.t('{0} is ready at {1}', words, label(shortRevision(revision), 60));
  window.setStatusBarMessage(`$(pass) ${sentence}`, 5000);
}

async function tellFailed(
  cluster: Cluster,
  object: FluxObject,
  { message }: Reconciled,
  live: Pick<LiveObjects, 'open'>,
): Promise<void> {
  const words = objectWords(object.ref);
  const why = cleanText(message, messageAtMost);
  const sentence =
    message === ''
      ? l10n.t('{0} in {1} is not ready.', words, cluster.title)
      : l10n.t('{0} in {1} is not ready: {2}', words, cluster.title, why);
  const open = l10n.t('Open Live Object');
  const chosen = await window.showErrorMessage(plainMessage(sentence), open);
  if (chosen === open) await live.open(cluster, object.ref);
}
