export interface OpenBlock {
  readonly kind: 'map' | 'sequence';
  readonly indent: number;
  awaiting: boolean;
  /** The key of an awaited value came after `? `: its `: ` stands on a line of its own. */
  explicit: boolean;
  /** The last value is a whole scalar, not a template's action: nothing that stands deeper can belong to it. */
  settled: boolean;
}

/** The block collections that are open at a line. Says where a line belongs that is indented like no other. */
export class OpenBlocks {
  readonly #open: OpenBlock[] = [];
  #top: OpenBlock | undefined;

  get top(): OpenBlock | undefined {
    return this.#top;
  }

  get isEmpty(): boolean {
    return this.#top === undefined;
  }

  /** The column of the outermost collection. */
  get margin(): number | undefined {
    return this.#open[0]?.indent;
  }

  /** The column of the innermost collection, -1 where none is open. */
  get innermostIndent(): number {
    return this.#top?.indent ?? -1;
  }

  /** Whether what stands at this column and is no key can be no value either. */
  isStray(column: number): boolean {
    const top = this.#top;
    return top?.kind === 'map' && (!top.awaiting || column <= top.indent);
  }

  /** Whether an explicit key's `: ` may stand at this column. */
  awaitsColon(column: number): boolean {
    const top = this.#top;
    return top?.explicit === true && top.indent <= column;
  }

  push(kind: OpenBlock['kind'], indent: number): OpenBlock {
    const block = { kind, indent, awaiting: false, explicit: false, settled: false };
    this.#open.push(block);
    this.#top = block;
    return block;
  }

  pop(): OpenBlock | undefined {
    const block = this.#open.pop();
    this.#top = this.#open[this.#open.length - 1];
    return block;
  }

  /** Whether the innermost collection ends before a line whose content stands at this column. */
  endsBefore(indent: number, isDash: boolean): boolean {
    const top = this.#top;
    if (top === undefined || top.indent < indent) return false;
    const kin = (top.kind === 'sequence') === isDash;
    if (top.indent === indent) return top.kind === 'sequence' && !isDash;
    // Too deep for the collection around it and not deep enough for this one: in no file that parses.
    const around = this.#open.at(-2);
    return !kin || around === undefined || around.indent >= indent;
  }

  /** The innermost collection, where an item of this kind at this column is one of its own. */
  joined(kind: OpenBlock['kind'], indent: number): OpenBlock | undefined {
    const top = this.#top;
    if (top?.kind !== kind) return undefined;
    return top.indent >= indent || (top.settled && !top.awaiting) ? top : undefined;
  }
}
