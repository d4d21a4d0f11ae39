import { isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, Scalar } from 'yaml';
import type { ScalarStyle } from './manifest.ts';
import type { NodeProperties, YamlEvents, YamlScalar } from './yaml-events.ts';
import { afterColon } from './yaml-lines.ts';
import { blockBody, blockHeader, blockSpanEnd, templateValueEnd } from './yaml-scalar.ts';
import type { TemplateEnds } from './yaml-templates.ts';

/** The whole text, where the parsed document begins in it, and where it ends. */
export interface Source {
  readonly text: string;
  readonly base: number;
  readonly end: number;
  readonly templates: TemplateEnds;
  /** How far a `{{ … }}` reaches that was told as text: what the parser sees inside it is not told again. */
  templateUntil: number;
}

/** Tells a parsed node as the events the line reader would tell. Returns where its text ends. */
export function tellNode(
  node: unknown,
  source: Source,
  events: YamlEvents,
  parentIndent = -1,
  flow = false,
): number {
  if (!isNode(node)) return source.base;
  const start = startOf(node, source);
  const end = source.base + (node.range?.[1] ?? 0);
  if (isAlias(node)) {
    events.alias({ start, end }, node.source);
    return end;
  }
  if (!isScalar(node) && !isTemplate(node, source)) return tellCollection(node, source, events, flow);
  const scalar = isScalar(node)
    ? scalarOf(node, source, parentIndent)
    : templateOf(node, source, parentIndent, flow);
  if (scalar === undefined) events.empty(start);
  else events.scalar(scalar);
  return scalar?.end ?? start;
}

/** Braces that YAML takes for a flow collection and that Helm takes for a template. */
function isTemplate(node: Node, source: Source): boolean {
  if (!isMap(node) && !isSeq(node)) return false;
  return node.flow === true && source.templates.onLine(startOf(node, source)) !== undefined;
}

function startOf(node: Node, source: Source): number {
  return source.base + (node.range?.[0] ?? 0);
}

function tellCollection(node: Node, source: Source, events: YamlEvents, insideFlow: boolean): number {
  const nodeStart = startOf(node, source);
  if (!isMap(node) && !isSeq(node)) return nodeStart;
  const flow = insideFlow || node.flow === true;
  const start = flow ? nodeStart : blockStart(source.text, nodeStart, source.base);
  const indent = flow ? 0 : start - lineStart(source.text, start, source.base);
  const collection = { ...propertiesOf(node), start, indent, flow };
  if (isMap(node)) events.beginMap(collection);
  else events.beginSequence(collection);
  let end = start;
  for (const item of node.items as readonly unknown[]) {
    if (isInTemplate(item, source)) continue;
    end = isPair(item)
      ? tellPair(item.key, item.value, source, events, indent, flow)
      : tellNode(item, source, events, indent, flow);
  }
  // A block collection ends with its last value, not after the line break and comments that follow it.
  if (flow) end = source.base + (node.range?.[1] ?? 0);
  events.end(end);
  return end;
}

function isInTemplate(item: unknown, source: Source): boolean {
  const node = isPair(item) ? item.key : item;
  return isNode(node) && startOf(node, source) < source.templateUntil;
}

function tellPair(
  key: unknown,
  value: unknown,
  source: Source,
  events: YamlEvents,
  indent: number,
  flow: boolean,
): number {
  const scalar = isNode(key) ? keyOf(key, source, indent, flow) : undefined;
  if (scalar !== undefined && !flow && !isPlainKey(source.text, scalar)) {
    events.problem(scalar.start, 'this key and its colon stand on different lines');
  }
  if (scalar === undefined && !flow && !isAlias(key)) {
    events.problem(isNode(key) ? startOf(key, source) : source.base, 'this key is not text');
  }
  if (scalar === undefined) events.complexKey(source.base);
  else events.key(scalar);
  if (isNode(value) && !isAbsent(value)) return tellNode(value, source, events, indent, flow);
  const keyEnd = scalar?.end ?? source.base + (isNode(key) ? (key.range?.[1] ?? 0) : 0);
  events.empty(keyEnd);
  return afterColon(source.text, keyEnd);
}

