import { Uri, workspace } from 'vscode';
import type {
  FluxList,
  FluxObject,
  FluxSection,
  Health,
  InventoryItem,
} from '../../app/clusters/flux-object.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import { count } from '../counts.ts';
import type { Cluster } from './cluster.ts';
import { type FluxFilter, isFiltering, matcherOf, stateNames } from './flux-filter.ts';
import { countNotReady, isOutOfReach } from './flux-order.ts';
import { onlyListOf, shownSections } from './flux-rows.ts';
import { joined, label } from './row-words.ts';
import type { Row } from './rows.ts';
import { shortRevision } from './short-revision.ts';

/** A row's label and what stands beside it in grey. */
export interface RowTexts {
  readonly label: string;
  readonly description: string;
}

const sectionTitles: { readonly [S in FluxSection]: string } = {
  workloads: 'Workloads',
  sources: 'Sources',
  images: 'Image Automation',
  notifications: 'Notifications',
  operator: 'Flux Operator',
};
/** How people call it. */
export const healthNames: { readonly [H in Health]: string } = {
  healthy: 'healthy',
  progressing: 'progressing',
  degraded: 'degraded',
  missing: 'missing',
  unknown: 'unknown',
  elsewhere: 'in another cluster',
};
const fixedTitles = {
  inventory: 'Inventory',
  events: 'Events',
  'sealed-secrets': 'Sealed Secrets',
  'kkp-encryption': 'Encryption of User Clusters',
} as const;
const remoteTitles = { flux: 'Remote Clusters', kkp: 'User Clusters' } as const;

/** How a row reads. What comes from a cluster is cleaned of what could disguise it. */
export function textsOf(row: Row, filter: FluxFilter): RowTexts {
  switch (row.row) {
    case 'cluster':
      return texts(label(row.cluster.title), clusterDescription(row.cluster));
    case 'kubeconfig':
      return texts(label(row.title), row.clusters.length === 0 ? '' : count(row.clusters.length, 'context'));
    case 'section':
      return texts(sectionTitles[row.section], sectionDescription(row, filter));
    case 'kind':
      return texts(row.list.kind.title, listDescription(row.list, filter));
    case 'flux':
      return texts(label(row.object.ref.name), objectDescription(row.object));
    case 'link':
      return texts(`${row.label}: ${label(row.ref.name)}`, label(joined(row.ref.kind, row.ref.namespace)));
    case 'item':
      return itemTexts(row.item);
    case 'event':
      return texts(label(row.event.reason), label(row.event.message));
    case 'controller':
      return texts(label(row.controller.name), label(row.controller.namespace));
    case 'sealing-key':
      return texts(label(row.name), label(row.description));
    case 'encryption':
      return texts('Encryption at Rest', label(row.known.said?.text ?? ''));
    case 'kkp-cluster':
      return texts(label(row.user.title), phaseName(row.user.encryption));
    case 'fact':
      return texts(label(row.fact.label), label(row.fact.description, 1000));
    case 'remotes':
      return texts(remoteTitles[row.of]);
    case 'message':
      return texts(label(row.text, 1000));
    case 'inventory':
    case 'events':
    case 'sealed-secrets':
    case 'kkp-encryption':
      break;
  }
  return texts(fixedTitles[row.row]);
}

/** Where a cluster's kubeconfig comes from. */
export function sourceDescription(source: KubeconfigSource): string {
  if (source.from === 'own') return 'kubeconfig';
  if (source.from === 'secret') return 'Flux kubeConfig';
  if (source.from === 'user-cluster') return label(joined('KKP', source.phase, encryptionOf(source)));
  const { path, entry, scheme } = source.sealed;
  return label(joined(workspace.asRelativePath(Uri.file(path)), entry, scheme));
}

/** Where the seed has something to say of it. */
function encryptionOf({ encryption }: Extract<KubeconfigSource, { from: 'user-cluster' }>): string {
  return encryption === undefined ? '' : `encryption ${phaseName(encryption)}`;
}

function texts(text: string, description = ''): RowTexts {
  return { label: text, description };
}

function clusterDescription({ state, session, source, context }: Cluster): string {
  if (state === 'opening') return 'connecting…';
  if (state === 'failed') return 'could not be connected';
  // Where there is a context, the row above says it.
  const from = context === undefined ? sourceDescription(source) : '';
  if (session === undefined) return from;
  const notReady = countNotReady(session.flux());
  const insecure = session.insecure ? 'certificate not checked' : '';
  const stale = isOutOfReach(session.flux()) ? staleText(session.flux()) : '';
  return joined(
    insecure,
    stale,
    notReady === 0 ? '' : `${notReady} not ready`,
    label(session.version, 40),
    from,
  );
}

function sectionDescription(
  { cluster, section }: Extract<Row, { row: 'section' }>,
  filter: FluxFilter,
): string {
  const single = onlyListOf(cluster, section);
  if (single !== undefined) return listDescription(single, filter);
  const lists = shownSections(cluster, filter).find((shown) => shown.section === section)?.lists ?? [];
  const notReady = countNotReady(lists);
  const failed = lists.filter(({ state }) => state === 'failed').length;
  const parts = [
    ...(notReady === 0 ? [] : [`${notReady} not ready`]),
    ...(failed === 0 ? [] : [`${count(failed, 'kind')} could not be read`]),
  ];
  return parts.join(', ');
}

/** Of lists that can be read no longer. */
function staleText(lists: readonly FluxList[]): string {
  return lists.some(({ objects }) => objects.length > 0) ? 'out of date' : 'could not be read';
}

/** `12`, `12, 2 not ready`; with a filter `3 of 12`. */
function listDescription(list: FluxList, filter: FluxFilter): string {
  const { state, objects } = list;
  if (state === 'loading' && objects.length === 0) return 'loading…';
  if (state === 'failed' && objects.length === 0) return staleText([list]);
  const stale = state === 'failed' ? `, ${staleText([list])}` : '';
  if (isFiltering(filter)) return `${objects.filter(matcherOf(filter)).length} of ${objects.length}${stale}`;
  const notReady = countNotReady([list]);
  return `${objects.length}${notReady === 0 ? '' : `, ${notReady} not ready`}${stale}`;
}

/** `flux-system · main@3f2a1c9`; before the revision the state where it is another than ready, and why it is not. */
function objectDescription({ ref, revision, state, reason }: FluxObject): string {
  const at = revision === undefined ? undefined : shortRevision(revision);
  const why = state === 'not-ready' && reason !== '' ? `: ${reason}` : '';
  const said = state === 'ready' || state === 'static' ? undefined : `${stateNames[state]}${why}`;
  return label(joined(ref.namespace, said, at));
}

function itemTexts({ ref, health, message }: InventoryItem): RowTexts {
  const why = message === '' ? '' : `: ${message}`;
  const said = health === 'healthy' ? undefined : `${healthNames[health]}${why}`;
  return texts(label(`${ref.kind}/${ref.name}`), label(joined(ref.namespace, said)));
}
