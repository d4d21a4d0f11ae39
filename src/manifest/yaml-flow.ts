import { type NodeProperties, scalarAt, type YamlEvents } from './yaml-events.ts';
import { afterFlowComment } from './yaml-flow-comments.ts';
import { isBreak, isOutdented, isSeparator, lineEnd, skipBlanks, skipBlanksAndBreaks } from './yaml-lines.ts';
import { readProperties } from './yaml-properties.ts';
import { plainLineEnd, quotedEnd, templatedQuoteEnd, templateValueEnd } from './yaml-scalar.ts';
import type { TemplateEnds } from './yaml-templates.ts';

const quote = 0x22;
const comma = 0x2c;

interface OpenCollection {
  readonly kind: 'map' | 'sequence';
  /** In a map: a key was told and its value was not. */
  awaiting: boolean;
  /** In a sequence: a single pair, told as a map of one key, is open. */
  pair: boolean;
}

/** Where a flow collection stands. */
export interface FlowPlace {
  readonly text: string;
  readonly start: number;
  /** Where the document, or what is looked at of it, ends. */
  readonly end: number;
  /** Column of the block collection around it, -1 where the document is nothing but this collection. */
  readonly parentIndent: number;
  readonly templates: TemplateEnds;
}

/**
 * Reads one flow collection (YAML 1.2.2 §7.4; JSON is one, with comments too where it is the whole document), telling
 * it as events. Keeps its own stack, so depth costs memory and never the call stack. Returns the offset after the
 * closing bracket, or where it is left with a problem told: nothing closes it.
 */
export function readFlow(place: FlowPlace, properties: NodeProperties, events: YamlEvents): number {
  return new FlowReader(place, events).read(place.start, properties);
}

class FlowReader {
  readonly #text: string;
  readonly #end: number;
  readonly #events: YamlEvents;
  readonly #templates: TemplateEnds;
  readonly #open: OpenCollection[] = [];
  readonly #parentIndent: number;

  constructor({ text, end, parentIndent, templates }: FlowPlace, events: YamlEvents) {
    this.#templates = templates;
    this.#text = text;
    this.#end = end;
    this.#parentIndent = parentIndent;
    this.#events = events;
  }

  read(start: number, properties: NodeProperties): number {
    let at = this.#begin(start, properties);
    while (this.#open.length > 0) {
      const before = at;
      at = this.#skipToToken(before);
      if (at >= this.#end || this.#isLeft(before, at)) return this.#giveUp(start, before, at);
      at = this.#token(at);
    }
    return at;
  }

  #giveUp(start: number, before: number, at: number): number {
    const stop = at >= this.#end ? this.#end : before;
    this.#events.problem(start, 'this bracket is never closed');
    while (this.#open.length > 0) this.#close(stop);
    return stop;
  }

  /** After a whole value, a line that stands no deeper than what is around the bracket goes on with that. */
  #isLeft(before: number, at: number): boolean {
    if (
      at === before ||
      !isOutdented(this.#text, at, this.#parentIndent) ||
      ',]}'.includes(this.#text[at] ?? '')
    )
      return false;
    return this.#templates.ofAction(at) === undefined && !',[{:'.includes(this.#text[before - 1] ?? '');
  }

  #begin(at: number, properties: NodeProperties): number {
    const map = this.#text[at] === '{';
    const collection = { ...properties, start: at, indent: 0, flow: true };
    if (map) this.#events.beginMap(collection);
    else this.#events.beginSequence(collection);
    this.#open.push({ kind: map ? 'map' : 'sequence', awaiting: false, pair: false });
    return at + 1;
  }

  #close(at: number): void {
    this.#finishItem(at);
    this.#open.pop();
    this.#events.end(at);
    this.#told();
  }

