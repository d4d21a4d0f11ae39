import { LineIndex, type Span } from '../core/span.ts';
import { splitDocuments } from '../manifest/documents.ts';
import { type Field, readFields } from '../manifest/fields.ts';

/** A manifest that stands as text in a scalar of another one, and where its parts stand in the file. */
export class EmbeddedText {
  readonly text: string;
  readonly #whole: Span;
  /** Where each line begins in the file: known of literal blocks only, which are written letter by letter. */
  readonly #starts: readonly number[] | undefined;
  readonly #lines: LineIndex;

  /** @param text the file's */
  constructor(scalar: Pick<Field, 'span' | 'style' | 'text'>, text: string) {
    this.text = scalar.text;
    this.#whole = scalar.span;
    this.#starts = scalar.style === 'literal' ? startsOf(scalar.span, this.text, text) : undefined;
    this.#lines = new LineIndex(this.text);
  }

  /** The scalars of each document in it, with spans in this text. */
  documents(): readonly (readonly Field[])[] {
    return splitDocuments(this.text).map((span) => readFields(this.text, { span }));
  }

  /** Where a part of the text stands in the file; the whole scalar where that cannot be told. */
  outerSpan(inner: Span): Span {
    if (this.#starts === undefined) return this.#whole;
    return { start: this.#outer(inner.start, this.#starts), end: this.#outer(inner.end, this.#starts) };
  }

  #outer(offset: number, starts: readonly number[]): number {
    const { line, column } = this.#lines.positionAt(offset);
    return (starts[line - 1] ?? starts.at(-1) ?? this.#whole.start) + column - 1;
  }
}

/** Where each line of a literal block's value begins in the file. */
function startsOf({ start, end }: Span, value: string, text: string): readonly number[] {
  const starts: number[] = [];
  const breaks = [...text.slice(start, end).matchAll(/\r\n|\n|\r/g)];
  for (const [index, line] of value.split('\n').entries()) {
    const mark = breaks[index];
    if (mark === undefined) break;
    const lineStart = start + mark.index + mark[0].length;
    const next = breaks[index + 1];
    starts.push(Math.max(lineStart, (next === undefined ? end : start + next.index) - line.length));
  }
  return starts;
}
