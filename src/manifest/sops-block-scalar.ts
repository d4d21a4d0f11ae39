import type { ScalarStyle } from './manifest.ts';

/** A scalar as it stands in a text. */
export interface BlockToken {
  readonly start: number;
  readonly end: number;
  readonly style: ScalarStyle;
  readonly text: string;
}

/** The body of a block scalar counts to its token; the offset is where the first line begins that does not. */
export interface LiteralToken extends BlockToken {
  readonly next: number;
}

/** Escapes that JSON and YAML read alike. */
const doubleQuoted = /"(?:[^"\\\n]|\\["\\/bfnrt])*"/y;
const singleQuoted = /'(?:[^'\n]|'')*'/y;
/** What begins nothing but a plain scalar. `-` does so as well, where no blank follows. */
const plainFirst = /[A-Za-z0-9_./+~$(<=\\;^-]/;

/** A quoted scalar that ends on its line, or undefined where it does not, or holds an escape of YAML alone. */
export function quotedToken(text: string, start: number): BlockToken | undefined {
  const isDouble = text[start] === '"';
  const pattern = isDouble ? doubleQuoted : singleQuoted;
  pattern.lastIndex = start;
  const source = pattern.exec(text)?.[0];
  if (source === undefined) return undefined;
  const end = start + source.length;
  if (!isDouble) return { start, end, style: 'single', text: source.slice(1, -1).replaceAll("''", "'") };
  const inner = source.includes('\\') ? String(JSON.parse(source)) : source.slice(1, -1);
  return { start, end, style: 'double', text: inner };
}

/** A plain scalar up to the end of its line or a comment, or undefined where something else may begin or go on here. */
export function plainToken(text: string, start: number, lineEnd: number): BlockToken | undefined {
  if (!plainFirst.test(text[start] ?? '')) return undefined;
  const line = text.slice(start, lineEnd);
  const comment = line.indexOf(' #');
  let length = comment === -1 ? line.length : comment;
  while (line[length - 1] === ' ') length--;
  const token = line.slice(0, length);
  if (token.includes(': ') || token.endsWith(':') || token === '-' || token.startsWith('- '))
    return undefined;
  return { start, end: start + length, style: 'plain', text: token };
}

/**
 * A literal block scalar (`|` or `|-`), or undefined for any other, for one without text, and where lines of nothing but
 * blanks are in it.
 * @param indent column of the collection it stands in
 */
export function literalToken(
  text: string,
  start: number,
  lineEnd: number,
  indent: number,
): LiteralToken | undefined {
  const header = text.slice(start, lineEnd);
  if (header !== '|' && header !== '|-') return undefined;
  const lines: string[] = [];
  let [at, end, column, kept] = [lineEnd + 1, lineEnd, 0, 0];
  while (at < text.length) {
    let content = at;
    while (text[content] === ' ') content++;
    const stop = text.indexOf('\n', content);
    const isEmpty = stop === content;
    if (stop === -1 || (isEmpty && content > at)) return undefined;
    if (!isEmpty) {
      if (column === 0) column = content - at;
      if (column <= indent) return undefined;
      if (content - at < column) break;
      [end, kept] = [stop, lines.length + 1];
    }
    lines.push(text.slice(at + column, stop));
    at = stop + 1;
  }
  if (kept === 0) return undefined;
  const value = lines.slice(0, kept).join('\n');
  return { start, end, style: 'literal', text: header === '|' ? `${value}\n` : value, next: at };
}
