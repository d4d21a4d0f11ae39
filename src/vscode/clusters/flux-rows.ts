import { l10n } from 'vscode';
import type {
  FluxKind,
  FluxList,
  FluxObject,
  FluxSection,
  ObjectRef,
} from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import { type FluxFilter, isFiltering, matcherOf } from './flux-filter.ts';
import { inOrder, listOfKind, type ShownSection, sectionsOf } from './flux-order.ts';
import type { Entry } from './known-rows.ts';
import { errorRow, failureRow, noteRow } from './message-rows.ts';
import type { Row } from './rows.ts';

type SectionRow = Extract<Row, { row: 'section' }>;

/** A tree draws itself slowly with more below one row. */
const shownAtMost = 2000;

export function sectionEntries(cluster: Cluster, filter: FluxFilter): Entry[] {
  const failure = commonFailure(listsOf(cluster));
  if (failure !== undefined) return [['failure', failureRow(failure)]];
  return shownSections(cluster, filter).map(({ section }) => [
    `section ${section}`,
    { row: 'section', cluster, section },
  ]);
}

/** Why a cluster does not say what it serves: one reason, not one for each kind. Undefined where anything is known. */
function commonFailure(lists: readonly FluxList[]): unknown {
  const failure = lists[0]?.failure;
  return lists.every((list) => list.failure === failure && list.objects.length === 0) ? failure : undefined;
}

/** Kinds; the objects themselves where the cluster serves but one kind of the section. */
export function belowSection({ cluster, section }: SectionRow, filter: FluxFilter): Entry[] {
  const single = onlyListOf(cluster, section);
  if (single !== undefined) return objectEntries(cluster, single, filter);
  const lists = shownSections(cluster, filter).find((shown) => shown.section === section)?.lists ?? [];
  return lists.map(({ kind }) => [`kind ${kind.kind}.${kind.group}`, kindRow(cluster, kind)]);
}

/** The kind of a section that has no more of them. */
export function onlyListOf(cluster: Cluster, section: SectionRow['section']): FluxList | undefined {
  const lists = sectionsOf(listsOf(cluster)).find((shown) => shown.section === section)?.lists ?? [];
  return lists.length === 1 ? lists[0] : undefined;
}

/** What passes the filter, in order; what could not be read is said first, and the last that was known stays below. */
export function objectEntries(cluster: Cluster, list: FluxList, filter: FluxFilter): Entry[] {
  const objects = inOrder(isFiltering(filter) ? list.objects.filter(matcherOf(filter)) : list.objects);
  const said: Entry[] = list.state === 'failed' ? [['failure', failureRow(list.failure)]] : [];
  if (list.truncated) said.push(['truncated', noteRow(truncatedText(list))]);
  const entries = objects.map((object): Entry => [keyOfRef(object.ref), { row: 'flux', cluster, object }]);
  return [...said, ...cutOff(entries, (missing) => l10n.t('and {0} more: filter to see them', missing))];
}

/** The first of many rows, and how many more there are. */
export function cutOff(
  entries: readonly Entry[],
  moreText = (missing: number) => l10n.t('and {0} more', missing),
): readonly Entry[] {
  const missing = entries.length - shownAtMost;
  if (missing <= 0) return entries;
  return [...entries.slice(0, shownAtMost), ['more', noteRow(moreText(missing))]];
}

function truncatedText({ kind, objects }: FluxList): string {
  return l10n.t(
    'The cluster has more {0} than the {1} that are read; use kubectl for the others.',
    kind.title,
    objects.length,
  );
}

export function belowObject(cluster: Cluster, object: FluxObject): Entry[] {
  const link = (label: string, ref: ObjectRef): Entry => [
    `${label} ${keyOfRef(ref)}`,
    { row: 'link', cluster, label, ref },
  ];
  return [
    ...whyNotReady(object),
    ...object.sources.map((ref) => link(l10n.t('Source'), ref)),
    ...object.dependsOn.map((ref) => link(l10n.t('Depends on'), ref)),
    ...(object.hasInventory ? [['inventory', { row: 'inventory', cluster, object }] as const] : []),
    ['events', { row: 'events', cluster, object }],
  ];
}

/** To be read without pointing at the object. */
function whyNotReady({ state, message }: FluxObject): Entry[] {
  return state === 'not-ready' && message !== '' ? [['why', errorRow(message)]] : [];
}

/** The kinds to show of each section: those of which there is anything, or may be; with a filter, of which anything passes. */
export function shownSections(cluster: Cluster, filter: FluxFilter): readonly ShownSection[] {
  const lists = listsOf(cluster).filter(({ state, objects }) => state !== 'watched' || objects.length > 0);
  if (!isFiltering(filter)) return sectionsOf(lists);
  const matches = matcherOf(filter);
  // Of what could not be read nobody knows whether it passes.
  const shows = ({ state, objects }: FluxList) => state !== 'watched' || objects.some(matches);
  return sectionsOf(lists.filter(shows));
}

export function listsOf(cluster: Cluster): readonly FluxList[] {
  return cluster.session?.flux() ?? [];
}

/** Where objects of a kind stand; undefined for what is none of Flux'. */
export function sectionOf(cluster: Cluster, ref: ObjectRef): FluxSection | undefined {
  return listOfKind(listsOf(cluster), ref)?.kind.section;
}

/** A Flux object of a cluster by reference, whatever version of its kind that names. */
export function objectOf(cluster: Cluster, ref: ObjectRef): FluxObject | undefined {
  const { namespace, name } = ref;
  const objects = listOfKind(listsOf(cluster), ref)?.objects;
  return objects?.find((object) => object.ref.name === name && object.ref.namespace === namespace);
}

/** The row of a kind says what is known of it at the time it is asked. */
function kindRow(cluster: Cluster, kind: FluxKind): Row {
  return {
    row: 'kind',
    cluster,
    get list(): FluxList {
      const list = listOfKind(listsOf(cluster), kind);
      return list ?? { kind, state: 'absent', failure: undefined, objects: [], truncated: false };
    },
  };
}

/** Names from a lying server may hold anything. */
export function keyOfRef({ group, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([group, kind, namespace ?? '', name]);
}
