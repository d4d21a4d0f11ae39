import type { YamlScalar } from './yaml-events.ts';
import { afterBreak, isBlank, isBreak, skipBlanks } from './yaml-lines.ts';
import { blockBody, blockHeader } from './yaml-scalar.ts';

/** The value of a scalar as YAML 1.2 reads it. `end` bounds the document: block scalars may keep blank lines. */
export function scalarText(text: string, scalar: YamlScalar, end: number): string {
  if (scalar.text !== undefined) return scalar.text;
  const { style } = scalar;
  if (style === 'plain') return foldLines(text.slice(scalar.start, scalar.end));
  if (style === 'single') return foldLines(inner(text, scalar)).replaceAll("''", "'");
  if (style === 'double') return unescapeDouble(inner(text, scalar));
  return blockText(text, scalar, end);
}

/** What stands between the quotes; an unterminated token has no closing one. */
function inner(text: string, scalar: YamlScalar): string {
  const closed = scalar.end - scalar.start >= 2 && text[scalar.end - 1] === text[scalar.start];
  return text.slice(scalar.start + 1, closed ? scalar.end - 1 : scalar.end);
}

/** Line folding (YAML 1.2.2 §6.5): one break is a space, n+1 breaks are n line feeds, blanks around breaks go. */
function foldLines(source: string): string {
  if (!source.includes('\n') && !source.includes('\r')) return source;
  const lines = source.split(/\r\n|\n|\r/);
  const last = lines.length - 1;
  let out = trimEnd(lines[0] ?? '');
  let breaks = 0;
  for (let i = 1; i <= last; i++) {
    const whole = lines[i] ?? '';
    const start = whole.slice(skipBlanks(whole, 0, whole.length));
    const line = i === last ? start : trimEnd(start);
    breaks++;
    if (line === '' && i !== last) continue;
    out += foldedBreaks(breaks) + line;
    breaks = 0;
  }
  return out;
}

function foldedBreaks(count: number): string {
  return count === 1 ? ' ' : '\n'.repeat(count - 1);
}

function trimEnd(line: string): string {
  let at = line.length;
  while (at > 0 && isBlank(line.charCodeAt(at - 1))) at--;
  return line.slice(0, at);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
const hexLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Double-quoted text (YAML 1.2.2 §5.7, §7.3.1). A wrong escape stands for itself. */
function unescapeDouble(source: string): string {
  if (!/[\\\n\r]/.test(source)) return source;
  let out = '';
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const piece =
      code === 0x5c
        ? escapeAt(source, at)
        : isBlank(code) || isBreak(code)
          ? blanksAt(source, at)
          : undefined;
    out += piece?.text ?? source[at];
    at += piece?.length ?? 1;
  }
  return out;
}

interface Piece {
  readonly text: string;
  readonly length: number;
}

function escapeAt(source: string, at: number): Piece {
  const char = source[at + 1] ?? '';
  if (isBreak(source.charCodeAt(at + 1))) {
    const { breaks, end } = breaksAt(source, at + 1);
    return { text: '\n'.repeat(breaks - 1), length: end - at };
  }
  const digits = hexLengths.get(char);
  if (digits === undefined) return { text: escapes.get(char) ?? `\\${char}`, length: 2 };
  const hex = source.slice(at + 2, at + 2 + digits);
  const value = /^[0-9a-fA-F]+$/.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : -1;
  if (value < 0 || value > 0x10ffff) return { text: `\\${char}`, length: 2 };
  return { text: String.fromCodePoint(value), length: 2 + digits };
}

/** A run of blanks: kept as it is, or folded where a break is in it. */
function blanksAt(source: string, at: number): Piece {
  const stop = skipBlanks(source, at, source.length);
  if (stop >= source.length || !isBreak(source.charCodeAt(stop)))
    return { text: source.slice(at, stop), length: stop - at };
  const { breaks, end } = breaksAt(source, stop);
  return { text: foldedBreaks(breaks), length: end - at };
}

/** How many breaks stand here with nothing but blanks between them, and where text goes on. */
function breaksAt(source: string, at: number): { readonly breaks: number; readonly end: number } {
  let breaks = 0;
  let end = at;
  while (end < source.length && isBreak(source.charCodeAt(end))) {
    breaks++;
    end = skipBlanks(source, afterBreak(source, end, source.length), source.length);
  }
  return { breaks, end };
}

/** A literal or folded block scalar's value (YAML 1.2.2 §8.1). */
function blockText(text: string, scalar: YamlScalar, end: number): string {
  const header = blockHeader(text, scalar.start, end);
  if (header === undefined) return '';
  const body = blockBody(text, header, end, scalar.parentIndent);
  const lines = body.next > body.start ? text.slice(body.start, body.next).split(/\r\n|\n|\r/) : [];
  // What follows the last break is a line only if something stands on it.
  if (lines.length > 0 && dedent(lines.at(-1) ?? '', body.indent) === '') lines.pop();
  const content = lines.map((line) => dedent(line, body.indent));
  let last = content.length;
  while (last > 0 && content[last - 1] === '') last--;
  const trailing = content.length - last;
  const kept = content.slice(0, last);
  const value = scalar.style === 'literal' ? kept.join('\n') : foldBlock(kept);
  if (header.chomping === '-') return value;
  if (header.chomping === '+') return value + '\n'.repeat(trailing + (last > 0 ? 1 : 0));
  return last > 0 ? `${value}\n` : '';
}

function dedent(line: string, indent: number): string {
  let at = 0;
  while (at < indent && line.charCodeAt(at) === 0x20) at++;
  return line.slice(at);
}

/** Folding in block scalars (YAML 1.2.2 §8.1.3): lines that begin with a blank keep their breaks. */
function foldBlock(lines: readonly string[]): string {
  let out = '';
  let pending = 0;
  let previousMore = false;
  let started = false;
  for (const line of lines) {
    if (line === '') {
      pending++;
      continue;
    }
    const more = isBlank(line.charCodeAt(0));
    if (!started) out = '\n'.repeat(pending);
    else if (more || previousMore) out += '\n'.repeat(pending + 1);
    else out += pending === 0 ? ' ' : '\n'.repeat(pending);
    out += line;
    pending = 0;
    previousMore = more;
    started = true;
  }
  return out;
}
