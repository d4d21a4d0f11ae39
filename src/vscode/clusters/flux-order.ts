import type {
  FluxList,
  FluxObject,
  FluxSection,
  FluxState,
  ObjectRef,
} from '../../app/clusters/flux-object.ts';

const ranks: { readonly [S in FluxState]: number } = {
  'not-ready': 0,
  reconciling: 1,
  unknown: 2,
  suspended: 3,
  ready: 4,
  static: 4,
};
const sections: readonly FluxSection[] = ['workloads', 'sources', 'images', 'notifications', 'operator'];

/** The kinds of one section of the tree. */
export interface ShownSection {
  readonly section: FluxSection;
  readonly lists: readonly FluxList[];
}

/** How a person would sort names: `prod-2` before `prod-10`. For many at once: making it takes longer than comparing. */
export function nameOrder(): (a: string, b: string) => number {
  return new Intl.Collator('en', { numeric: true }).compare;
}

/** What needs someone first, then by namespace and name. */
export function inOrder(objects: readonly FluxObject[]): FluxObject[] {
  const compare = nameOrder();
  return objects.toSorted(
    (a, b) =>
      ranks[a.state] - ranks[b.state] ||
      compare(a.ref.namespace ?? '', b.ref.namespace ?? '') ||
      compare(a.ref.name, b.ref.name),
  );
}

/** The sections of which the cluster serves anything, with those kinds. */
export function sectionsOf(lists: readonly FluxList[]): readonly ShownSection[] {
  return sections.flatMap((section): ShownSection[] => {
    const served = lists.filter(({ kind, state }) => kind.section === section && state !== 'absent');
    return served.length === 0 ? [] : [{ section, lists: served }];
  });
}

/** Whether nothing of what the cluster serves can be read now. */
export function isOutOfReach(lists: readonly FluxList[]): boolean {
  const served = lists.filter(({ state }) => state !== 'absent');
  return served.length > 0 && served.every(({ state }) => state === 'failed');
}

/** The list of a kind, whatever version of it is meant. */
export function listOfKind(
  lists: readonly FluxList[],
  { group, kind }: Pick<ObjectRef, 'group' | 'kind'>,
): FluxList | undefined {
  return lists.find((list) => list.kind.kind === kind && list.kind.group === group);
}

export function countNotReady(lists: readonly FluxList[]): number {
  let notReady = 0;
  for (const { objects } of lists) for (const { state } of objects) if (state === 'not-ready') notReady += 1;
  return notReady;
}
