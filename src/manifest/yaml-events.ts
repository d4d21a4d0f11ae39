import type { Span } from '../core/span.ts';
import type { ScalarStyle } from './manifest.ts';

/** Anchor and tag standing before a node. */
export interface NodeProperties {
  readonly anchor: string | undefined;
  readonly tag: string | undefined;
}

/** A scalar where it stands. */
export interface YamlScalar extends Span, NodeProperties {
  readonly style: ScalarStyle;
  /** Column of the collection it stands in, -1 at the root: what a block scalar's indentation is relative to. */
  readonly parentIndent: number;
  /** The value, where the reader knows it already; else `scalarText` works it out. */
  readonly text: string | undefined;
}

/** A mapping or sequence as it begins. `indent` is the column of its keys or dashes (of its bracket, in flow style). */
export interface YamlCollection extends NodeProperties {
  readonly start: number;
  readonly indent: number;
  readonly flow: boolean;
}

/**
 * What both readers tell of a document, in order. Between `beginMap` and its `end`, `key` comes before each
 * value; an absent value is told as `empty`.
 */
export interface YamlEvents {
  beginMap(collection: YamlCollection): void;
  beginSequence(collection: YamlCollection): void;
  /** `at` is where the collection's last value (or closing bracket) ends. */
  end(at: number): void;
  key(scalar: YamlScalar): void;
  /** A key that is not a scalar: its value is still told. */
  complexKey(at: number): void;
  scalar(scalar: YamlScalar): void;
  alias(span: Span, name: string): void;
  /** No value; `at` is where it would stand. */
  empty(at: number): void;
  problem(at: number, message: string): void;
}

export const noProperties: NodeProperties = Object.freeze({ anchor: undefined, tag: undefined });

/** A scalar whose value is yet to be worked out. Written out in one place: spreading objects costs a scan twice its time. */
export function scalarAt(
  { anchor, tag }: NodeProperties,
  style: ScalarStyle,
  start: number,
  end: number,
  parentIndent: number,
): YamlScalar {
  return { anchor, tag, style, start, end, parentIndent, text: undefined };
}
