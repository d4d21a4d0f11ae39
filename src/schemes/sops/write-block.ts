import type { Edit } from '../../core/span.ts';
import {
  isList,
  isMap,
  type MetadataMap,
  type MetadataNode,
  type MetadataScalar,
} from '../../crypto/sops/metadata-node.ts';
import { eolOf } from '../../manifest/edit.ts';
import { readGoScalar } from '../../manifest/go-yaml-scalar.ts';
import { endOf } from '../../manifest/sops-edit.ts';
import { membersOf, type SopsDocument, type SopsMap, type SopsText } from '../../manifest/sops-tree.ts';
import { doubleQuoted } from '../../manifest/write-scalar.ts';
import { lineEnd } from '../../manifest/yaml-lines.ts';
import { sopsKey } from './file.ts';

/** What SOPS indents by where a file has nothing to go by. */
const sopsStep = 4;

/** The edit that puts the `sops` mapping at the end of a document, in the file's own indentation. */
export function appendBlock({ text, documents }: SopsText, document: SopsDocument, block: MetadataMap): Edit {
  const { root } = document;
  if (root?.flow === true) return appendFlowBlock(text, root, block);
  const eol = eolOf(text);
  const step = documents.map((one) => stepOf(one.root)).find((found) => found !== undefined) ?? sopsStep;
  const indent = root?.indent ?? 0;
  const at = contentEnd(text, document);
  const lines = yamlLines(new Map([[sopsKey, block]]), indent, step).join(eol);
  const broken = at === document.span.start || /[\n\r]/.test(text[at - 1] ?? '');
  return { span: { start: at, end: at }, text: (broken ? '' : eol) + lines + eol };
}

/** The edit that gives the `sops` mapping of a document other content, in the indentation it has. */
export function replaceBlock(text: string, map: SopsMap, block: MetadataMap): Edit {
  const [first] = membersOf(map);
  if (map.flow) {
    const lead = lineIndent(text, map.span.start);
    const inner = first === undefined ? '' : lineIndent(text, first.keySpan.start);
    const pretty = text.slice(map.span.start, first?.keySpan.start).includes('\n');
    const layout = pretty ? { eol: eolOf(text), unit: inner.slice(lead.length) || '  ' } : undefined;
    return { span: map.span, text: flowText(block, layout, lead) };
  }
  const start = first?.keySpan.start ?? map.span.start;
  const lines = yamlLines(block, map.indent, stepOf(map) ?? sopsStep);
  return { span: { start, end: endOf(map) }, text: lines.join(eolOf(text)).trimStart() };
}

/** Where a document's content ends: before its `...` and the blank lines, unless those belong to its last value. */
function contentEnd(text: string, { span, root }: SopsDocument): number {
  const contentStart = root?.span.end ?? span.start;
  const marker = /^\.\.\.(?=\s|$)/m.exec(text.slice(contentStart, span.end));
  const limit = marker === null ? span.end : contentStart + marker.index;
  const trimmed = text.slice(0, limit).trimEnd().length;
  const least = Math.max(root === undefined ? span.start : endOf(root), trimmed);
  return least >= limit ? limit : afterLine(text, least, limit);
}

function afterLine(text: string, at: number, limit: number): number {
  const stop = lineEnd(text, at, limit);
  if (stop >= limit) return limit;
  return text[stop] === '\r' && text[stop + 1] === '\n' ? stop + 2 : stop + 1;
}

function yamlLines(map: MetadataMap, indent: number, step: number): readonly string[] {
  return [...map].flatMap(([key, node]) => memberLines(' '.repeat(indent), key, node, indent, step));
}

