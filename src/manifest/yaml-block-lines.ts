import type { ScalarStyle } from './manifest.ts';
import { noProperties, scalarAt, type YamlEvents, type YamlScalar } from './yaml-events.ts';
import { readFlow } from './yaml-flow.ts';
import { isLineDone, isSeparator, lineEnd, nextLine, skipBlanks } from './yaml-lines.ts';
import { atProperties, readProperties } from './yaml-properties.ts';
import { plainLineEnd, quotedEnd, templateValueEnd } from './yaml-scalar.ts';
import { TemplateEnds } from './yaml-templates.ts';

/** A quoted or plain scalar on one line. */
interface InlineToken {
  readonly style: ScalarStyle;
  readonly start: number;
  readonly end: number;
}

/** A key with its colon on the same line; `scalar` is undefined where the key is not a scalar. */
interface ImplicitKey {
  readonly scalar: YamlScalar | undefined;
  readonly colon: number;
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

  /** Whether a `{{ … }}` that ends on its line begins here. */
  isTemplate(at: number): boolean {
    return this.#templates.onLine(at) !== undefined;
  }

  /** A line of nothing but template actions; one that spans lines counts too. Jinja's `{% … %}` likewise. */
  isTemplateLine(content: number): boolean {
    const after = this.#templates.ofAction(content);
    return after !== undefined && isLineDone(this.#text, skipBlanks(this.#text, after, this.#end), this.#end);
  }

  afterTemplateLine(content: number): number {
    return nextLine(this.#text, this.#templates.ofAction(content) ?? content, this.#end);
  }

  isDash(at: number): boolean {
    return this.#text[at] === '-' && isSeparator(this.#text, at + 1, this.#end);
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
    return { scalar, colon };
  }

  #complexKeyEnd(at: number): number | undefined {
    const char = this.#text[at] ?? '';
    if (char === '*') return this.wordEnd(at);
    if (char === ':') return at;
    if (char !== '{' && char !== '[') return undefined;
    const limit = lineEnd(this.#text, at, this.#end);
    const stop = readFlow(this.#text, at, limit, noProperties, silent);
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
      if (this.#text[line.content] === '#' || this.isTemplateLine(line.content)) return stop;
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