function isAbsent(node: Node): boolean {
  return isScalar(node) && node.type === Scalar.PLAIN && (node.range?.[0] ?? 0) === (node.range?.[1] ?? 0);
}

/** Whether a block key stands on one line, with its colon or after a `?`: no manifest has others, and readers differ. */
function isPlainKey(text: string, key: YamlScalar): boolean {
  if (/[\r\n]/.test(text.slice(key.start, key.end))) return false;
  return (
    /[ \t]*:/y.test(text.slice(key.end, key.end + 100)) ||
    /\?\s+(?:[&!]\S*\s+)*$/.test(text.slice(Math.max(0, key.start - 100), key.start))
  );
}

function keyOf(key: Node, source: Source, indent: number, flow: boolean): YamlScalar | undefined {
  if (isScalar(key)) return scalarOf(key, source, indent);
  if (!isTemplate(key, source)) return undefined;
  return templateOf(key, source, indent, flow);
}

/** A flow collection that is really a template, `{{ … }}`: the text of it, as the line reader sees it. */
function templateOf(node: Node, source: Source, parentIndent: number, flow: boolean): YamlScalar {
  const start = startOf(node, source);
  const end = templateValueEnd(source.text, start, source.end, flow, source.templates);
  source.templateUntil = end;
  return {
    ...propertiesOf(node),
    style: 'plain',
    start,
    end,
    parentIndent,
    text: source.text.slice(start, end),
  };
}

const styles: ReadonlyMap<string | undefined, ScalarStyle> = new Map([
  [Scalar.PLAIN, 'plain'],
  [Scalar.QUOTE_SINGLE, 'single'],
  [Scalar.QUOTE_DOUBLE, 'double'],
  [Scalar.BLOCK_LITERAL, 'literal'],
  [Scalar.BLOCK_FOLDED, 'folded'],
]);

function scalarOf(node: Scalar, source: Source, parentIndent: number): YamlScalar | undefined {
  const style = styles.get(node.type) ?? 'plain';
  const start = startOf(node, source);
  const end = source.base + (node.range?.[1] ?? 0);
  if (style === 'plain' && end <= start) return undefined;
  const block = style === 'literal' || style === 'folded';
  return {
    ...propertiesOf(node),
    style,
    start,
    end: block ? blockEnd(source, start, parentIndent) : end,
    parentIndent,
    text: isMisread(source, style, start, end) || typeof node.value !== 'string' ? undefined : node.value,
  };
}

/**
 * Where yaml departs from YAML 1.2.2: it drops the line feed of a blank line after an escaped break (§7.3.1, go-yaml
 * keeps it), and makes a line of blanks at the end of the text, which no break ends, a line of a block scalar.
 */
function isMisread(source: Source, style: ScalarStyle, start: number, end: number): boolean {
  const token = source.text.slice(start, end);
  if (style === 'double') return /\\\r?\n/.test(token);
  return (style === 'literal' || style === 'folded') && end >= source.end && /\n[ \t]+$/.test(token);
}

function blockEnd(source: Source, start: number, parentIndent: number): number {
  const header = blockHeader(source.text, start, source.end);
  if (header === undefined) return start;
  return blockSpanEnd(source.text, header, blockBody(source.text, header, source.end, parentIndent));
}

function propertiesOf(node: Node & { anchor?: string; tag?: string }): NodeProperties {
  return { anchor: node.anchor, tag: node.tag?.replace(/^tag:yaml\.org,2002:/, '!!') };
}

/** Where a block collection begins: at its first key, with the key's own anchor and tag. */
function blockStart(text: string, at: number, floor: number): number {
  const start = lineStart(text, at, floor);
  return start + text.slice(start, at).replace(/(?:[&!]\S*[ \t]+)+$/, '').length;
}

function lineStart(text: string, at: number, floor: number): number {
  let start = at;
  while (start > floor && text[start - 1] !== '\n') start--;
  return start;
}