  /** A value of the innermost collection was told. */
  #told(): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.awaiting = false;
  }

  #finishItem(at: number): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    if (top.awaiting) this.#events.empty(at);
    top.awaiting = false;
    if (top.pair) this.#events.end(at);
    top.pair = false;
  }

  #skipToToken(at: number): number {
    // JavaScript's comments count where the whole document is in flow style: JSON with comments.
    const script = this.#parentIndent < 0;
    for (;;) {
      at = skipBlanks(this.#text, at, this.#end);
      if (at >= this.#end) return at;
      const code = this.#text.charCodeAt(at);
      if (code === quote || code === comma) return at;
      const after = isBreak(code) ? at + 1 : afterFlowComment(this.#text, at, this.#end, script);
      if (after === at) return at;
      at = after;
    }
  }

  #token(at: number): number {
    const char = this.#text[at] ?? '';
    if (char === ',') {
      this.#finishItem(at);
      return at + 1;
    }
    if (char === '}' || char === ']') {
      this.#close(at + 1);
      return at + 1;
    }
    if (char === '?' && isSeparator(this.#text, at + 1, this.#end)) return at + 1;
    return this.#node(at);
  }

  #node(start: number): number {
    const { properties, at: nodeStart } = readProperties(this.#text, start, this.#end, true);
    const at = nodeStart === start ? start : this.#skipToToken(nodeStart);
    const char = this.#text[at] ?? '';
    if ((char === '{' && this.#templates.onLine(at) === undefined) || char === '[') {
      this.#beforeValue(at);
      return this.#begin(at, properties);
    }
    if (char === '*') return this.#aliasNode(at);
    const quoted = char === '"' || char === "'";
    const tokenEnd = quoted ? this.#quotedEnd(at) : this.#plainEnd(at);
    const style = char === '"' ? 'double' : char === "'" ? 'single' : 'plain';
    const scalar = scalarAt(properties, style, at, tokenEnd, -1);
    const colon = this.#skipToToken(tokenEnd);
    const absent = tokenEnd === at;
    const tellKey = () => (absent ? this.#events.complexKey(at) : this.#events.key(scalar));
    if (this.#isColon(colon, quoted)) return this.#keyNode(tellKey, at, colon);
    const top = this.#open.at(-1);
    if (top?.kind === 'map' && !top.awaiting) {
      tellKey();
      top.awaiting = true;
    } else {
      if (absent) this.#events.empty(at);
      else this.#events.scalar(scalar);
      this.#told();
    }
    return Math.max(tokenEnd, start + 1);
  }

  #aliasNode(at: number): number {
    let stop = at + 1;
    while (
      stop < this.#end &&
      !isSeparator(this.#text, stop, this.#end) &&
      !',[]{}'.includes(this.#text[stop] ?? '')
    )
      stop++;
    const colon = this.#skipToToken(stop);
    if (this.#isColon(colon, false)) return this.#keyNode(() => this.#events.complexKey(at), at, colon);
    this.#beforeValue(at);
    this.#events.alias({ start: at, end: stop }, this.#text.slice(at + 1, stop));
    this.#told();
    return stop;
  }

  #keyNode(tell: () => void, at: number, colon: number): number {
    const top = this.#open.at(-1);
    if (top?.kind === 'sequence' && !top.pair) {
      this.#events.beginMap({ anchor: undefined, tag: undefined, start: at, indent: 0, flow: true });
      top.pair = true;
    } else if (top?.awaiting === true) this.#events.empty(at);
    tell();
    if (top !== undefined) top.awaiting = true;
    return colon + 1;
  }

  /** In a map, a value nobody gave a key for is a key whose value is absent. */
  #beforeValue(at: number): void {
    const top = this.#open.at(-1);
    if (top?.kind === 'map' && !top.awaiting) this.#events.complexKey(at);
  }

  #isColon(at: number, afterQuote: boolean): boolean {
    if (at >= this.#end || this.#text[at] !== ':') return false;
    return (
      afterQuote || isSeparator(this.#text, at + 1, this.#end) || ',[]{}'.includes(this.#text[at + 1] ?? '')
    );
  }

  #quotedEnd(at: number): number {
    const stop = quotedEnd(this.#text, at, this.#end, this.#parentIndent);
    if (stop === undefined) {
      this.#events.problem(at, 'this quote is never closed');
      return lineEnd(this.#text, at, this.#end);
    }
    const next = this.#text[skipBlanks(this.#text, stop, this.#end)];
    if (next === ',' || next === ':' || next === undefined || ']}#\r\n'.includes(next)) return stop;
    return templatedQuoteEnd(this.#text, at, this.#end, this.#templates) ?? stop;
  }

  /** A plain scalar may go on over lines until an indicator. */
  #plainEnd(start: number): number {
    if (this.#templates.onLine(start) !== undefined)
      return templateValueEnd(this.#text, start, this.#end, true, this.#templates);
    let stop = plainLineEnd(this.#text, start, this.#end, true, this.#templates);
    while (stop > start) {
      const next = skipBlanks(this.#text, stop, this.#end);
      if (next >= this.#end || !isBreak(this.#text.charCodeAt(next))) return stop;
      const at = skipBlanksAndBreaks(this.#text, next, this.#end);
      if (at >= this.#end || this.#text[at] === '#' || this.#isColon(at, false)) return stop;
      if (isOutdented(this.#text, at, this.#parentIndent)) return stop;
      const lineStop = plainLineEnd(this.#text, at, this.#end, true, this.#templates);
      if (lineStop === at) return stop;
      stop = lineStop;
    }
    return stop;
  }
}
