import { Failure } from '../core/errors.ts';
import { LineIndex, type Span } from '../core/span.ts';
import { eolOf } from './edit.ts';
import type { OutlineMap, OutlinePair } from './outline.ts';
import type { MapPiece, Piece, ValuePiece } from './pieces.ts';
import { writeKey, writeScalar } from './write-scalar.ts';
import { afterColon, lineEnd, nextLine } from './yaml-lines.ts';
import { blockHeader } from './yaml-scalar.ts';

/** Where a pair of a block map stands in whole lines. */
interface PairLines {
  /** Comments and blank lines above it, with their breaks. */
  readonly above: Span;
  /** From its key to the end of its last line. */
  readonly own: Span;
  /** Column of its key. */
  readonly indent: number;
}

/** What stands after a value or a key on its line: nothing, or a comment. */
const restOfLine = /^[ \t]*(?:#.*)?$/;

/**
 * Writes an object of block style anew from pieces, in its own indentation and line breaks. What is kept is taken over line by
 * line, comments above and beside it included.
 * @throws Failure `document.not-editable` for forms that lines cannot be taken from
 */
export class BlockObjectWriter {
  readonly #text: string;
  readonly #object: OutlineMap;
  readonly #eol: string;
  readonly #step: number;
  readonly #lines = new Map<OutlinePair, PairLines>();

  constructor(text: string, object: OutlineMap) {
    this.#text = text;
    this.#object = object;
    this.#eol = eolOf(text);
    const nested = object.pairs.map(({ value }) => value).find((node) => node.is === 'map' && !node.flow);
    this.#step = nested?.is === 'map' ? nested.indent - object.indent : 2;
    this.#place(object, object.start);
  }

  /** The lines the object stands on, from its first key. */
  get span(): Span {
    const ends = this.#object.pairs.map((pair) => this.#linesOf(pair).own.end);
    return { start: this.#object.start, end: Math.max(this.#object.end, ...ends) };
  }

  write(pieces: readonly Piece[]): string {
    const { indent } = this.#object;
    const lines = this.#writeAll(pieces, indent);
    // The first line's indentation stands before the object, or a dash does.
    return lines.slice(/^ */.exec(lines.slice(0, indent))?.[0].length ?? 0, -this.#eol.length);
  }

  #writeAll(pieces: readonly Piece[], indent: number): string {
    return pieces.map((piece) => this.#writeOne(piece, indent)).join('');
  }

  #writeOne(piece: Piece, indent: number): string {
    if (piece.is === 'value') return this.#writeValue(piece, indent);
    if (piece.is === 'map') return this.#writeMap(piece, indent);
    const { own, indent: column } = this.#linesOf(piece.pair);
    const lines = `${' '.repeat(column)}${this.#text.slice(own.start, own.end)}${this.#eol}`;
    return this.#above(piece.pair, indent) + indented(lines, indent - column);
  }

  #writeValue(piece: ValuePiece, indent: number): string {
    const site = { style: 'plain', flow: false, indent, eol: this.#eol } as const;
    const { token, body } = writeScalar(piece.value, site);
    return `${this.#head(piece, indent)} ${token}${this.#beside(piece.like)}${body}${this.#eol}`;
  }

  #writeMap(piece: MapPiece, indent: number): string {
    const empty = piece.children.length === 0 ? ' {}' : '';
    const head = `${this.#head(piece, indent)}${empty}${this.#beside(piece.like)}${this.#eol}`;
    return head + this.#writeAll(piece.children, indent + this.#step);
  }

  #head({ key, like, above }: ValuePiece | MapPiece, indent: number): string {
    const comments = [...above, ...(like === undefined ? [] : [like])].map((pair) =>
      this.#above(pair, indent),
    );
    const same = like?.key?.text === key ? like.key : undefined;
    const written = same === undefined ? writeKey(key, false) : this.#text.slice(same.start, same.end);
    return `${comments.join('')}${' '.repeat(indent)}${written}:`;
  }

  #above(pair: OutlinePair, indent: number): string {
    const { above, indent: column } = this.#linesOf(pair);
    return indented(this.#text.slice(above.start, above.end), indent - column);
  }

  /** The comment on a pair's line: after its value, or after its key where the value stands below. */
  #beside(like: OutlinePair | undefined): string {
    if (like === undefined) return '';
    const { key, value } = like;
    const text = this.#text;
    const colon = afterColon(text, key?.end ?? value.start);
    const below = (value.is === 'map' || value.is === 'list') && !value.flow;
    if (!below && text.slice(colon, value.start).trim() !== '')
      throw notEditable('a comment or a tag stands between a key and its value', text, colon);
    const block = value.is === 'scalar' && (value.style === 'literal' || value.style === 'folded');
    const header = block ? blockHeader(text, value.start, value.end) : undefined;
    const from = below ? colon : (header?.end ?? value.end);
    return text.slice(from, lineEnd(text, from, text.length)).trimEnd();
  }

  #linesOf(pair: OutlinePair): PairLines {
    const lines = this.#lines.get(pair);
    if (lines === undefined) throw notEditable('it is partly in flow style', this.#text, pair.value.start);
    return lines;
  }

  /** @param from where what is above its first pair begins */
  #place(map: OutlineMap, from: number): void {
    const text = this.#text;
    let start = from;
    for (const pair of map.pairs) {
      const { key, value } = pair;
      if (key === undefined) throw notEditable('a key is no text', text, value.start);
      const lineStart = text.lastIndexOf('\n', key.start - 1) + 1;
      const alone = key.start === this.#object.start || text.slice(lineStart, key.start).trim() === '';
      const colon = afterColon(text, key.end);
      const end = lineEnd(text, Math.max(value.end, colon), text.length);
      const rest = text.slice(Math.max(value.end, colon), end);
      if (!alone || colon === key.end || !restOfLine.test(rest))
        throw notEditable('its keys and values are not on lines of their own', text, key.start);
      const above = { start: Math.min(start, lineStart), end: lineStart };
      this.#lines.set(pair, {
        above: key.start === this.#object.start ? { start: key.start, end: key.start } : above,
        own: { start: key.start, end },
        indent: map.indent,
      });
      if (value.is === 'map' && !value.flow) this.#place(value, nextLine(text, colon, text.length));
      start = nextLine(text, end, text.length);
    }
  }
}

function indented(lines: string, by: number): string {
  // Line breaks alone count: `^` would stand after U+2028, too.
  if (by > 0) return lines.replace(/(^|\n)(?=[^\r\n])/g, `$1${' '.repeat(by)}`);
  return by === 0 ? lines : lines.replace(new RegExp(`(^|\\n) {1,${-by}}`, 'g'), '$1');
}

/** The failure for a document that would have to be written out otherwise first. */
export function notEditable(reason: string, text: string, at: number): Failure<'document.not-editable'> {
  return new Failure('document.not-editable', { reason }, { line: new LineIndex(text).positionAt(at).line });
}
