import type { FluxList } from '../../app/clusters/flux-object.ts';
import type { FluxFilter } from './flux-filter.ts';
import { onlyListOf, shownSections } from './flux-rows.ts';
import type { KnownRows } from './known-rows.ts';
import { fluxRemotes } from './remote-rows.ts';
import { textsOf } from './row-texts.ts';
import type { Row } from './rows.ts';
import type { ServedKinds } from './served-kinds.ts';

/** What rows looked like when VS Code asked for them: that tells which of them a change concerns. */
export class DrawnRows {
  readonly #known: KnownRows;
  readonly #served: ServedKinds;
  readonly #looks = new WeakMap<Row, readonly unknown[]>();

  constructor(known: KnownRows, served: ServedKinds) {
    this.#known = known;
    this.#served = served;
  }

  drawn(row: Row, filter: FluxFilter): void {
    this.#looks.set(row, this.#lookOf(row, filter));
  }

  /** The rows to draw anew among a row and those below it. Drawing a row draws all below it, too. */
  stale(row: Row, filter: FluxFilter): Row[] {
    const before = this.#looks.get(row);
    // Never asked for.
    if (before === undefined) return [];
    const now = this.#lookOf(row, filter);
    if (now.length !== before.length || now.some((part, index) => part !== before[index])) return [row];
    return row.row === 'flux' ? [] : [...this.#known.below(row)].flatMap((each) => this.stale(each, filter));
  }

  /** What a row and the list of those below it are made from. */
  #lookOf(row: Row, filter: FluxFilter): readonly unknown[] {
    if (row.row === 'kind') return lookOfList(row.list);
    if (row.row === 'encryption') return [row.known.said?.text];
    if (row.row !== 'cluster' && row.row !== 'section' && row.row !== 'remotes') return [];
    const { cluster } = row;
    const { description } = textsOf(row, filter);
    const sections = shownSections(cluster, filter);
    if (row.row === 'section') {
      const single = onlyListOf(cluster, row.section);
      if (single !== undefined) return lookOfList(single);
      const lists = sections.find(({ section }) => section === row.section)?.lists ?? [];
      return [description, ...lists.map(({ kind }) => kind.kind)];
    }
    const remotes = new Set(fluxRemotes(cluster).map((source) => JSON.stringify(source)));
    if (row.row === 'remotes') return row.of === 'flux' ? [...remotes] : [];
    const { sealedSecrets, userClusters } = this.#served.of(cluster);
    const rows = [remotes.size > 0, sealedSecrets, userClusters, ...sections.map(({ section }) => section)];
    return [cluster.state, cluster.failure, description, ...rows];
  }
}

function lookOfList({ state, failure, objects }: FluxList): readonly unknown[] {
  return [state, failure, ...objects];
}
