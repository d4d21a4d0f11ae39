import { l10n, type QuickPickItem, window } from 'vscode';
import { reportOf } from '../../app/at-rest/encryption-report.ts';
import { type GroupResource, parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import { findConfigurations } from './configuration-files.ts';
import { resourceText } from './encryption-words.ts';
import { inCluster } from './in-cluster.ts';
import type { OpenClusters } from './open-clusters.ts';
import { type ReEncryptServices, reEncryptNow } from './re-encrypt-now.ts';
import { label } from './row-words.ts';
import type { Row, RowFinder } from './rows.ts';

type CommandServices = ReEncryptServices & {
  readonly clustersView: RowFinder;
  readonly clusterActions: { readonly open: Pick<OpenClusters, 'all'> };
};

/** Re-encrypt Now…: of the row it is asked on, else of a cluster and a resource that the person picks. */
export async function reEncrypt(argument: unknown, services: CommandServices): Promise<void> {
  requireTrust();
  const row = services.clustersView.rowOf(argument);
  const cluster = await clusterOf(row, services.clusterActions.open);
  if (cluster === undefined) return;
  const resource = (row?.row === 'fact' ? row.fact.resource : undefined) ?? (await askResource(cluster));
  if (resource !== undefined) await reEncryptNow(cluster, resource, services);
}

async function clusterOf(
  row: Row | undefined,
  open: Pick<OpenClusters, 'all'>,
): Promise<Cluster | undefined> {
  if (row !== undefined && 'cluster' in row) return row.cluster;
  const items = open.all().map(({ cluster }) => ({ label: label(cluster.title), cluster }));
  if (items.length === 1) return items[0]?.cluster;
  const [title, placeHolder] = [l10n.t('Re-encrypt Now'), l10n.t('In which cluster?')];
  if (items.length > 0) return (await window.showQuickPick(items, { title, placeHolder }))?.cluster;
  void window.showInformationMessage(l10n.t('No cluster is open: open one in the Clusters view.'));
  return undefined;
}

interface ResourceItem extends QuickPickItem {
  /** Undefined: the person names one. */
  readonly resource: string | undefined;
}

/** Secrets first, then what else is known to be encrypted. */
async function askResource(cluster: Cluster): Promise<GroupResource | undefined> {
  const known = await inCluster(cluster, (session) =>
    withProgress(plainMessage(l10n.t('Asking {0} what is encrypted…', cluster.title)), async (signal) => {
      const [told, files] = await Promise.all([session.encryption(signal), findConfigurations(signal)]);
      return reportOf(told, files).resources;
    }),
  );
  const items: ResourceItem[] = known.map((report) => ({
    label: label(report.resource),
    description: label(resourceText(report)),
    resource: report.resource,
  }));
  items.push({ label: l10n.t('Another resource…'), resource: undefined });
  const placeHolder = l10n.t('Which objects are to be written anew?');
  const chosen = await window.showQuickPick(items, { title: l10n.t('Re-encrypt Now'), placeHolder });
  if (chosen === undefined) return undefined;
  const name = chosen.resource ?? (await askName());
  return name === undefined ? undefined : parseGroupResource(name);
}

function askName(): Thenable<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Re-encrypt Now'),
    prompt: l10n.t('A resource as an EncryptionConfiguration names it: configmaps, or widgets.example.com'),
    validateInput: (text) =>
      /^[a-z0-9-]+(\.[a-z0-9.-]+)?$/.test(text)
        ? undefined
        : l10n.t('Plural, lower case, with its group if it has one'),
  });
}
