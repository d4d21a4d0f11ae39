import type { ScalarStyle } from './manifest.ts';
import { noProperties, scalarAt, type YamlEvents, type YamlScalar } from './yaml-events.ts';
import { type FlowPlace, readFlow } from './yaml-flow.ts';
import {
  isConflictMark,
  isLineDone,
  isOutdented,
  isSeparator,
  lineEnd,
  nextLine,
  skipBlanks,
} from './yaml-lines.ts';
import { atProperties, readProperties } from './yaml-properties.ts';
import { plainLineEnd, quotedEnd, templatedQuoteEnd, templateValueEnd } from './yaml-scalar.ts';
import { TemplateEnds } from './yaml-templates.ts';

/** A quoted or plain scalar on one line. */
interface InlineToken {
  readonly style: ScalarStyle;
  readonly start: number;
  readonly end: number;
}

/** A key with its colon on the same line; `scalar` is undefined where the key is not a scalar. */
export interface ImplicitKey {
  readonly scalar: YamlScalar | undefined;
  /** The offset after the colon. */
  readonly after: number;
}

/** Answers what stands at an offset of a document in block style; it keeps no place of its own. */
export class BlockLines {
  readonly #text: string;
  readonly #end: number;
  readonly #templates: TemplateEnds;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
    this.#templates = new TemplateEnds(text, end);
  }

  /** Where a flow collection stands that begins here. */
  flowPlace(start: number, end: number, parentIndent: number): FlowPlace {
    return { text: this.#text, start, end, parentIndent, templates: this.#templates };
  }

  /** Whether a `{{ … }}` that ends on its line begins here. */
  isTemplate(at: number): boolean {
    return this.#templates.onLine(at) !== undefined;
  }

  /** Where a blank line ends, or one of nothing but a template's action: one that spans lines counts too. */
  afterNoContent(content: number): number | undefined {
    if (isLineDone(this.#text, content, this.#end)) return nextLine(this.#text, content, this.#end);
    const after = this.#templates.ofAction(content);
    return after !== undefined && this.endsLine(after) ? nextLine(this.#text, after, this.#end) : undefined;
  }

  /** `%YAML 1.2` (YAML 1.2.2 §6.8), `% for` and `%{ for` of template languages, git's marks of a conflict, half an action. */
  isForeign(content: number, isFirst: boolean): boolean {
    const code = this.#text.charCodeAt(content);
    if (code >= 0x41 && code <= 0x7a) return false;
    if (code === 0x25) {
      if (isFirst && isOutdented(this.#text, content, 0)) return true;
      return ' {'.includes(this.#text[content + 1] ?? '%');
    }
    return isConflictMark(this.#text, content, this.#end) || this.#isBrokenAction(content);
  }

  /** `{{- if .Values.x }`, which nothing closes. No map of maps: that has a colon. */
  #isBrokenAction(content: number): boolean {
    if (this.#text[content] !== '{' || this.isTemplate(content)) return false;
    const line = this.#text.slice(content, lineEnd(this.#text, content, this.#end));
    return /^\{\{[- ]/.test(line) && !/:(?:\s|$)/.test(line);
  }

  isDash(at: number): boolean {
    return this.#text[at] === '-' && isSeparator(this.#text, at + 1, this.#end);
  }

  /** `? ` or `: ` */
  isIndicator(at: number): boolean {
    const char = this.#text[at];
    return (char === '?' || char === ':') && isSeparator(this.#text, at + 1, this.#end);
  }

  /** In a diff all lines begin with a blank but those that were added or removed. */
  afterDiffSign(content: number, lineStart: number): number {
    const signed = content === lineStart && '+-'.includes(this.#text[content] ?? ' ');
    return signed ? skipBlanks(this.#text, content + 1, this.#end) : content;
  }

  /** A quoted or plain scalar that ends on this line. */
  inlineToken(at: number): InlineToken | undefined {
    const char = this.#text[at] ?? '';
    if (char === '"' || char === "'") {
      const stop = quotedEnd(this.#text, at, lineEnd(this.#text, at, this.#end), -1);
      return stop === undefined
        ? undefined
        : { style: char === '"' ? 'double' : 'single', start: at, end: stop };
    }
    const template = this.#templates.onLine(at);
    if ((template === undefined && (char === '{' || char === '[')) || char === '*') return undefined;
    const stop =
      template === undefined
        ? plainLineEnd(this.#text, at, this.#end, false, this.#templates)
        : templateValueEnd(this.#text, at, this.#end, false, this.#templates);
    return stop === at ? undefined : { style: 'plain', start: at, end: stop };
  }

  /** Where the quoted scalar that begins here ends, on this line or further down. */
  quotedStop(at: number, parentIndent: number): number | undefined {
    const stop = quotedEnd(this.#text, at, this.#end, parentIndent);
    if (stop === undefined || this.endsLine(stop)) return stop;
    return templatedQuoteEnd(this.#text, at, this.#end, this.#templates) ?? stop;
  }

  /** The key that starts here; `column` is where its line's content begins. */
  implicitKey(start: number, column: number): ImplicitKey | undefined {
    const before = atProperties(this.#text, start)
      ? readProperties(this.#text, start, this.#end, false)
      : undefined;
    const at = before?.at ?? start;
    const token = this.inlineToken(at);
    const tokenEnd = token?.end ?? this.#complexKeyEnd(at);
    if (tokenEnd === undefined) return undefined;
    const colon = skipBlanks(this.#text, tokenEnd, this.#end);
    if (this.#text[colon] !== ':' || colon >= this.#end || !isSeparator(this.#text, colon + 1, this.#end))
      return undefined;
    const properties = before?.properties ?? noProperties;
    const scalar = token && scalarAt(properties, token.style, token.start, token.end, column);
    return { scalar, after: colon + 1 };
  }

  /**
   * A key that is none to YAML: with no blank after its colon, or with no colon and lines that stand deeper.
   * `due` says that nothing but a key can stand here.
   */
  brokenKey(at: number, column: number, due: boolean): ImplicitKey | undefined {
    const token = this.#gluedKey(at) ?? (due ? this.#bareKey(at, column) : undefined);
    if (token === undefined || !(due || this.#hasKeyBelow(at, column))) return undefined;
    const after = this.#text[token.end] === ':' ? token.end + 1 : token.end;
    return { scalar: scalarAt(noProperties, token.style, at, token.end, column), after };
  }

  #gluedKey(at: number): InlineToken | undefined {
    const char = this.#text[at];
    if (char === '"' || char === "'") {
      const token = this.inlineToken(at);
      return token !== undefined && this.#text[token.end] === ':' ? token : undefined;
    }
    const glued = /[\w.-]+:(?=[^\s:])(?!\/\/)/y;
    glued.lastIndex = at;
    if (!glued.test(this.#text)) return undefined;
    return { style: 'plain', start: at, end: glued.lastIndex - 1 };
  }

  #bareKey(at: number, column: number): InlineToken | undefined {
    const bare = /[A-Za-z][\w.-]*/y;
    bare.lastIndex = at;
    if (!bare.test(this.#text) || !this.endsLine(bare.lastIndex)) return undefined;
    const end = bare.lastIndex;
    const below = this.nextTextLine(end);
    return below !== undefined && below.content - below.start > column
      ? { style: 'plain', start: at, end }
      : undefined;
  }

  #hasKeyBelow(at: number, column: number): boolean {
    const below = this.nextTextLine(at);
    return (
      below !== undefined &&
      below.content - below.start === column &&
      this.implicitKey(below.content, column) !== undefined
    );
  }

  #complexKeyEnd(at: number): number | undefined {
    const char = this.#text[at] ?? '';
    if (char === '*') return this.wordEnd(at);
    if (char === ':') return at;
    if (char !== '{' && char !== '[') return undefined;
    const limit = lineEnd(this.#text, at, this.#end);
    const stop = readFlow(this.flowPlace(at, limit, 0), noProperties, silent);
    return stop >= limit ? undefined : stop;
  }

  /** A plain scalar goes on over deeper lines, but not over one that reads as a key: that file is broken or templated. */
  plainStop(start: number, parentIndent: number): number {
    const template = this.#templates.onLine(start);
    if (template !== undefined) return templateValueEnd(this.#text, start, this.#end, false, this.#templates);
    let stop = plainLineEnd(this.#text, start, this.#end, false, this.#templates);
    if (stop === start) stop = lineEnd(this.#text, start, this.#end);
    for (;;) {
      const rest = skipBlanks(this.#text, stop, this.#end);
      if (rest < this.#end && lineEnd(this.#text, rest, this.#end) !== rest) return stop;
      const line = this.nextTextLine(stop);
      if (line === undefined || line.content - line.start <= parentIndent) return stop;
      if (this.afterNoContent(line.content) !== undefined) return stop;
      const lineStop = plainLineEnd(this.#text, line.content, this.#end, false, this.#templates);
      if (lineStop === line.content || this.#text[skipBlanks(this.#text, lineStop, this.#end)] === ':')
        return stop;
      stop = lineStop;
    }
  }

  /** Where the alias that begins here ends. */
  wordEnd(at: number): number {
    let stop = at + 1;
    while (!isSeparator(this.#text, stop, this.#end)) stop++;
    return stop;
  }

  endsLine(at: number): boolean {
    return isLineDone(this.#text, skipBlanks(this.#text, at, this.#end), this.#end);
  }

  nextTextLine(at: number): { readonly start: number; readonly content: number } | undefined {
    let start = nextLine(this.#text, at, this.#end);
    while (start < this.#end) {
      const content = skipBlanks(this.#text, start, this.#end);
      if (content < this.#end && lineEnd(this.#text, content, this.#end) !== content)
        return { start, content };
      start = nextLine(this.#text, content, this.#end);
    }
    return undefined;
  }
}

const silent: YamlEvents = Object.freeze({
  beginMap() {},
  beginSequence() {},
  end() {},
  key() {},
  complexKey() {},
  scalar() {},
  alias() {},
  empty() {},
  problem() {},
});
