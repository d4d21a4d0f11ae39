/** The anchors around a value, innermost first; all that stands in one collection shares that collection's part. */
export interface Anchors {
  readonly name: string;
  readonly outer: Anchors | undefined;
}

/** The anchors around a node that has this one of its own. */
export function within(outer: Anchors | undefined, own: string | undefined): Anchors | undefined {
  return own === undefined ? outer : { name: own, outer };
}

/** Where aliases stand, for telling whether a value is used elsewhere too. */
export class AliasUses {
  readonly #at = new Map<string, number>();
  readonly #known = new Map<Anchors, number | undefined>();

  add(name: string, at: number): void {
    this.#at.set(name, at);
  }

  /** An alias that brings a value inside these anchors somewhere else. Ask after the last `add`. */
  of(anchors: Anchors | undefined): number | undefined {
    const unknown: Anchors[] = [];
    let outer = anchors;
    while (outer !== undefined && !this.#known.has(outer)) {
      unknown.push(outer);
      outer = outer.outer;
    }
    let at = outer && this.#known.get(outer);
    for (const anchor of unknown.reverse()) {
      at ??= this.#at.get(anchor.name);
      this.#known.set(anchor, at);
    }
    return at;
  }
}

/** In UTF-16 units; a document where aliases bring in more than this was made to be slow to look through. */
const mostBrought = 1_048_576;

/** The texts of anchored scalars as far as a document is read. An anchor may be used again for something else. */
export class AnchoredTexts {
  readonly #texts = new Map<string, string>();
  #brought = 0;

  set(name: string, text: string): void {
    this.#texts.set(name, text);
  }

  /** The anchor names a collection from here on. */
  delete(name: string | undefined): void {
    if (name !== undefined) this.#texts.delete(name);
  }

  get(name: string): string | undefined {
    return this.#texts.get(name);
  }

  /** What an alias of this anchor brings in as a value; undefined once that came to too much. */
  bring(name: string): string | undefined {
    const text = this.#texts.get(name);
    if (text === undefined || this.hasTooMuch) return undefined;
    this.#brought += text.length;
    return this.hasTooMuch ? undefined : text;
  }

  get hasTooMuch(): boolean {
    return this.#brought > mostBrought;
  }
}
