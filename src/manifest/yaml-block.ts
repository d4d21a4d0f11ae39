import type { Span } from '../core/span.ts';
import type { ScalarStyle } from './manifest.ts';
import { type NodeProperties, noProperties, scalarAt, type YamlEvents } from './yaml-events.ts';
import { readFlow } from './yaml-flow.ts';
import { isLineDone, isSeparator, lineEnd, nextLine, skipBlanks } from './yaml-lines.ts';
import { atProperties, readProperties } from './yaml-properties.ts';
import {
  blockBody,
  blockHeader,
  blockSpanEnd,
  plainLineEnd,
  quotedEnd,
  templateValueEnd,
} from './yaml-scalar.ts';
import { TemplateEnds } from './yaml-templates.ts';

/** Files that were put together may have one at the start of any line; Go's YAML reader skips it there. */
const byteOrderMark = 0xfeff;

interface OpenBlock {
  readonly kind: 'map' | 'sequence';
  readonly indent: number;
  awaiting: boolean;
  /** The key of an awaited value came after `? `: its `: ` stands on a line of its own. */
  explicit: boolean;
}

/**
 * Reads one document's content line by line, telling it as events: linear, never throws, and goes on where YAML's
 * own grammar would stop, so that templated and broken files are seen too. What parses, it reads as a parser does.
 */
export function readBlocks(text: string, span: Span, events: YamlEvents): void {
  new BlockReader(text, span, events).read();
}

class BlockReader {
  readonly #text: string;
  readonly #end: number;
  readonly #events: YamlEvents;
  readonly #open: OpenBlock[] = [];
  #at: number;
  #lineStart: number;
  /** Where the last value ended: collections end there, not at the blank lines after it. */
  #lastEnd: number;
  #properties: NodeProperties = noProperties;
  readonly #templates: TemplateEnds;

  constructor(text: string, span: Span, events: YamlEvents) {
    this.#text = text;
    this.#at = span.start;
    this.#lineStart = span.start;
    this.#lastEnd = span.start;
    this.#end = span.end;
    this.#events = events;
    this.#templates = new TemplateEnds(text, span.end);
  }

  read(): void {
    while (this.#at < this.#end) {
      if (this.#text.charCodeAt(this.#at) === byteOrderMark) this.#lineStart = ++this.#at;
      const content = skipBlanks(this.#text, this.#at, this.#end);
      if (isLineDone(this.#text, content, this.#end) || this.#isTemplateLine(content)) {
        this.#at = this.#afterTemplateLine(content);
      } else if (this.#isDirective(content)) {
        this.#toNextLine(content);
      } else {
        this.#closeDeeperThan(content);
        this.#node(content);
      }
      this.#lineStart = this.#at;
    }
    while (this.#open.length > 0) this.#close();
  }

  /** `%YAML 1.2` and the like (YAML 1.2.2 §6.8), before anything else of the document. */
  #isDirective(content: number): boolean {
    return this.#text[content] === '%' && this.#open.length === 0 && content === this.#lineStart;
  }

  /** A line of nothing but template actions; one that spans lines counts too. Jinja's `{% … %}` likewise. */
  #isTemplateLine(content: number): boolean {
    const after = this.#templates.ofAction(content);
    return after !== undefined && isLineDone(this.#text, skipBlanks(this.#text, after, this.#end), this.#end);
  }

  #afterTemplateLine(content: number): number {
    return nextLine(this.#text, this.#templates.ofAction(content) ?? content, this.#end);
  }

  #column(at: number): number {
    return at - this.#lineStart;
  }

  #isDash(at: number): boolean {
    return this.#text[at] === '-' && isSeparator(this.#text, at + 1, this.#end);
  }

  #closeDeeperThan(content: number): void {
    const indent = this.#column(content);
    for (;;) {
      const top = this.#open.at(-1);
      if (top === undefined || top.indent < indent) return;
      if (top.indent === indent && (top.kind === 'map' || this.#isDash(content))) return;
      this.#close();
    }
  }

  #close(): void {
    const top = this.#open.pop();
    if (top?.awaiting === true) this.#tellEmpty();
    this.#events.end(this.#lastEnd);
    this.#told();
  }

  #tellEmpty(): void {
    this.#takeProperties();
    this.#events.empty(this.#lastEnd);
  }

