import type {
  FluxKind,
  FluxList,
  FluxObject,
  FluxSection,
  ObjectRef,
} from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import { type FluxFilter, isFiltering, matcherOf } from './flux-filter.ts';
import { inOrder, type ShownSection, sectionsOf } from './flux-order.ts';
import type { Entry } from './known-rows.ts';
import { failureRow, noteRow } from './message-rows.ts';
import type { Row } from './rows.ts';

type SectionRow = Extract<Row, { row: 'section' }>;

/** A tree draws itself slowly with more below one row. */
const shownAtMost = 2000;

export function sectionEntries(cluster: Cluster, filter: FluxFilter): Entry[] {
  return shownSections(cluster, filter).map(({ section }) => [
    `section ${section}`,
    { row: 'section', cluster, section },
  ]);
}

/** Kinds; the objects themselves where the cluster serves but one kind of the section. */
export function belowSection({ cluster, section }: SectionRow, filter: FluxFilter): Entry[] {
  const single = onlyListOf(cluster, section);
  if (single !== undefined) return objectEntries(cluster, single, filter);
  const lists = shownSections(cluster, filter).find((shown) => shown.section === section)?.lists ?? [];
  return lists.map(({ kind }) => [keyOfKind(kind), kindRow(cluster, kind)]);
}

/** The kind of a section that has no more of them. */
export function onlyListOf(cluster: Cluster, section: SectionRow['section']): FluxList | undefined {
  const lists = sectionsOf(listsOf(cluster)).find((shown) => shown.section === section)?.lists ?? [];
  return lists.length === 1 ? lists[0] : undefined;
}

/** What passes the filter, in order; what could not be read is said first, and the last that was known stays below. */
export function objectEntries(cluster: Cluster, list: FluxList, filter: FluxFilter): Entry[] {
  const objects = inOrder(isFiltering(filter) ? list.objects.filter(matcherOf(filter)) : list.objects);
  const entries: Entry[] = list.state === 'failed' ? [['failure', failureRow(list.failure)]] : [];
  for (const object of objects.slice(0, shownAtMost))
    entries.push([keyOfRef(object.ref), { row: 'flux', cluster, object }]);
  const missing = objects.length - shownAtMost;
  if (missing > 0) entries.push(['more', noteRow(`and ${missing} more: filter to see them`)]);
  return entries;
}

export function belowObject(cluster: Cluster, object: FluxObject): Entry[] {
  const link = (label: string, ref: ObjectRef): Entry => [
    `${label} ${keyOfRef(ref)}`,
    { row: 'link', cluster, label, ref },
  ];
  return [
    ...object.sources.map((ref) => link('Source', ref)),
    ...object.dependsOn.map((ref) => link('Depends on', ref)),
    ...(object.hasInventory ? [['inventory', { row: 'inventory', cluster, object }] as const] : []),
    ['events', { row: 'events', cluster, object }],
  ];
}

/** The kinds to show of each section: those of which there is anything; with a filter, of which anything passes. */
export function shownSections(cluster: Cluster, filter: FluxFilter): readonly ShownSection[] {
  const lists = listsOf(cluster).filter(({ state, objects }) => state !== 'watched' || objects.length > 0);
  if (!isFiltering(filter)) return sectionsOf(lists);
  const matches = matcherOf(filter);
  return sectionsOf(lists.filter(({ objects }) => objects.some(matches)));
}

export function listsOf(cluster: Cluster): readonly FluxList[] {
  return cluster.session?.flux() ?? [];
}

/** Where objects of a kind stand; undefined for what is none of Flux'. */
export function sectionOf(cluster: Cluster, { group, kind }: ObjectRef): FluxSection | undefined {
  return listsOf(cluster).find((list) => list.kind.group === group && list.kind.kind === kind)?.kind.section;
}

/** A Flux object of a cluster by reference, whatever version of its kind that names. */
export function objectOf(cluster: Cluster, ref: ObjectRef): FluxObject | undefined {
  const { group, kind, namespace, name } = ref;
  return listsOf(cluster)
    .find((list) => list.kind.group === group && list.kind.kind === kind)
    ?.objects.find((object) => object.ref.name === name && object.ref.namespace === namespace);
}

/** The row of a kind says what is known of it at the time it is asked. */
function kindRow(cluster: Cluster, kind: FluxKind): Row {
  return {
    row: 'kind',
    cluster,
    get list(): FluxList {
      const list = listsOf(cluster).find((each) => keyOfKind(each.kind) === keyOfKind(kind));
      return list ?? { kind, state: 'absent', failure: undefined, objects: [] };
    },
  };
}

function keyOfKind({ group, kind }: FluxKind): string {
  return `kind ${kind}.${group}`;
}

/** Names from a lying server may hold anything. */
export function keyOfRef({ group, kind, namespace, name }: ObjectRef): string {
  return JSON.stringify([group, kind, namespace ?? '', name]);
}
