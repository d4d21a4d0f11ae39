import { l10n, workspace } from 'vscode';
import { scannedFolders } from '../workspace-scan.ts';
import type { AskedRows } from './asked-rows.ts';
import { belowController } from './asked-rows.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import { type FluxFilter, isFiltering } from './flux-filter.ts';
import { nameOrder } from './flux-order.ts';
import { belowObject, belowSection, listsOf, objectEntries, sectionEntries } from './flux-rows.ts';
import type { Entry } from './known-rows.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { failureRow, noteRow } from './message-rows.ts';
import { clusterEntries, fluxRemotes } from './remote-rows.ts';
import type { Row } from './rows.ts';
import type { ServedKinds } from './served-kinds.ts';

type KubeconfigRow = Extract<Row, { row: 'kubeconfig' }>;

/** What stands below each row of the *Clusters* view. Asking for what is below a cluster connects it. */
export class ClusterRows {
  readonly #clusters: Clusters;
  readonly #asked: AskedRows;
  readonly #served: ServedKinds;

  constructor(clusters: Clusters, asked: AskedRows, served: ServedKinds) {
    this.#clusters = clusters;
    this.#asked = asked;
    this.#served = served;
  }

  async below(row: Row | undefined, filter: FluxFilter): Promise<readonly Entry[]> {
    switch (row?.row) {
      case undefined:
        return this.#roots();
      case 'kubeconfig':
        return this.#belowKubeconfig(row);
      case 'cluster':
        return this.#belowCluster(row.cluster, filter);
      case 'section':
        return belowSection(row, filter);
      case 'kind':
        return objectEntries(row.cluster, row.list, filter);
      case 'flux':
        return belowObject(row.cluster, row.object);
      case 'controller':
        return belowController(row.cluster, row.controller);
      case 'remotes':
        return row.of === 'flux' ? this.#fluxRemotes(row.cluster) : this.#asked.below(row);
      case 'fact':
        return (row.fact.below ?? []).map(([key, fact]) => [
          key,
          { row: 'fact', cluster: row.cluster, fact },
        ]);
      case 'inventory':
      case 'events':
      case 'sealed-secrets':
      case 'encryption':
      case 'kkp-encryption':
      case 'kkp-cluster':
        return this.#asked.below(row);
      case 'link':
      case 'item':
      case 'event':
      case 'sealing-key':
      case 'message':
        break;
    }
    return [];
  }

  /** By title, the person's own kubeconfig last. */
  async #roots(): Promise<Entry[]> {
    const kubeconfigs = await this.#clusters.list();
    const last = ({ source }: Kubeconfig) => Number(source.from === 'own');
    const compare = nameOrder();
    const sorted = kubeconfigs.toSorted((a, b) => last(a) - last(b) || compare(a.title, b.title));
    const entries = sorted.flatMap((kubeconfig) =>
      kubeconfig.isGroup ? [kubeconfigEntry(kubeconfig)] : this.#entriesOf(kubeconfig.clusters),
    );
    const { failure } = this.#clusters;
    if (failure !== undefined) return [['failure', failureRow(failure)], ...entries];
    // Where there is no other row, the view's welcome says it.
    const saysMore = entries.length > 0 && kubeconfigs.every(({ source }) => source.from === 'own');
    return saysMore && isUnscanned() ? [['unscanned', noteRow(unscannedText())], ...entries] : entries;
  }

  async #belowKubeconfig({ id }: KubeconfigRow): Promise<Entry[]> {
    const kubeconfig = (await this.#clusters.list()).find((each) => each.id === id);
    if (kubeconfig === undefined) return [];
    await this.#clusters.read(kubeconfig);
    const { failure, clusters } = kubeconfig;
    if (failure !== undefined) return [['failure', failureRow(failure)]];
    return clusters.length === 0
      ? [['none', noteRow(l10n.t('It names no clusters.'))]]
      : this.#entriesOf(clusters);
  }

  async #belowCluster(cluster: Cluster, filter: FluxFilter): Promise<Entry[]> {
    // Not after a failure: whoever wants another attempt asks for it.
    if (cluster.state !== 'failed') await this.#clusters.open(cluster);
    if (cluster.failure !== undefined) return [['failure', failureRow(cluster.failure)]];
    if (cluster.session === undefined) return [];
    const entries = sectionEntries(cluster, filter);
    const { sealedSecrets, userClusters } = this.#served.of(cluster);
    if (sealedSecrets) entries.push(['sealed secrets', { row: 'sealed-secrets', cluster }]);
    const isBare = entries.length === 0 && fluxRemotes(cluster).length === 0 && !userClusters;
    entries.push(['encryption', { row: 'encryption', cluster, known: this.#asked.encryptionOf(cluster) }]);
    if (fluxRemotes(cluster).length > 0) entries.push(['flux', { row: 'remotes', cluster, of: 'flux' }]);
    if (userClusters) {
      entries.push(['kkp', { row: 'remotes', cluster, of: 'kkp' }]);
      entries.push(['kkp encryption', { row: 'kkp-encryption', cluster }]);
    }
    return isBare ? [['none', noteRow(whyNothing(cluster, filter))], ...entries] : entries;
  }

  #fluxRemotes(cluster: Cluster): Entry[] {
    return this.#entriesOf(this.#clusters.remotes(cluster, 'secret', fluxRemotes(cluster)));
  }

  #entriesOf(clusters: readonly Cluster[]): Entry[] {
    return clusterEntries(clusters, (each) => this.#clusters.closed(each));
  }
}

function unscannedText(): string {
  return l10n.t(
    'The workspace is not looked through: encrypted kubeconfigs are listed once you add them (Add Cluster…).',
  );
}

function isUnscanned(): boolean {
  return (workspace.workspaceFolders ?? []).length > 0 && scannedFolders().length === 0;
}

function whyNothing(cluster: Cluster, filter: FluxFilter): string {
  if (isFiltering(filter)) return l10n.t('Nothing passes the filter.');
  const isFluxHere = listsOf(cluster).some(({ state }) => state !== 'absent');
  return isFluxHere
    ? l10n.t('Flux is here, and has no objects.')
    : l10n.t('Neither Flux nor Sealed Secrets is here.');
}

/** The row says what is known of the kubeconfig at the time it is asked. */
function kubeconfigEntry(kubeconfig: Kubeconfig): Entry {
  const { id, title } = kubeconfig;
  return [
    `kubeconfig ${id}`,
    {
      row: 'kubeconfig',
      id,
      title,
      get clusters() {
        return kubeconfig.clusters;
      },
    },
  ];
}
