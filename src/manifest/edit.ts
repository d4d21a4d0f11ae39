import type { Edit } from '../core/span.ts';
import type { Entry, EntryMap, EntryMapName, KubeObject } from './manifest.ts';
import { doubleQuoted, type WrittenScalar, writeKey, writeScalar } from './write-scalar.ts';
import { lineEnd, trimBlanksBack } from './yaml-lines.ts';
import { blockHeader } from './yaml-scalar.ts';

/** The line break a file uses. */
export function eolOf(text: string): string {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** The edits that give an entry another value: its token changes, comments and everything else stay. */
export function replaceValue(
  text: string,
  entry: Pick<Entry, 'span' | 'style' | 'flow' | 'indent'>,
  value: string,
): readonly Edit[] {
  const { style, flow, indent } = entry;
  return replaceToken(text, entry, writeScalar(value, { style, flow, indent, eol: eolOf(text) }));
}

/** The edits that put another token in the place of a scalar's. */
export function replaceToken(
  text: string,
  scalar: Pick<Entry, 'span' | 'style'>,
  written: WrittenScalar,
): readonly Edit[] {
  const edits: Edit[] = [];
  const { start } = scalar.span;
  let tokenEnd = scalar.span.end;
  const header =
    scalar.style === 'literal' || scalar.style === 'folded'
      ? blockHeader(text, start, scalar.span.end)
      : undefined;
  if (header !== undefined) {
    tokenEnd = header.end;
    const lineStop = lineEnd(text, header.end, text.length);
    edits.push({ span: { start: lineStop, end: Math.max(lineStop, scalar.span.end) }, text: written.body });
  } else if (written.body !== '') {
    const lineStop = lineEnd(text, scalar.span.end, text.length);
    edits.push({ span: { start: lineStop, end: lineStop }, text: written.body });
  }
  const gap = start === scalar.span.end && text[start - 1] === ':' ? ' ' : '';
  return [{ span: { start, end: tokenEnd }, text: gap + written.token }, ...edits].filter(
    (edit) => edit.text !== '' || edit.span.end > edit.span.start,
  );
}

/** The edit that adds an entry at the end of its map; the map is added at the end of the object where it is absent. */
export function addEntry(
  text: string,
  object: KubeObject,
  mapName: EntryMapName,
  key: string,
  value: string,
): Edit {
  const map = object.maps[mapName];
  if (map === undefined) return addMap(text, object, mapName, key, value);
  const last = object.entries.findLast((entry) => entry.map === mapName);
  return addPair(text, map, last, key, value);
}

/** The edit that adds a pair at the end of a map, after its last one. */
export function addPair(
  text: string,
  map: EntryMap,
  last: Pick<Entry, 'keySpan' | 'span'> | undefined,
  key: string,
  value: string,
): Edit {
  if (map.empty && text[map.span.start] !== '{') return fillMap(text, map, key, value);
  if (map.flow) return addFlowPair(text, map, last, key, value);
  const eol = eolOf(text);
  const written = writeScalar(value, { style: 'plain', flow: false, indent: map.indent, eol });
  const at = lineEnd(text, map.span.end, text.length);
  return insertion(
    at,
    `${eol}${' '.repeat(map.indent)}${writeKey(key, false)}: ${written.token}${written.body}`,
  );
}

/** Puts the first entry where `data:` has nothing or a null; a comment after it stays on its line. */
function fillMap(text: string, map: EntryMap, key: string, value: string): Edit {
  const start = trimBlanksBack(text, map.keySpan.end, map.span.start);
  if (map.flow) {
    const pair = ` {${doubleQuoted(key)}: ${doubleQuoted(value)}}`;
    return { span: { start, end: map.span.end }, text: pair };
  }
  const eol = eolOf(text);
  const stop = lineEnd(text, map.span.end, text.length);
  const rest = text.slice(map.span.end, stop).trim();
  const written = writeScalar(value, { style: 'plain', flow: false, indent: map.indent, eol });
  const entry = `${' '.repeat(map.indent)}${writeKey(key, false)}: ${written.token}${written.body}`;
  return { span: { start, end: stop }, text: `${rest === '' ? '' : ` ${rest}`}${eol}${entry}` };
}

function addMap(text: string, object: KubeObject, mapName: EntryMapName, key: string, value: string): Edit {
  if (object.flow) {
    return insertion(
      object.span.end - 1,
      `, ${doubleQuoted(mapName)}: {${doubleQuoted(key)}: ${doubleQuoted(value)}}`,
    );
  }
  const eol = eolOf(text);
  const indent = object.indent + 2;
  const written = writeScalar(value, { style: 'plain', flow: false, indent, eol });
  const at = lineEnd(text, object.span.end, text.length);
  const head = `${eol}${' '.repeat(object.indent)}${mapName}:${eol}${' '.repeat(indent)}`;
  return insertion(at, `${head}${writeKey(key, false)}: ${written.token}${written.body}`);
}

function addFlowPair(
  text: string,
  map: EntryMap,
  last: Pick<Entry, 'keySpan' | 'span'> | undefined,
  key: string,
  value: string,
): Edit {
  const pair = `${doubleQuoted(key)}: ${doubleQuoted(value)}`;
  if (last === undefined) return insertion(map.span.end - 1, pair);
  const keyLine = text.lastIndexOf('\n', last.keySpan.start) + 1;
  const ownLine = /^[ \t]*$/.test(text.slice(keyLine, last.keySpan.start));
  const separator = ownLine ? `,${eolOf(text)}${text.slice(keyLine, last.keySpan.start)}` : ', ';
  return insertion(last.span.end, separator + pair);
}

function insertion(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}
