import type { Span } from '../core/span.ts';
import { BlockLines, type ImplicitKey } from './yaml-block-lines.ts';
import { type NodeProperties, noProperties, scalarAt, type YamlEvents } from './yaml-events.ts';
import { readFlow } from './yaml-flow.ts';
import { isLineDone, lineEnd, mayGoOn, nextLine, skipBlanks } from './yaml-lines.ts';
import { type OpenBlock, OpenBlocks } from './yaml-open-blocks.ts';
import { atProperties, readProperties } from './yaml-properties.ts';
import { blockBody, blockHeader, blockSpanEnd } from './yaml-scalar.ts';

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
  readonly #open = new OpenBlocks();
  #at: number;
  #lineStart: number;
  /** Where the last value ended: collections end there, not at the blank lines after it. */
  #lastEnd: number;
  #properties: NodeProperties = noProperties;
  readonly #lines: BlockLines;

  constructor(text: string, span: Span, events: YamlEvents) {
    this.#text = text;
    this.#at = span.start;
    this.#lineStart = span.start;
    this.#lastEnd = span.start;
    this.#end = span.end;
    this.#events = events;
    this.#lines = new BlockLines(text, span.end);
  }

  read(): void {
    while (this.#at < this.#end) {
      // Files that were put together may have a byte order mark at any line's start: Go's YAML reader skips it there.
      if (this.#text.charCodeAt(this.#at) === 0xfeff) this.#lineStart = ++this.#at;
      const content = skipBlanks(this.#text, this.#at, this.#end);
      const after = this.#lines.afterNoContent(content);
      if (after !== undefined) this.#at = after;
      else if (this.#lines.isForeign(content, this.#open.isEmpty)) this.#toNextLine(content);
      else
        this.#item(this.#open.margin === 1 ? this.#lines.afterDiffSign(content, this.#lineStart) : content);
      this.#lineStart = this.#at;
    }
    while (!this.#open.isEmpty) this.#close();
  }

  /** Reads a line. One that would end a collection and is no item of another belongs to no part of the document. */
  #item(content: number): void {
    const indent = content - this.#lineStart;
    const isDash = this.#lines.isDash(content);
    const key = isDash ? undefined : this.#lines.implicitKey(content, indent);
    if (
      !isDash &&
      key === undefined &&
      this.#open.endsBefore(indent, false) &&
      !this.#lines.isIndicator(content)
    )
      return this.#stray(content);
    while (this.#open.endsBefore(indent, isDash)) this.#close();
    this.#node(content, key);
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
    const top = this.#open.top;
    if (top !== undefined) top.awaiting = false;
  }

  #takeProperties(): NodeProperties {
    const properties = this.#properties;
    this.#properties = noProperties;
    return properties;
  }

  /** Makes the innermost collection one of this kind at this column. */
  #ensure(kind: OpenBlock['kind'], at: number): OpenBlock {
    const indent = at - this.#lineStart;
    const joined = this.#open.joined(kind, indent);
    if (joined !== undefined) {
      if (joined.awaiting) this.#tellEmpty();
      return joined;
    }
    const collection = { ...this.#takeProperties(), start: at, indent, flow: false };
    if (kind === 'map') this.#events.beginMap(collection);
    else this.#events.beginSequence(collection);
    return this.#open.push(kind, indent);
  }

  /** Reads what starts at `start`, the first content of a line or of a sequence item, and the key if it is known. */
  #node(start: number, known?: ImplicitKey): void {
    let at = start;
    while (this.#lines.isDash(at)) {
      const block = this.#ensure('sequence', at);
      block.awaiting = true;
      this.#lastEnd = at + 1;
      at = skipBlanks(this.#text, at + 1, this.#end);
      if (isLineDone(this.#text, at, this.#end)) return this.#toNextLine(at);
    }
    if (this.#lines.isIndicator(at)) {
      if (this.#text[at] === '?') return this.#explicitKey(at);
      if (this.#open.awaitsColon(at - this.#lineStart)) return this.#explicitValue(at);
    }
    const column = at - this.#lineStart;
    const key = known ?? this.#lines.implicitKey(at, column) ?? this.#brokenKey(at, column, at === start);
    if (key === undefined) return this.#open.isStray(column) ? this.#stray(at) : this.#value(at);
    const block = this.#ensure('map', at);
    if (key.scalar === undefined) this.#events.complexKey(at);
    else this.#events.key(key.scalar);
    block.awaiting = true;
    block.explicit = false;
    block.settled = false;
    this.#valueAfter(key.after, block);
  }

  #brokenKey(at: number, column: number, isFirst: boolean): ImplicitKey | undefined {
    return isFirst ? this.#lines.brokenKey(at, column, this.#open.isStray(column)) : undefined;
  }

  /** Told under no key, so that nobody takes it for the value of the one before it. */
  #stray(at: number): void {
    if (this.#open.top?.awaiting === true) return this.#toNextLine(at);
    this.#events.complexKey(at);
    this.#value(at);
  }

  /** After the colon of an explicit key a collection may begin on the same line. */
  #explicitValue(at: number): void {
    const block = this.#open.top;
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
    const start = done ? (this.#lines.nextTextLine(inline)?.content ?? inline) : inline;
    const { properties, at: keyStart } = readProperties(this.#text, start, this.#end, false);
    const token = this.#lines.inlineToken(keyStart);
    if (token === undefined || !this.#lines.endsLine(token.end)) this.#events.complexKey(keyStart);
    else this.#events.key(scalarAt(properties, token.style, token.start, token.end, block.indent));
    block.awaiting = true;
    block.explicit = true;
    this.#lastEnd = token?.end ?? keyStart;
    this.#toNextLine(this.#lastEnd);
  }

  #valueAfter(at: number, block: OpenBlock): void {
    this.#lastEnd = at;
    const start = skipBlanks(this.#text, at, this.#end);
    if (isLineDone(this.#text, start, this.#end)) return this.#toNextLine(start);
    block.settled = !mayGoOn(this.#text.charCodeAt(start));
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
    const flow = (char === '{' && !this.#lines.isTemplate(at)) || char === '[';
    if (flow) this.#flow(at);
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

  #flow(at: number): void {
    const place = this.#lines.flowPlace(at, this.#end, this.#open.innermostIndent);
    this.#finish(readFlow(place, this.#takeProperties(), this.#events));
  }

  #alias(at: number): void {
    const stop = this.#lines.wordEnd(at);
    this.#takeProperties();
    this.#events.alias({ start: at, end: stop }, this.#text.slice(at + 1, stop));
    this.#finish(stop);
  }

  #block(at: number): boolean {
    const header = blockHeader(this.#text, at, this.#end);
    if (header === undefined) return false;
    const parentIndent = this.#open.innermostIndent;
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
    const parentIndent = this.#open.innermostIndent;
    const quoted = char === '"' || char === "'";
    const style = char === '"' ? 'double' : char === "'" ? 'single' : 'plain';
    const stop = quoted ? this.#quotedStop(at, parentIndent) : this.#lines.plainStop(at, parentIndent);
    this.#events.scalar(scalarAt(this.#takeProperties(), style, at, stop, parentIndent));
    this.#finish(stop);
  }

  #quotedStop(at: number, parentIndent: number): number {
    const stop = this.#lines.quotedStop(at, parentIndent);
    if (stop !== undefined) return stop;
    this.#events.problem(at, 'this quote is never closed');
    return lineEnd(this.#text, at, this.#end);
  }
}