/** A member's lines, of which the first begins with `lead`. */
function memberLines(
  lead: string,
  key: string,
  node: MetadataNode,
  indent: number,
  step: number,
): readonly string[] {
  const name = `${lead}${yamlScalar(key)}:`;
  if (isMap(node)) return node.size === 0 ? [`${name} {}`] : [name, ...yamlLines(node, indent + step, step)];
  if (isList(node)) {
    if (node.length === 0) return [`${name} []`];
    return [name, ...node.filter(isMap).flatMap((item) => itemLines(item, indent + step, step))];
  }
  if (typeof node !== 'string' || !node.includes('\n')) return [`${name} ${yamlScalar(node)}`];
  const pad = ' '.repeat(Math.max(indent + 2, Math.floor(indent / step) * step + step));
  const lines = node.replace(/\n$/, '').split('\n');
  return [
    `${name} ${node.endsWith('\n') ? '|' : '|-'}`,
    ...lines.map((line) => (line === '' ? '' : pad + line)),
  ];
}

function itemLines(item: MetadataMap, indent: number, step: number): readonly string[] {
  const pad = ' '.repeat(indent);
  return [...item].flatMap(([key, node], index) =>
    memberLines(index === 0 ? `${pad}- ` : `${pad}  `, key, node, indent + 2, step),
  );
}

/** Plain where Go reads it as the same thing, quoted where not. */
function yamlScalar(node: MetadataScalar): string {
  if (typeof node !== 'string') return String(node);
  const safe = /^[A-Za-z0-9_^(./\\][\w./\\+=@%:|()^$?*[\],-]*$/.test(node) && !node.endsWith(':');
  const isString = readGoScalar(node, { plain: true, tag: undefined }).type === 'str';
  return safe && isString ? node : doubleQuoted(node);
}

/** How much deeper than its mapping the first mapping in it stands. */
function stepOf(map: SopsMap | undefined): number | undefined {
  const inner = map === undefined ? [] : membersOf(map).map(({ value }) => value);
  const block = inner.find(
    (node) => (node.kind === 'map' || node.kind === 'list') && !node.flow && node.indent > (map?.indent ?? 0),
  );
  return block?.kind === 'map' || block?.kind === 'list' ? block.indent - (map?.indent ?? 0) : undefined;
}

function appendFlowBlock(text: string, root: SopsMap, block: MetadataMap): Edit {
  const last = membersOf(root).at(-1);
  if (last === undefined) {
    const at = root.span.start + 1;
    return { span: { start: at, end: at }, text: `"${sopsKey}": ${flowText(block, undefined, '')}` };
  }
  const at = endOf(last.value, last);
  const lead = lineIndent(text, last.keySpan.start);
  const own =
    text.slice(0, last.keySpan.start).endsWith(lead) &&
    /[\n\r]/.test(text.slice(root.span.start, last.keySpan.start));
  const eol = eolOf(text);
  const value = own ? flowText(block, { eol, unit: lead || '  ' }, lead) : flowText(block, undefined, '');
  return { span: { start: at, end: at }, text: `,${own ? eol + lead : ' '}"${sopsKey}": ${value}` };
}

interface FlowLayout {
  readonly eol: string;
  readonly unit: string;
}

/** As JSON, which YAML's flow style reads as well: on one line without a layout. */
function flowText(node: MetadataNode, layout: FlowLayout | undefined, lead: string): string {
  if (!isMap(node) && !isList(node)) return JSON.stringify(node);
  const inner = lead + (layout?.unit ?? '');
  const parts = isMap(node)
    ? [...node].map(([key, value]) => `${JSON.stringify(key)}: ${flowText(value, layout, inner)}`)
    : node.map((value) => flowText(value, layout, inner));
  const [open, close] = isMap(node) ? ['{', '}'] : ['[', ']'];
  if (layout === undefined || parts.length === 0) return open + parts.join(', ') + close;
  const { eol } = layout;
  return `${open}${eol}${parts.map((part) => inner + part).join(`,${eol}`)}${eol}${lead}${close}`;
}

/** The indentation of the line something stands on. */
function lineIndent(text: string, at: number): string {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? '';
}
