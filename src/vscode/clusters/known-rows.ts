import type { Row } from './rows.ts';

/** A row, and what tells it from those beside it; the same whenever it is drawn. */
export type Entry = readonly [key: string, row: Row];

interface Known {
  readonly id: string;
  readonly parent: Row | undefined;
}

/**
 * The rows that were made for the tree, with their places in it. VS Code tells rows apart by identity, so what is drawn again
 * is the same object wherever it says the same.
 */
export class KnownRows {
  readonly #known = new WeakMap<object, Known>();
  readonly #below = new WeakMap<Row, ReadonlyMap<string, Row>>();
  #roots: ReadonlyMap<string, Row> = new Map();

  /** Takes over the rows below one, or at the top. Of two with the same key only the first counts. */
  setBelow(parent: Row | undefined, entries: readonly Entry[]): Row[] {
    const before = parent === undefined ? this.#roots : this.#below.get(parent);
    const rows = new Map<string, Row>();
    const prefix = parent === undefined ? '' : `${this.idOf(parent)}\n`;
    for (const [key, fresh] of entries) {
      if (rows.has(key)) continue;
      const old = before?.get(key);
      const row = old !== undefined && saysTheSame(old, fresh) ? old : fresh;
      if (row === fresh) this.#known.set(row, { id: `${prefix}${key}`, parent });
      rows.set(key, row);
    }
    if (parent === undefined) this.#roots = rows;
    else this.#below.set(parent, rows);
    return [...rows.values()];
  }

  /** Those that were drawn last. */
  below(parent: Row | undefined): Iterable<Row> {
    return (parent === undefined ? this.#roots : this.#below.get(parent))?.values() ?? [];
  }

  /** Unique in the tree. */
  idOf(row: Row): string {
    return this.#known.get(row)?.id ?? '';
  }

  parentOf(row: Row): Row | undefined {
    return this.#known.get(row)?.parent;
  }

  /** The row that something is. What was not made here, whatever it looks like, is none. */
  rowOf(argument: unknown): Row | undefined {
    const isRow = typeof argument === 'object' && argument !== null && this.#known.has(argument);
    return isRow ? (argument as Row) : undefined;
  }
}

function saysTheSame(old: Row, fresh: Row): boolean {
  // Its list is what is known when it is asked.
  if (old.row === 'kind' && fresh.row === 'kind') return old.cluster === fresh.cluster;
  const values = new Map<string, unknown>(Object.entries(old));
  const others = Object.entries(fresh);
  return values.size === others.length && others.every(([name, value]) => values.get(name) === value);
}