  #told(): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.awaiting = false;
  }

  #takeProperties(): NodeProperties {
    const properties = this.#properties;
    this.#properties = noProperties;
    return properties;
  }

  /** Makes the innermost collection one of this kind at this column. */
  #ensure(kind: OpenBlock['kind'], at: number): OpenBlock {
    const indent = this.#column(at);
    const top = this.#open.at(-1);
    if (top?.kind === kind && top.indent === indent) {
      if (top.awaiting) this.#tellEmpty();
      return top;
    }
    const collection = { ...this.#takeProperties(), start: at, indent, flow: false };
    if (kind === 'map') this.#events.beginMap(collection);
    else this.#events.beginSequence(collection);
    const block: OpenBlock = { kind, indent, awaiting: false, explicit: false };
    this.#open.push(block);
    return block;
  }

  /** Reads what starts at `at`, the first content of a line or of a sequence item. */
  #node(start: number): void {
    let at = start;
    while (this.#isDash(at)) {
      const block = this.#ensure('sequence', at);
      block.awaiting = true;
      this.#lastEnd = at + 1;
      at = skipBlanks(this.#text, at + 1, this.#end);
      if (isLineDone(this.#text, at, this.#end)) return this.#toNextLine(at);
    }
    if (this.#text[at] === '?' && isSeparator(this.#text, at + 1, this.#end)) return this.#explicitKey(at);
    if (this.#text[at] === ':' && isSeparator(this.#text, at + 1, this.#end) && this.#awaitsColon(at)) {
      return this.#explicitValue(at);
    }
    const key = this.#implicitKey(at);
    if (key === undefined) return this.#value(at);
    const block = this.#ensure('map', at);
    if (key.scalar === undefined) this.#events.complexKey(at);
    else this.#events.key(key.scalar);
    block.awaiting = true;
    block.explicit = false;
    this.#valueAfter(key.colon + 1);
  }

  #awaitsColon(at: number): boolean {
    const top = this.#open.at(-1);
    return top?.explicit === true && top.indent <= this.#column(at);
  }

  /** After the colon of an explicit key a collection may begin on the same line. */
  #explicitValue(at: number): void {
    const block = this.#open.at(-1);
    if (block !== undefined) block.explicit = false;
    this.#lastEnd = at + 1;
    const start = skipBlanks(this.#text, at + 1, this.#end);
    if (isLineDone(this.#text, start, this.#end)) this.#toNextLine(start);
    else this.#node(start);
  }

  #explicitKey(at: number): void {
    const block = this.#ensure('map', at);
    const inline = skipBlanks(this.#text, at + 1, this.#end);
    const done = isLineDone(this.#text, inline, this.#end);
    const start = done ? (this.#nextTextLine(inline)?.content ?? inline) : inline;
    const { properties, at: keyStart } = readProperties(this.#text, start, this.#end, false);
    const token = this.#inlineToken(keyStart);
    if (token === undefined || !this.#endsLine(token.end)) this.#events.complexKey(keyStart);
    else this.#events.key(scalarAt(properties, token.style, token.start, token.end, block.indent));
    block.awaiting = true;
    block.explicit = true;
    this.#lastEnd = token?.end ?? keyStart;
    this.#toNextLine(this.#lastEnd);
  }

  /** A quoted or plain scalar that ends on this line. */
  #inlineToken(
    at: number,
  ): { readonly style: ScalarStyle; readonly start: number; readonly end: number } | undefined {
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

  /** The key that starts here with its colon on the same line; `scalar` is undefined where the key is not a scalar. */
  #implicitKey(start: number) {
    const before = atProperties(this.#text, start)
      ? readProperties(this.#text, start, this.#end, false)
      : undefined;
    const at = before?.at ?? start;
    const token = this.#inlineToken(at);
    const tokenEnd = token?.end ?? this.#complexKeyEnd(at);
    if (tokenEnd === undefined) return undefined;
    const colon = skipBlanks(this.#text, tokenEnd, this.#end);
    if (this.#text[colon] !== ':' || colon >= this.#end || !isSeparator(this.#text, colon + 1, this.#end))
      return undefined;
    const properties = before?.properties ?? noProperties;
    const scalar = token && scalarAt(properties, token.style, token.start, token.end, this.#column(start));
    return { scalar, colon };
  }

  #complexKeyEnd(at: number): number | undefined {
    const char = this.#text[at] ?? '';
    if (char === '*') {
      let stop = at + 1;
      while (!isSeparator(this.#text, stop, this.#end)) stop++;
      return stop;
    }
    if (char === ':') return at;
    if (char !== '{' && char !== '[') return undefined;
    const limit = lineEnd(this.#text, at, this.#end);
    const stop = readFlow(this.#text, at, limit, noProperties, silent);
    return stop >= limit ? undefined : stop;
  }

  #valueAfter(at: number): void {
    this.#lastEnd = at;
    const start = skipBlanks(this.#text, at, this.#end);
    if (isLineDone(this.#text, start, this.#end)) return this.#toNextLine(start);
    this.#value(start);
  }

  #toNextLine(at: number): void {
    this.#at = nextLine(this.#text, at, this.#end);
  }

  /** Reads a value: what stands here is no key and no dash. */
  #value(start: number): void {
    const at = atProperties(this.#text, start) ? this.#keepProperties(start) : start;
    if (isLineDone(this.#text, at, this.#end)) return this.#toNextLine(at);
    const char = this.#text[at] ?? '';
    const flow = (char === '{' && this.#templates.onLine(at) === undefined) || char === '[';
    if (flow) this.#finish(readFlow(this.#text, at, this.#end, this.#takeProperties(), this.#events));
    else if (char === '*') this.#alias(at);
    else if ((char === '|' || char === '>') && this.#block(at)) return;
    else this.#scalar(at, char);
  }

  /** Properties may stand on the line above their node: they are kept until it comes. */
  #keepProperties(start: number): number {
    const { properties, at } = readProperties(this.#text, start, this.#end, false);
    const { anchor = this.#properties.anchor, tag = this.#properties.tag } = properties;
    this.#properties = { anchor, tag };
    return at;
  }

  #finish(at: number): void {
    this.#lastEnd = at;
    this.#told();
    this.#toNextLine(at);
  }

  #alias(at: number): void {
    let stop = at + 1;
    while (!isSeparator(this.#text, stop, this.#end)) stop++;
    this.#takeProperties();
    this.#events.alias({ start: at, end: stop }, this.#text.slice(at + 1, stop));
    this.#finish(stop);
  }

  get #parentIndent(): number {
    return this.#open.at(-1)?.indent ?? -1;
  }

  #block(at: number): boolean {
    const header = blockHeader(this.#text, at, this.#end);
    if (header === undefined) return false;
    const parentIndent = this.#parentIndent;
    const body = blockBody(this.#text, header, this.#end, parentIndent);
    const stop = blockSpanEnd(this.#text, header, body);
    const style = this.#text[at] === '|' ? 'literal' : 'folded';
    this.#events.scalar(scalarAt(this.#takeProperties(), style, at, stop, parentIndent));
    this.#lastEnd = stop;
    this.#told();
    this.#at = body.next;
    return true;
  }

  #scalar(at: number, char: string): void {
    const parentIndent = this.#parentIndent;
    const quoted = char === '"' || char === "'";
    const style = char === '"' ? 'double' : char === "'" ? 'single' : 'plain';
    const stop = quoted ? this.#quotedStop(at, parentIndent) : this.#plainStop(at, parentIndent);
    this.#events.scalar(scalarAt(this.#takeProperties(), style, at, stop, parentIndent));
    this.#finish(stop);
  }

  #quotedStop(at: number, parentIndent: number): number {
    const stop = quotedEnd(this.#text, at, this.#end, parentIndent);
    if (stop !== undefined) return stop;
    this.#events.problem(at, 'this quote is never closed');
    return lineEnd(this.#text, at, this.#end);
  }

  /** A plain scalar goes on over deeper lines, but not over one that reads as a key: that file is broken or templated. */
  #plainStop(start: number, parentIndent: number): number {
    const template = this.#templates.onLine(start);
    if (template !== undefined) return templateValueEnd(this.#text, start, this.#end, false, this.#templates);
    let stop = plainLineEnd(this.#text, start, this.#end, false, this.#templates);
    if (stop === start) stop = lineEnd(this.#text, start, this.#end);
    for (;;) {
      const rest = skipBlanks(this.#text, stop, this.#end);
      if (rest < this.#end && lineEnd(this.#text, rest, this.#end) !== rest) return stop;
      const line = this.#nextTextLine(stop);
      if (line === undefined || line.content - line.start <= parentIndent) return stop;
      if (this.#text[line.content] === '#' || this.#isTemplateLine(line.content)) return stop;
      const lineStop = plainLineEnd(this.#text, line.content, this.#end, false, this.#templates);
      if (lineStop === line.content || this.#text[skipBlanks(this.#text, lineStop, this.#end)] === ':')
        return stop;
      stop = lineStop;
    }
  }

  #endsLine(at: number): boolean {
    return isLineDone(this.#text, skipBlanks(this.#text, at, this.#end), this.#end);
  }

  #nextTextLine(at: number): { readonly start: number; readonly content: number } | undefined {
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
