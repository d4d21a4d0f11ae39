import type { Span } from '../core/span.ts';
import type { ScalarStyle } from './manifest.ts';
import type { NodeProperties, YamlCollection, YamlEvents, YamlScalar } from './yaml-events.ts';
import { afterColon } from './yaml-lines.ts';
import { scalarText } from './yaml-text.ts';

/** A document as its nodes, each with the place where it stands: for what needs more of it than the entries of Secrets. */
export type OutlineNode = OutlineScalar | OutlineMap | OutlineList | OutlineAlias | OutlineAbsent;

export interface OutlineScalar extends Span, NodeProperties {
  readonly is: 'scalar';
  readonly style: ScalarStyle;
  /** The value as YAML's failsafe schema has it. */
  readonly text: string;
}

export interface OutlineMap extends Span, NodeProperties {
  readonly is: 'map';
  /** Column of its keys; zero in flow style. */
  readonly indent: number;
  readonly flow: boolean;
  readonly pairs: readonly OutlinePair[];
}

export interface OutlineList extends Span, NodeProperties {
  readonly is: 'list';
  readonly flow: boolean;
  readonly items: readonly OutlineNode[];
}

export interface OutlineAlias extends Span {
  readonly is: 'alias';
}

/** No value. Stands where one would. */
export interface OutlineAbsent extends Span {
  readonly is: 'absent';
}

export interface OutlinePair {
  /** Undefined where the key is no scalar. */
  readonly key: OutlineScalar | undefined;
  readonly value: OutlineNode;
}

/** The value at this key; of several the last, as most YAML readers have it. */
export function valueAt(node: OutlineNode | undefined, key: string): OutlineNode | undefined {
  return pairAt(node, key)?.value;
}

export function pairAt(node: OutlineNode | undefined, key: string): OutlinePair | undefined {
  return node?.is === 'map' ? node.pairs.findLast((pair) => pair.key?.text === key) : undefined;
}

/** The text of the scalar at this key. */
export function textAt(node: OutlineNode | undefined, key: string): string | undefined {
  const value = valueAt(node, key);
  return value?.is === 'scalar' ? value.text : undefined;
}

interface OpenCollection {
  readonly collection: YamlCollection;
  readonly pairs: OutlinePair[] | undefined;
  readonly items: OutlineNode[];
  key: OutlineScalar | undefined;
}

/** Makes the outline of a document of either reader's events. */
export class OutlineBuilder implements YamlEvents {
  #root: OutlineNode | undefined;
  readonly #text: string;
  readonly #end: number;
  readonly #open: OpenCollection[] = [];

  /** @param end where the document ends: block scalars may keep blank lines up to there */
  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** What was told. Ask after the last event. */
  get root(): OutlineNode | undefined {
    return this.#root;
  }

  beginMap(collection: YamlCollection): void {
    this.#open.push({ collection, pairs: [], items: [], key: undefined });
  }

  beginSequence(collection: YamlCollection): void {
    this.#open.push({ collection, pairs: undefined, items: [], key: undefined });
  }

  end(at: number): void {
    const done = this.#open.pop();
    if (done === undefined) return;
    const { anchor, tag, start, indent, flow } = done.collection;
    const node = { anchor, tag, start, end: Math.max(at, start), flow };
    this.#add(
      done.pairs === undefined
        ? { is: 'list', ...node, items: done.items }
        : { is: 'map', ...node, indent, pairs: done.pairs },
    );
  }

  key(scalar: YamlScalar): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) frame.key = this.#node(scalar);
  }

  complexKey(): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) frame.key = undefined;
  }

  scalar(scalar: YamlScalar): void {
    this.#add(this.#node(scalar));
  }

  alias({ start, end }: Span): void {
    this.#add({ is: 'alias', start, end });
  }

  empty(at: number): void {
    const key = this.#open.at(-1)?.key;
    const place = key === undefined ? at : afterColon(this.#text, key.end);
    this.#add({ is: 'absent', start: place, end: place });
  }

  problem(): void {
    // Whoever edits asks the parser for problems, and whoever only looks takes what there is.
  }

  #node(scalar: YamlScalar): OutlineScalar {
    const { anchor, tag, style, start, end } = scalar;
    return { is: 'scalar', anchor, tag, style, start, end, text: scalarText(this.#text, scalar, this.#end) };
  }

  #add(node: OutlineNode): void {
    const frame = this.#open.at(-1);
    if (frame === undefined) this.#root ??= node;
    else if (frame.pairs === undefined) frame.items.push(node);
    else {
      frame.pairs.push({ key: frame.key, value: node });
      frame.key = undefined;
    }
  }
}
