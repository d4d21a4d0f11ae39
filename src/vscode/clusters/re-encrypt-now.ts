import { l10n, ProgressLocation, window } from 'vscode';
import { reportOf } from '../../app/at-rest/encryption-report.ts';
import type {
  ReEncrypted,
  ReEncryptionProgress,
  ReEncryptionWay,
} from '../../app/clusters/cluster-encryption.ts';
import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import { type GroupResource, printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { failureSentence } from '../failure-sentence.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import type { Cluster } from './cluster.ts';
import { findConfigurations } from './configuration-files.ts';
import { inCluster } from './in-cluster.ts';
import { nothingText, type Planned, questionOf, resultOf, stoppedText } from './re-encrypt-words.ts';

export type ReEncryptServices = Pick<Services, 'log'> & {
  readonly clustersView: { askEncryptionAgain(cluster: Cluster): void };
};

/**
 * Writes every object of a resource anew, once the person has agreed to it, and tells what came of it. Undefined where the person
 * did not agree or stopped it. Throws `cluster.…` and `migration.…`.
 */
export async function reEncryptNow(
  cluster: Cluster,
  resource: GroupResource,
  services: ReEncryptServices,
): Promise<ReEncrypted | undefined> {
  const plan = await planOf(cluster, resource);
  if (plan.judged.reasons[0] === 'no-configuration') {
    void window.showInformationMessage(plainMessage(nothingText(plan)));
    return undefined;
  }
  const way = await ask(plan);
  if (way === undefined) return undefined;
  try {
    const done = await run(plan, cluster, resource, way);
    if (done !== undefined) void tell(plan, done, services);
    return done;
  } finally {
    services.clustersView.askEncryptionAgain(cluster);
  }
}

function planOf(cluster: Cluster, resource: GroupResource): Promise<Planned> {
  const title = plainMessage(l10n.t('Asking {0} how it can re-encrypt…', cluster.title));
  return inCluster(cluster, (session) =>
    withProgress(title, async (signal) => {
      const name = printGroupResource(resource);
      const [ways, judged] = await Promise.all([
        session.waysToReEncrypt(resource, signal),
        judge(session, name, signal),
      ]);
      return { cluster: cluster.title, resource: name, ways, ...judged };
    }),
  );
}

async function judge(
  session: ClusterSession,
  resource: string,
  signal: AbortSignal,
): Promise<Pick<Planned, 'judged' | 'configured'>> {
  const [told, files] = await Promise.all([session.encryption(signal), findConfigurations(signal)]);
  const { resources } = reportOf(told, files, [resource]);
  const { judged, configured } = resources.find((each) => each.resource === resource) ?? resources[0];
  return { judged, configured: configured?.writer };
}

/** Which way the person agrees to. */
async function ask(plan: Planned): Promise<ReEncryptionWay | undefined> {
  const { message, detail, buttons } = questionOf(plan);
  const titles = buttons.map(({ title }) => title);
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, ...titles);
  return buttons.find(({ title }) => title === chosen)?.way;
}

async function run(
  plan: Planned,
  cluster: Cluster,
  resource: GroupResource,
  way: ReEncryptionWay,
): Promise<ReEncrypted | undefined> {
  let progress: ReEncryptionProgress | undefined;
  try {
    return await inCluster(cluster, (session) =>
      shown(plan, (tell, signal) =>
        session.reEncrypt(
          resource,
          way,
          (now) => {
            progress = now;
            tell(now);
          },
          signal,
        ),
      ),
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') {
      void window.showInformationMessage(plainMessage(stoppedText(plan, way, progress)));
      return undefined;
    }
    if (way === 'replace' || !Failure.is(error, 'migration.unanswered') || error.details.hasBegun)
      throw error;
    const instead = l10n.t('Write One by One');
    const chosen = await window.showWarningMessage(plainMessage(failureSentence(error)), instead);
    return chosen === instead ? run(plan, cluster, resource, 'replace') : undefined;
  }
}

type Tell = (progress: ReEncryptionProgress) => void;

/** Shows how far it is, with a button that ends it. */
async function shown<T>(plan: Planned, work: (tell: Tell, signal: AbortSignal) => Promise<T>): Promise<T> {
  const title = plainMessage(l10n.t('Writing {0} anew in {1}', plan.resource, plan.cluster));
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    let percent = 0;
    const tell: Tell = ({ done, all }) => {
      if (all === undefined || all === 0) return;
      const now = Math.floor((100 * done) / all);
      if (now === percent && done > 0) return;
      progress.report({ message: l10n.t('{0} of {1}', done, all), increment: now - percent });
      percent = now;
    };
    return work(tell, controller.signal);
  });
}

async function tell(plan: Planned, done: ReEncrypted, { log }: ReEncryptServices): Promise<void> {
  const sentence = plainMessage(resultOf(plan, done));
  if (done.failed.length === 0) {
    void window.showInformationMessage(sentence);
    return;
  }
  for (const { name, reason } of done.failed) log.warn(plainMessage(`${plan.resource} ${name}: ${reason}`));
  const show = l10n.t('Show Log');
  if ((await window.showWarningMessage(sentence, show)) === show) log.show();
}
