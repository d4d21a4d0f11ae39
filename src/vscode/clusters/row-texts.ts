import { l10n, Uri, workspace } from 'vscode';
import type {
  FluxList,
  FluxObject,
  FluxSection,
  Health,
  InventoryItem,
} from '../../app/clusters/flux-object.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import type { Cluster } from './cluster.ts';
import { type FluxFilter, isFiltering, matcherOf, stateName } from './flux-filter.ts';
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

const sectionTitles: { readonly [S in FluxSection]: () => string } = {
  workloads: () => l10n.t('Workloads'),
  sources: () => l10n.t('Sources'),
  images: () => l10n.t('Image Automation'),
  notifications: () => l10n.t('Notifications'),
  operator: () => 'Flux Operator',
};
const healthNames: { readonly [H in Health]: () => string } = {
  healthy: () => l10n.t('healthy'),
  progressing: () => l10n.t('progressing'),
  degraded: () => l10n.t('degraded'),
  missing: () => l10n.t('missing'),
  unknown: () => l10n.t('unknown'),
  elsewhere: () => l10n.t('in another cluster'),
};
const fixedTitles = {
  inventory: () => l10n.t('Inventory'),
  events: () => l10n.t('Events'),
  'sealed-secrets': () => 'Sealed Secrets',
  'kkp-encryption': () => l10n.t('Encryption of User Clusters'),
} as const;
const remoteTitles = {
  flux: () => l10n.t('Remote Clusters'),
  kkp: () => l10n.t('User Clusters'),
} as const;

/** How people call it. */
export function healthName(health: Health): string {
  return healthNames[health]();
}

/** How a row reads. What comes from a cluster is cleaned of what could disguise it. */
export function textsOf(row: Row, filter: FluxFilter): RowTexts {
  switch (row.row) {
    case 'cluster':
      return texts(label(row.cluster.title), clusterDescription(row.cluster));
    case 'kubeconfig':
      return texts(label(row.title), contextsText(row.clusters.length));
    case 'section':
      return texts(sectionTitles[row.section](), sectionDescription(row, filter));
    case 'kind':
      return texts(row.list.kind.title, listDescription(row.list, filter));
    case 'flux':
      return texts(label(row.object.ref.name), objectDescription(row.object));
    case 'link':
      return texts(
        l10n.t('{0}: {1}', row.label, label(row.ref.name)),
        label(joined(row.ref.kind, row.ref.namespace)),
      );
    case 'item':
      return itemTexts(row.item);
    case 'event':
      return texts(label(row.event.reason), label(row.event.message));
    case 'controller':
      return texts(label(row.controller.name), label(row.controller.namespace));
    case 'sealing-key':
      return texts(label(row.name), label(row.description));
    case 'encryption':
      return texts(l10n.t('Encryption at Rest'), label(row.known.said?.text ?? ''));
    case 'kkp-cluster':
      return texts(label(row.user.title), phaseName(row.user.encryption));
    case 'fact':
      return texts(label(row.fact.label), label(row.fact.description, 1000));
    case 'remotes':
      return texts(remoteTitles[row.of]());
    case 'message':
      return texts(label(row.text, 1000));
    case 'inventory':
    case 'events':
    case 'sealed-secrets':
    case 'kkp-encryption':
      break;
  }
  return texts(fixedTitles[row.row]());
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
  return encryption === undefined ? '' : l10n.t('encryption {0}', phaseName(encryption));
}

function texts(text: string, description = ''): RowTexts {
  return { label: text, description };
}

function contextsText(contexts: number): string {
  if (contexts === 0) return '';
  return contexts === 1 ? l10n.t('1 context') : l10n.t('{0} contexts', contexts);
}

function clusterDescription({ state, session, source, context }: Cluster): string {
  if (state === 'opening') return l10n.t('connecting…');
  if (state === 'failed') return l10n.t('could not be connected');
  // Where there is a context, the row above says it.
  const from = context === undefined ? sourceDescription(source) : '';
  if (session === undefined) return from;
  const insecure = session.insecure ? l10n.t('certificate not checked') : '';
  const stale = isOutOfReach(session.flux()) ? staleText(session.flux()) : '';
  return joined(insecure, stale, notReadyText(session.flux()), label(session.version, 40), from);
}

function sectionDescription(
  { cluster, section }: Extract<Row, { row: 'section' }>,
  filter: FluxFilter,
): string {
  const single = onlyListOf(cluster, section);
  if (single !== undefined) return listDescription(single, filter);
  const lists = shownSections(cluster, filter).find((shown) => shown.section === section)?.lists ?? [];
  const failed = lists.filter(({ state }) => state === 'failed').length;
  return listed(notReadyText(lists), failedText(failed));
}

function failedText(kinds: number): string {
  if (kinds === 0) return '';
  return kinds === 1 ? l10n.t('1 kind could not be read') : l10n.t('{0} kinds could not be read', kinds);
}

/** Empty where nothing is to be said. */
function notReadyText(lists: readonly FluxList[]): string {
  const notReady = countNotReady(lists);
  return notReady === 0 ? '' : l10n.t('{0} not ready', notReady);
}

/** Of lists that can be read no longer. */
function staleText(lists: readonly FluxList[]): string {
  return lists.some(({ objects }) => objects.length > 0)
    ? l10n.t('out of date')
    : l10n.t('could not be read');
}

/** `12`, `12, 2 not ready`; with a filter `3 of 12`. */
function listDescription(list: FluxList, filter: FluxFilter): string {
  const { state, objects } = list;
  if (state === 'loading' && objects.length === 0) return l10n.t('loading…');
  if (state === 'failed' && objects.length === 0) return staleText([list]);
  const stale = state === 'failed' ? staleText([list]) : '';
  if (!isFiltering(filter)) return listed(String(objects.length), notReadyText([list]), stale);
  const passing = objects.filter(matcherOf(filter)).length;
  return listed(l10n.t('{0} of {1}', passing, objects.length), stale);
}

function listed(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** `flux-system · main@3f2a1c9`; before the revision the state where it is another than ready, and why it is not. */
function objectDescription({ ref, revision, state, reason }: FluxObject): string {
  const at = revision === undefined ? undefined : shortRevision(revision);
  const why = state === 'not-ready' ? reason : '';
  const said = state === 'ready' || state === 'static' ? undefined : withReason(stateName(state), why);
  return label(joined(ref.namespace, said, at));
}

/** `not ready: BuildFailed`; the state alone where no reason is given. */
export function withReason(state: string, reason: string): string {
  return reason === '' ? state : l10n.t('{0}: {1}', state, reason);
}

function itemTexts({ ref, health, message }: InventoryItem): RowTexts {
  const said = health === 'healthy' ? undefined : withReason(healthName(health), message);
  return texts(label(`${ref.kind}/${ref.name}`), label(joined(ref.namespace, said)));
}
