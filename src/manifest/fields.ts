import type { Span } from '../core/span.ts';
import { contentOf } from './documents.ts';
import type { ManifestDocument, ScalarStyle } from './manifest.ts';
import { readBlocks } from './yaml-block.ts';
import type { YamlCollection, YamlEvents, YamlScalar } from './yaml-events.ts';
import { scalarText } from './yaml-text.ts';

/** Keys and list positions from a document's root. */
export type FieldPath = readonly (string | number)[];

/** One scalar of a document, whatever kind of object it is. */
export class Field {
  readonly path: FieldPath;
  /** The scalar's token: quotes included, block scalars from the `|`. */
  readonly span: Span;
  readonly style: ScalarStyle;
  readonly #text: string;
  readonly #scalar: YamlScalar;
  readonly #end: number;

  /** @param end where the document ends: block scalars may keep blank lines up to there */
  constructor(path: FieldPath, scalar: YamlScalar, text: string, end: number) {
    this.path = path;
    this.span = { start: scalar.start, end: scalar.end };
    this.style = scalar.style;
    this.#scalar = scalar;
    this.#text = text;
    this.#end = end;
  }

  /** The value as YAML reads it; worked out anew each time, because hardly any is asked for. */
  get text(): string {
    return scalarText(this.#text, this.#scalar, this.#end);
  }

  /** `users[0].user.token` */
  get name(): string {
    return pathName(this.path);
  }
}

/** `users[0].user.token` */
export function pathName(path: FieldPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** Deeper than any object of Kubernetes; what stands below is not told, so that paths cannot grow without end. */
const deepest = 48;

/** Every scalar of a document in order, found line by line as `scan` does: total and linear, templates and all. */
export function readFields(text: string, { span }: Pick<ManifestDocument, 'span'>): readonly Field[] {
  const collector = new FieldCollector(text, span.end);
  readBlocks(text, contentOf(text, span), collector);
  return collector.fields;
}

class FieldCollector implements YamlEvents {
  readonly fields: Field[] = [];
  readonly #text: string;
  readonly #end: number;
  /** Where the reader is; the last part is the key or position of what comes next. */
  readonly #path: (string | number)[] = [];
  /** What each open collection is, and whether its children are told. */
  readonly #open: ('map' | 'sequence')[] = [];

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  beginMap(_collection: YamlCollection): void {
    this.#begin('map', '');
  }

  beginSequence(_collection: YamlCollection): void {
    this.#begin('sequence', 0);
  }

  end(_at: number): void {
    this.#open.pop();
    this.#path.length = this.#open.length;
    this.#next();
  }

  key(scalar: YamlScalar): void {
    if (this.#open.length > 0) this.#path[this.#open.length - 1] = scalarText(this.#text, scalar, this.#end);
  }

  complexKey(): void {
    if (this.#open.length > 0) this.#path[this.#open.length - 1] = '?';
  }

  scalar(scalar: YamlScalar): void {
    if (this.#open.length <= deepest) {
      this.fields.push(new Field(this.#path.slice(), scalar, this.#text, this.#end));
    }
    this.#next();
  }

  alias(): void {
    this.#next();
  }

  empty(): void {
    this.#next();
  }

  problem(): void {
    // What cannot be understood is told by `scan`.
  }

  #begin(kind: 'map' | 'sequence', first: string | number): void {
    this.#open.push(kind);
    this.#path.push(first);
  }

  /** In a sequence each value takes one position. */
  #next(): void {
    const last = this.#open.length - 1;
    const position = this.#path[last];
    if (this.#open[last] === 'sequence' && typeof position === 'number') this.#path[last] = position + 1;
  }
}
