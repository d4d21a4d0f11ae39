import type { YamlScalar } from './yaml-events.ts';
import {
  isBlank,
  isBreak,
  isSeparator,
  lineEnd,
  nextLine,
  skipBlanks,
  trimBlanksBack,
} from './yaml-lines.ts';
import { TemplateEnds } from './yaml-templates.ts';

const flowIndicators = new Set([',', '[', ']', '{', '}']);

/**
 * Where a plain scalar's text on this line ends (YAML 1.2.2 §7.3.3), trailing blanks left out. A `{{ … }}` that
 * closes on the line is taken whole: templates hold colons and hashes of their own.
 */
export function plainLineEnd(
  text: string,
  start: number,
  end: number,
  flow: boolean,
  templates: TemplateEnds,
): number {
  let at = start;
  let lookForTemplates = true;
  while (at < end) {
    const char = text[at] ?? '';
    const code = text.charCodeAt(at);
    if (isBreak(code)) break;
    if (lookForTemplates && char === '{' && text[at + 1] === '{' && !(flow && at > start)) {
      const after = templates.onLine(at);
      lookForTemplates = after !== undefined && (at === start || !text.slice(at, after).includes(' #'));
      if (lookForTemplates && after !== undefined) {
        at = after;
        continue;
      }
    }
    if (char === '#' && at > start && isBlank(text.charCodeAt(at - 1))) break;
    if (char === ':' && (isSeparator(text, at + 1, end) || (flow && flowIndicators.has(text[at + 1] ?? ''))))
      break;
    if (flow && flowIndicators.has(char)) break;
    at = (flow && char === '$' && substitutionEnd(text, at, end)) || at + 1;
  }
  return trimBlanksBack(text, start, at);
}

/** In UTF-16 units: a variable's name and its default. */
const longestSubstitution = 256;
/** A default may be a substitution, too. */
const deepestSubstitution = 3;

/**
 * Where the `${NAME}` or `${NAME:-default}` at this offset ends, which Flux replaces by text before anything reads the
 * file as YAML; in flow style it is no YAML before that. Undefined for anything else, blanks inside included.
 */
