import { readGoScalar } from './go-yaml-scalar.ts';
import { type BlockToken, literalToken, plainToken, quotedToken } from './sops-block-scalar.ts';
import { placeComments } from './sops-comments.ts';
import {
  collectionEnd,
  type SopsDocument,
  type SopsList,
  type SopsMap,
  type SopsMember,
  type SopsNode,
  type SopsScalar,
} from './sops-tree.ts';
import type { Mark } from './yaml-marks.ts';

/** Tabs, carriage returns and the like: where they count for blanks or breaks is for the parser to say. */
// biome-ignore format: one class, in code point order
const unusual = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const keyAndColon = /(?:[A-Za-z_.][\w./-]{0,250}|"[^"\\\n]{0,250}"|'[^'\n]{0,250}'):(?=[ \n]|$)/y;
const marker = /---(?= *(?:\n|$))/y;
/** Deeper than any manifest, and far from where a stack overflows. */
const deepest = 60;

/**
 * Reads what nearly all SOPS files are made of, at a fraction of what the parser costs: collections in block style, scalars
 * of one line, literal block scalars, comments. Undefined for a text with anything else in it, be it valid or not: what is
 * read is read as the parser reads it.
 */
export function readBlockYaml(text: string): readonly SopsDocument[] | undefined {
  return unusual.test(text) ? undefined : new BlockReader(text).documents();
}

