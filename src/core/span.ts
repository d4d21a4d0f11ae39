/** A stretch of text in UTF-16 offsets, end exclusive: what `TextDocument.offsetAt` and the yaml package count. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A replacement of one span. Every change Purser makes to a file is a list of these. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Line and column, both from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text with all edits made. Edits must not overlap; their order does not matter. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let done = 0;
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    if (edit.span.start < done) throw new RangeError('edits overlap');
    out += text.slice(done, edit.span.start) + edit.text;
    done = edit.span.end;
  }
  return out + text.slice(done);
}

/** Offsets to lines and columns for one text. A line ends at LF, CRLF or a lone CR, as in the editor. */
export class LineIndex {
  readonly #text: string;
  /** Counted when first asked: most files that are looked through have nothing to point at. */
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  positionAt(offset: number): Position {
    this.#starts ??= lineStarts(this.#text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
  }
  return starts;
}
