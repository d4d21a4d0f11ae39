import { lineEnd } from './yaml-lines.ts';

const openBrace = 0x7b;
const minus = 0x2d;
const slash = 0x2f;

/** One search that was made: from here on, the next closing mark stands there, or nowhere before `stop`. */
interface Search {
  readonly from: number;
  readonly found: number | undefined;
  readonly stop: number;
}

/**
 * Finds where template actions end. Remembers its last search: a line or a document of nothing but opening braces
 * would otherwise be searched to its end once for each of them.
 */
export class TemplateEnds {
  readonly #text: string;
  readonly #end: number;
  #onLine: Search | undefined;
  #braces: Search | undefined;
  #percent: Search | undefined;
  #hash: Search | undefined;
  #comment: Search | undefined;
  /** The last `{{` before what `#braces` found. */
  #lastOpened = -1;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** Whether `}}` closes the `{{` at this offset before the line ends; then the offset after it, else undefined. */
  onLine(at: number): number | undefined {
    if (this.#text[at] !== '{' || this.#text[at + 1] !== '{') return undefined;
    if (!covers(this.#onLine, at + 2)) this.#onLine = this.#search('}}', at + 2, this.#lineEnd(at));
    return endOf(this.#onLine);
  }

  #lineEnd(at: number): number {
    const known = this.#onLine;
    return known !== undefined && at >= known.from && at <= known.stop
      ? known.stop
      : lineEnd(this.#text, at, this.#end);
  }

  /** Where the `{{ … }}` or Jinja's `{% … %}` or `{# … #}` at this offset ends, lines below included. */
  ofAction(at: number): number | undefined {
    if (this.#text[at] !== '{') return undefined;
    if (this.#text[at + 1] === '{') return this.#ofComment(at) ?? this.#ofBraces(at);
    if (this.#text[at + 1] === '#') {
      if (!covers(this.#hash, at + 2)) this.#hash = this.#search('#}', at + 2, this.#end);
      return endOf(this.#hash);
    }
    if (this.#text[at + 1] !== '%') return undefined;
    if (!covers(this.#percent, at + 2)) this.#percent = this.#search('%}', at + 2, this.#end);
    return endOf(this.#percent);
  }

  /** An action that another one begins in was never closed, unless it ends on its line: `{{ "{{" }}`. */
  #ofBraces(at: number): number | undefined {
    if (!covers(this.#braces, at + 2)) {
      this.#braces = this.#search('}}', at + 2, this.#end);
      this.#lastOpened = this.#lastOpening(at + 2, this.#braces.found ?? at);
    }
    return this.#lastOpened > at + 1 ? this.onLine(at) : endOf(this.#braces);
  }

  /** The last `{{` between two offsets, or what is before them. */
  #lastOpening(from: number, to: number): number {
    let at = to;
    while (
      at >= from &&
      (this.#text.charCodeAt(at) !== openBrace || this.#text.charCodeAt(at + 1) !== openBrace)
    )
      at--;
    return at;
  }

  /** Actions inside of a comment belong to it. */
  #ofComment(at: number): number | undefined {
    const mark = this.#text.charCodeAt(at + 2) === minus ? at + 4 : at + 2;
    if (this.#text.charCodeAt(mark) !== slash) return undefined;
    if (!covers(this.#comment, at + 4)) this.#comment = this.#search('*/', at + 4, this.#end);
    const after = endOf(this.#comment);
    if (after === undefined) return undefined;
    const close = / ?-?}}/y;
    close.lastIndex = after;
    return close.test(this.#text) && close.lastIndex <= this.#end ? close.lastIndex : undefined;
  }

  #search(close: string, from: number, stop: number): Search {
    const at = this.#text.slice(from, stop).indexOf(close);
    return at === -1 ? { from, found: undefined, stop } : { from, found: from + at, stop };
  }
}

function covers(search: Search | undefined, from: number): search is Search {
  return search !== undefined && from >= search.from && from <= (search.found ?? search.stop);
}

function endOf({ found }: Search): number | undefined {
  return found === undefined ? undefined : found + 2;
}