class BlockReader {
  readonly #text: string;
  #marks: Mark[] = [];
  /** The line with content that is read next: where its content begins, where the line ends. */
  #content = 0;
  #lineEnd = -1;
  /** Of the content; -1 when there is none left. */
  #column = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#nextLine();
  }

  documents(): readonly SopsDocument[] | undefined {
    const documents: SopsDocument[] = [];
    let start = 0;
    do {
      if (this.#isMarker()) this.#nextLine();
      const root = this.#column === 0 ? this.#map() : undefined;
      const isLast = this.#column === -1;
      if (root === undefined || !(isLast || this.#isMarker())) return undefined;
      const end = isLast ? this.#text.length : this.#content;
      // What is known of comments by now lies before the next document.
      documents.push({ span: { start, end }, root: placeComments(this.#text, root, this.#marks) });
      this.#marks = [];
      start = end;
    } while (this.#column !== -1);
    return documents;
  }

  #isMarker(): boolean {
    if (this.#column !== 0) return false;
    marker.lastIndex = this.#content;
    return marker.test(this.#text);
  }

  /** The mapping whose first key is the content. */
  #map(): SopsMap | undefined {
    const { start, indent } = { start: this.#content, indent: this.#column };
    const members: SopsMember[] = [];
    const keys = new Set<string>();
    if (this.#depth++ === deepest) return undefined;
    do {
      const key = this.#key();
      if (key === undefined || keys.has(key.key)) return undefined;
      keys.add(key.key);
      const value = this.#value(key.keySpan.end + 1, indent);
      if (value === undefined) return undefined;
      members.push({ kind: 'member', key: key.key, keySpan: key.keySpan, value });
    } while (this.#column === indent && this.#text[this.#content] !== '-');
    this.#depth--;
    if (this.#column > indent) return undefined;
    const span = { start, end: collectionEnd(members) };
    return { kind: 'map', span, members, anchored: false, flow: false, indent };
  }

  #key(): Pick<SopsMember, 'key' | 'keySpan'> | undefined {
    keyAndColon.lastIndex = this.#content;
    const source = keyAndColon.exec(this.#text)?.[0].slice(0, -1);
    if (source === undefined) return undefined;
    const keySpan = { start: this.#content, end: this.#content + source.length };
    if (source.startsWith('"') || source.startsWith("'")) return { key: source.slice(1, -1), keySpan };
    const isString = readGoScalar(source, { plain: true, tag: undefined }).type === 'str';
    return isString ? { key: source, keySpan } : undefined;
  }

  /** What stands behind a colon, on its line or below. */
  #value(afterColon: number, indent: number): SopsNode | undefined {
    const at = this.#skipSpaces(afterColon);
    if (at < this.#lineEnd && this.#text[at] !== '#') return this.#inline(at, indent);
    this.#endLine(at);
    if (this.#isDash() && this.#column >= indent) return this.#list();
    if (this.#column > indent) return this.#map();
    return this.#scalar({ start: at, end: at, style: 'plain', text: '' }, indent);
  }

  /** The list whose first dash is the content. */
  #list(): SopsList | undefined {
    const { start, indent } = { start: this.#content, indent: this.#column };
    const items: SopsNode[] = [];
    if (this.#depth++ === deepest) return undefined;
    do {
      const item = this.#item(indent);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#column === indent && this.#isDash());
    this.#depth--;
    if (this.#column > indent) return undefined;
    const span = { start, end: collectionEnd(items) };
    return { kind: 'list', span, items, anchored: false, flow: false, indent };
  }

  #item(indent: number): SopsNode | undefined {
    const at = this.#skipSpaces(this.#content + 1);
    if (at >= this.#lineEnd) return undefined;
    keyAndColon.lastIndex = at;
    if (!keyAndColon.test(this.#text)) return this.#inline(at, indent);
    this.#column = indent + at - this.#content;
    this.#content = at;
    return this.#map();
  }

  #inline(at: number, indent: number): SopsNode | undefined {
    const char = this.#text[at];
    if (char === '|') {
      const literal = literalToken(this.#text, at, this.#lineEnd, indent);
      if (literal === undefined) return undefined;
      this.#lineEnd = literal.next - 1;
      this.#nextLine();
      return this.#scalar(literal, indent);
    }
    if (char === '{' || char === '[') return this.#emptyCollection(at, indent);
    const isQuoted = char === '"' || char === "'";
    const token = isQuoted ? quotedToken(this.#text, at) : plainToken(this.#text, at, this.#lineEnd);
    return token !== undefined && this.#endLine(token.end) ? this.#scalar(token, indent) : undefined;
  }

  #emptyCollection(start: number, indent: number): SopsNode | undefined {
    const span = { start, end: start + 2 };
    const source = this.#text.slice(start, span.end);
    if ((source !== '{}' && source !== '[]') || !this.#endLine(span.end)) return undefined;
    const common = { span, anchored: false, flow: true, indent };
    return source === '{}' ? { kind: 'map', members: [], ...common } : { kind: 'list', items: [], ...common };
  }

  #scalar({ start, end, style, text }: BlockToken, indent: number): SopsScalar {
    const scalar = readGoScalar(text, { plain: style === 'plain', tag: undefined });
    const span = { start, end };
    return {
      kind: 'scalar',
      span,
      style,
      text,
      scalar,
      tag: undefined,
      anchored: false,
      flow: false,
      indent,
    };
  }

  #isDash(): boolean {
    return this.#text[this.#content] === '-' && ' \n'.includes(this.#text[this.#content + 1] ?? '\n');
  }

  #skipSpaces(at: number): number {
    while (this.#text[at] === ' ') at++;
    return at;
  }

  /** Goes on to the next line with content. False where something other than a comment stands behind this offset. */
  #endLine(at: number): boolean {
    const rest = this.#skipSpaces(at);
    const isComment = this.#text[rest] === '#' && this.#text[rest - 1] === ' ';
    if (rest < this.#lineEnd && !isComment) return false;
    if (isComment) this.#mark(rest, this.#lineEnd);
    this.#nextLine();
    return true;
  }

  #nextLine(): void {
    while (this.#lineEnd < this.#text.length) {
      const start = this.#lineEnd + 1;
      const stop = this.#text.indexOf('\n', start);
      this.#lineEnd = stop === -1 ? this.#text.length : stop;
      this.#content = this.#skipSpaces(start);
      this.#column = this.#content - start;
      if (this.#content >= this.#lineEnd) continue;
      if (this.#text[this.#content] !== '#') return;
      this.#mark(this.#content, this.#lineEnd);
    }
    this.#column = -1;
  }

  #mark(offset: number, end: number): void {
    this.#marks.push({ type: 'comment', offset, source: this.#text.slice(offset, end) });
  }
}