function substitutionEnd(text: string, start: number, end: number): number | undefined {
  if (text[start + 1] !== '{' || !/\w/.test(text[start + 2] ?? '')) return undefined;
  const stop = Math.min(end, start + longestSubstitution);
  let depth = 0;
  for (let at = start + 1; at < stop && !isSeparator(text, at, stop); at++) {
    if (text[at] === '{' && ++depth > deepestSubstitution) return undefined;
    if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Where a `{{ … }}` value ends: the template, and whatever plain text follows it on the line. */
export function templateValueEnd(
  text: string,
  start: number,
  end: number,
  flow: boolean,
  templates: TemplateEnds,
): number {
  const after = templates.onLine(start) ?? start;
  return Math.max(after, plainLineEnd(text, start, end, flow, templates));
}

/** The offset after the closing quote, or undefined where nothing closes it inside the enclosing block. */
export function quotedEnd(
  text: string,
  start: number,
  end: number,
  parentIndent: number,
): number | undefined {
  const quote = text[start];
  let at = start + 1;
  while (at < end) {
    const char = text[at];
    if (char === quote) {
      if (quote !== "'" || text[at + 1] !== "'") return at + 1;
      at += 2;
    } else if (char === '\\' && quote === '"') {
      at += isBreak(text.charCodeAt(at + 1)) ? 1 : 2;
    } else if (isBreak(text.charCodeAt(at))) {
      at = nextLine(text, at, end);
      if (!continuesBlock(text, at, end, parentIndent)) return undefined;
    } else at++;
  }
  return undefined;
}

/**
 * Where a quoted scalar ends whose `{{ … }}` hold quotes of their own, which is no YAML before it is rendered; undefined
 * where it has no such action or does not end on its line.
 */
export function templatedQuoteEnd(
  text: string,
  start: number,
  end: number,
  templates: TemplateEnds,
): number | undefined {
  let at = start + 1;
  let held = false;
  while (at < end && !isBreak(text.charCodeAt(at))) {
    const after = templates.onLine(at);
    if (after === undefined && text[at] === text[start]) return held ? at + 1 : undefined;
    held ||= after !== undefined;
    at = after ?? at + 1;
  }
  return undefined;
}

/** Whether the line at this offset is blank or indented deeper than the enclosing collection. */
function continuesBlock(text: string, at: number, end: number, parentIndent: number): boolean {
  const content = skipBlanks(text, at, end);
  return content >= end || isBreak(text.charCodeAt(content)) || content - at > parentIndent;
}

export interface BlockHeader {
  readonly chomping: '-' | '+' | '';
  /** The indentation indicator, where there is one. */
  readonly indent: number | undefined;
  /** The offset after the indicators; a comment may follow. */
  readonly end: number;
}

/** Reads `|`, `>` and their indicators (YAML 1.2.2 §8.1.1), or undefined where something else follows on the line. */
export function blockHeader(text: string, start: number, end: number): BlockHeader | undefined {
  let chomping: BlockHeader['chomping'] = '';
  let indent: number | undefined;
  let at = start + 1;
  for (; at < end; at++) {
    const char = text[at] ?? '';
    if ((char === '-' || char === '+') && chomping === '') chomping = char;
    else if (char >= '1' && char <= '9' && indent === undefined) indent = Number(char);
    else break;
  }
  const rest = skipBlanks(text, at, end);
  const comment = text[rest] === '#' && rest > at;
  return comment || rest >= end || isBreak(text.charCodeAt(rest)) ? { chomping, indent, end: at } : undefined;
}

export interface BlockBody {
  /** The start of the first content line. */
  readonly start: number;
  /** The start of the first line that does not belong to it. */
  readonly next: number;
  /** How many columns are indentation. */
  readonly indent: number;
}

/** The lines of a block scalar. Template lines such as `{{- if … }}` at the margin do not end it. */
export function blockBody(text: string, header: BlockHeader, end: number, parentIndent: number): BlockBody {
  const start = nextLine(text, header.end, end);
  const templates = new TemplateEnds(text, end);
  let indent = header.indent === undefined ? undefined : Math.max(parentIndent, 0) + header.indent;
  let at = start;
  while (at < end) {
    const lineStart = at;
    const content = skipSpaces(text, at, end);
    at = nextLine(text, content, end);
    if (content >= end || isBreak(text.charCodeAt(content))) continue;
    const columns = content - lineStart;
    const needed = indent ?? parentIndent + 1;
    if (columns >= needed) {
      indent ??= columns;
      continue;
    }
    const goesOn = afterTemplateLinesInside(text, content, end, needed, templates);
    if (goesOn === undefined) return { start, next: lineStart, indent: indent ?? Number.MAX_SAFE_INTEGER };
    at = goesOn;
  }
  // Lines of nothing but spaces are empty lines, however many spaces they have.
  return { start, next: end, indent: indent ?? Number.MAX_SAFE_INTEGER };
}

function skipSpaces(text: string, at: number, end: number): number {
  while (at < end && text.charCodeAt(at) === 0x20) at++;
  return at;
}

/**
 * `{{ … }}` lines at the margin belong to a block scalar when the scalar's text goes on below them: then the start of
 * the line where it does.
 */
function afterTemplateLinesInside(
  text: string,
  content: number,
  end: number,
  needed: number,
  templates: TemplateEnds,
): number | undefined {
  let at = content;
  while (at < end) {
    const after = templates.onLine(at);
    if (after === undefined || lineEnd(text, after, end) !== skipBlanks(text, after, end)) return undefined;
    let lineStart = nextLine(text, after, end);
    at = skipSpaces(text, lineStart, end);
    while (at < end && isBreak(text.charCodeAt(at))) {
      lineStart = nextLine(text, at, end);
      at = skipSpaces(text, lineStart, end);
    }
    if (at < end && at - lineStart >= needed) return lineStart;
  }
  return undefined;
}

/** Where a block scalar's token ends: after its last line with text, or with `+` after its last line. */
export function blockSpanEnd(text: string, header: BlockHeader, body: BlockBody): number {
  let at = body.next;
  if (header.chomping !== '+') {
    while (at > body.start && (isBlank(text.charCodeAt(at - 1)) || isBreak(text.charCodeAt(at - 1)))) at--;
    if (at === body.start) return header.end;
    return Math.min(lineEnd(text, at, body.next), body.next);
  }
  if (at <= body.start) return header.end;
  if (text[at - 1] === '\n') at--;
  if (text[at - 1] === '\r') at--;
  return Math.max(at, header.end);
}

/** Whether a scalar is one of YAML's spellings of null. */
export function isNull(text: string, { style, start, end, anchor, tag }: YamlScalar): boolean {
  if (style !== 'plain' || end - start > 4 || anchor !== undefined || tag !== undefined) return false;
  return /^(?:~|null|Null|NULL)$/.test(text.slice(start, end));
}
