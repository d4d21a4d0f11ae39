import type { Span } from '../core/span.ts';
import { eolOf } from './edit.ts';
import type { OutlineMap, OutlineNode, OutlinePair } from './outline.ts';
import type { Piece } from './pieces.ts';

/** Writes an object of JSON anew from pieces, in the indentation, separators and line breaks that it has. */
export class JsonObjectWriter {
  readonly #text: string;
  readonly #object: OutlineMap;
  /** Undefined where it stands on one line. */
  readonly #step: string | undefined;
  readonly #eol: string;
  readonly #colon: string;
  readonly #comma: string;

  constructor(text: string, object: OutlineMap) {
    this.#text = text;
    this.#object = object;
    this.#eol = eolOf(text);
    const [first, second] = object.pairs;
    const between = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined ? '' : text.slice(from, to);
    this.#colon = between(first?.key?.end, first?.value.start) || ': ';
    const onLines = text.slice(object.start, object.end).includes('\n');
    this.#comma = onLines ? ',' : between(first?.value.end, second?.key?.start) || ', ';
    const inner = first?.key === undefined ? '' : padOf(text, first.key.start);
    const outer = padOf(text, object.start);
    const step = inner.startsWith(outer) ? inner.slice(outer.length) : '';
    this.#step = onLines ? step || '  ' : undefined;
  }

  get span(): Span {
    return this.#object;
  }

  write(pieces: readonly Piece[]): string {
    return this.#writeMap(pieces, padOf(this.#text, this.#object.start));
  }

  #writeMap(pieces: readonly Piece[], pad: string): string {
    if (pieces.length === 0) return '{}';
    const inner = pad + (this.#step ?? '');
    const before = this.#step === undefined ? '' : this.#eol + inner;
    const after = this.#step === undefined ? '' : this.#eol + pad;
    const pairs = pieces.map((piece) => before + this.#writePair(piece, inner));
    return `{${pairs.join(this.#comma)}${after}}`;
  }

  #writePair(piece: Piece, pad: string): string {
    if (piece.is === 'kept') return this.#moved(piece.pair, pad);
    const written = piece.is === 'value' ? JSON.stringify(piece.value) : this.#writeMap(piece.children, pad);
    return `${JSON.stringify(piece.key)}${this.#colon}${written}`;
  }

  #moved({ key, value }: OutlinePair, pad: string): string {
    const from = key?.start ?? value.start;
    const old = padOf(this.#text, from);
    // Strings of JSON hold no line breaks, so whatever stands at the start of a line is indentation.
    const [first = '', ...rest] = this.#text.slice(from, value.end).split('\n');
    return [first, ...rest.map((line) => (line.startsWith(old) ? pad + line.slice(old.length) : line))].join(
      '\n',
    );
  }
}

/** The white space that a line begins with. */
function padOf(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? '';
}

/** Whether a map is JSON as it stands, and not merely YAML's flow style. */
export function isJson(text: string, node: OutlineNode): boolean {
  try {
    JSON.parse(text.slice(node.start, node.end));
    return true;
  } catch {
    return false;
  }
}
