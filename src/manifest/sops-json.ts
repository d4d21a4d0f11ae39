import { type GoScalar, readGoJsonNumber, readGoScalar } from './go-yaml-scalar.ts';
import type { Problem } from './manifest.ts';
import type { SopsList, SopsMap, SopsMember, SopsNode, SopsScalar, SopsText } from './sops-tree.ts';

/** More than any file, and far from where a stack overflows. */
const deepest = 500;
const blanks = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const word = /true|false|null/y;

/** Reads JSON as SOPS does: one object, numbers typed by Go's rules. Never throws; what is wrong is a problem. */
export function readSopsJson(text: string): SopsText {
  const reader = new JsonReader(text);
  const { root, problem } = reader.read();
  const span = { start: 0, end: text.length };
  const problems = problem === undefined ? reader.problems : [problem, ...reader.problems];
  return { text, format: 'json', documents: root === undefined ? [] : [{ span, root }], problems };
}

class JsonReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): { readonly root?: SopsMap; readonly problem?: Problem } {
    this.#at = this.#text.startsWith('\ufeff') ? 1 : 0;
    this.#skip();
    const root = this.#text[this.#at] === '{' ? this.#value() : undefined;
    this.#skip();
    if (root?.kind === 'map' && this.#at === this.#text.length) return { root };
    const message =
      root === undefined && this.#depth === 0 ? 'SOPS takes one JSON object' : 'this is no JSON';
    return { problem: { offset: Math.min(this.#at, this.#text.length), message } };
  }

  /** Undefined where none stands; the position is then where it should. */
  #value(): SopsNode | undefined {
    const char = this.#text[this.#at];
    if (char === '{') return this.#object();
    if (char === '[') return this.#array();
    return this.#scalar();
  }

  #object(): SopsMap | undefined {
    const start = this.#at;
    const members: SopsMember[] = [];
    const seen = new Set<string>();
    const closed = this.#listed('}', () => {
      const key = this.#scalar();
      if (key?.style !== 'double') return false;
      if (seen.has(key.text))
        this.problems.push({ offset: key.span.start, message: 'this key stands twice in its object' });
      seen.add(key.text);
      this.#skip();
      if (this.#text[this.#at] !== ':') return false;
      this.#at++;
      this.#skip();
      const value = this.#value();
      if (value !== undefined) members.push({ kind: 'member', key: key.text, keySpan: key.span, value });
      return value !== undefined;
    });
    if (!closed) return undefined;
    return { kind: 'map', span: { start, end: this.#at }, members, anchored: false, flow: true, indent: 0 };
  }

  #array(): SopsList | undefined {
    const start = this.#at;
    const items: SopsNode[] = [];
    const closed = this.#listed(']', () => {
      const item = this.#value();
      if (item !== undefined) items.push(item);
      return item !== undefined;
    });
    if (!closed) return undefined;
    return { kind: 'list', span: { start, end: this.#at }, items, anchored: false, flow: true, indent: 0 };
  }

  /** Reads what stands between commas, up to the closing character. False where something is wrong. */
  #listed(close: '}' | ']', element: () => boolean): boolean {
    if (this.#depth++ === deepest) return false;
    this.#at++;
    this.#skip();
    let open = this.#text[this.#at] !== close;
    if (!open) this.#at++;
    while (open) {
      if (!element()) return false;
      this.#skip();
      const char = this.#text[this.#at];
      if (char !== ',' && char !== close) return false;
      this.#at++;
      open = char === ',';
      if (open) this.#skip();
    }
    this.#depth--;
    return true;
  }

  #scalar(): SopsScalar | undefined {
    const start = this.#at;
    if (this.#text[start] === '"') {
      const text = this.#string();
      if (text === undefined) return undefined;
      return this.#made(start, 'double', text, readGoScalar(text, { plain: false, tag: undefined }));
    }
    const digits = this.#take(number);
    if (digits !== undefined) return this.#made(start, 'plain', digits, readGoJsonNumber(digits));
    const name = this.#take(word);
    if (name === undefined) return undefined;
    return this.#made(start, 'plain', name, readGoScalar(name, { plain: true, tag: undefined }));
  }

  #string(): string | undefined {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const text: unknown = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      return String(text);
    } catch {
      return undefined;
    }
  }

  #made(start: number, style: 'double' | 'plain', text: string, scalar: GoScalar): SopsScalar {
    const span = { start, end: this.#at };
    return {
      kind: 'scalar',
      span,
      style,
      text,
      scalar,
      tag: undefined,
      anchored: false,
      flow: true,
      indent: 0,
    };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(): void {
    blanks.lastIndex = this.#at;
    this.#at += blanks.exec(this.#text)?.[0].length ?? 0;
  }
}
