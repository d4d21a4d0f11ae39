import { l10n, window } from 'vscode';
import { Failure } from '../../core/errors.ts';
import { configurationHash } from '../../crypto/at-rest/configuration-hash.ts';
import type { Cluster } from '../clusters/cluster.ts';
import type { OpenCluster } from '../clusters/open-clusters.ts';
import { plainLabel } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

interface Known {
  readonly cluster: Cluster;
  /** Whether an API server said that it runs this very file. */
  readonly runs: boolean;
}

/** The cluster whose key is to be rotated, of those that are open: those that run the file come first. Undefined: the person gave up. */
export async function askCluster(
  content: Uint8Array,
  { clusterActions }: Pick<Services, 'clusterActions'>,
): Promise<Cluster | undefined> {
  const open = clusterActions.open.all();
  if (open.length === 0) {
    void window.showInformationMessage(
      l10n.t('No cluster is open: open the one that runs this file in the Clusters view.'),
    );
    return undefined;
  }
  const hash = configurationHash(content);
  const known = await withProgress(l10n.t('Asking the open clusters what they run…'), (signal) =>
    Promise.all(open.map((each) => ask(each, hash, signal))),
  );
  const items = known
    .toSorted((a, b) => Number(b.runs) - Number(a.runs))
    .map(({ cluster, runs }) => ({
      label: plainLabel(cluster.title),
      description: runs ? l10n.t('runs this file') : '',
      cluster,
    }));
  return (await window.showQuickPick(items, { placeHolder: l10n.t('Which cluster does it belong to?') }))
    ?.cluster;
}

async function ask({ cluster, session }: OpenCluster, hash: string, signal: AbortSignal): Promise<Known> {
  try {
    const { metrics } = await session.encryption(signal);
    const runs = metrics.ok && metrics.value.configurations.some((one) => one.hash === hash);
    return { cluster, runs };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { cluster, runs: false };
  }
}
