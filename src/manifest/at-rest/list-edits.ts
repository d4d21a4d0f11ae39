import type { Edit, Span } from '../../core/span.ts';
import { eolOf } from '../edit.ts';
import { notEditable } from '../write-block-object.ts';
import type { ListOf } from './configuration.ts';

/** An item to be written: one line each, as far in as they are to each other; and the same in flow style. */
export interface NewItem {
  readonly block: readonly string[];
  readonly flow: string;
}

/** The edit that puts a new item behind the first one of a list, written as that one is. */
export function insertSecond(text: string, list: ListOf<Span>, item: NewItem): readonly Edit[] {
  const [first] = list.items;
  if (first === undefined) throw notEditable('the list is empty', text, list.start);
  if (isFlow(text, list)) {
    const lead = /\n[ \t]*$/.exec(text.slice(list.start, first.start))?.[0];
    const gap = lead === undefined ? ' ' : eolOf(text) + lead.slice(1);
    return [{ span: at(first.end), text: `,${gap}${item.flow}` }];
  }
  const { pad, dash } = dashOf(text, first);
  const [chunk] = chunksOf(text, list);
  const eol = eolOf(text);
  const lines = item.block.map((line, index) => pad + (index === 0 ? dash : ' '.repeat(dash.length)) + line);
  const place = chunk?.end ?? first.end;
  const isOpen = text[place - 1] !== '\n';
  const written = lines.join(eol);
  return [{ span: at(place), text: isOpen ? eol + written : written + eol }];
}

/** The edits that put an item before all others, with the comments above it. In flow style comments stay. */
export function moveToFront(text: string, list: ListOf<Span>, index: number): readonly Edit[] {
  const { items } = list;
  if (index === 0) return [];
  if (isFlow(text, list)) {
    return items.slice(0, index + 1).map((item, place) => {
      const source = items[place === 0 ? index : place - 1] ?? item;
      return { span: { start: item.start, end: item.end }, text: text.slice(source.start, source.end) };
    });
  }
  const chunks = chunksOf(text, list);
  const [first, moved] = [chunks[0], chunks[index]];
  if (first === undefined || moved === undefined)
    throw notEditable('the list is cut short', text, list.start);
  const lines = text.slice(moved.start, moved.end);
  const eol = eolOf(text);
  const closed = lines.endsWith('\n') ? lines : lines + eol;
  return [{ span: at(first.start), text: closed }, removal(text, moved, eol)];
}

/** The edit that takes an item out of a list that has others. */
export function removeItem(text: string, list: ListOf<Span>, index: number): readonly Edit[] {
  const item = list.items[index];
  const before = list.items[index - 1];
  const after = list.items[index + 1];
  if (item === undefined || (before ?? after) === undefined)
    throw notEditable('nothing would be left of the list', text, list.start);
  if (isFlow(text, list)) {
    const span =
      before === undefined
        ? { start: item.start, end: after?.start ?? item.end }
        : { start: before.end, end: item.end };
    return [{ span, text: '' }];
  }
  const chunk = chunksOf(text, list)[index];
  if (chunk === undefined) throw notEditable('the list is cut short', text, list.start);
  return [removal(text, chunk, eolOf(text))];
}

function isFlow(text: string, list: Span): boolean {
  return text[list.start] === '[';
}

function removal(text: string, { start, end }: Span, eol: string): Edit {
  const isOpen = text[end - 1] !== '\n';
  return { span: { start: isOpen ? start - eol.length : start, end }, text: '' };
}

/** The lines of each item of a block list, the comments right above it among them. */
function chunksOf(text: string, { items }: ListOf<Span>): readonly Span[] {
  const starts = items.map((item) => chunkStart(text, item));
  const last = items.at(-1);
  const stop = last === undefined ? -1 : text.indexOf('\n', Math.max(last.start, last.end - 1));
  return starts.map((start, index) => ({
    start,
    end: starts[index + 1] ?? (stop === -1 ? text.length : stop + 1),
  }));
}

function chunkStart(text: string, item: Span): number {
  dashOf(text, item);
  let start = lineStart(text, item.start);
  for (;;) {
    const above = start === 0 ? -1 : lineStart(text, start - 1);
    if (above === -1 || !/^[ \t]*#/.test(text.slice(above, start))) return start;
    start = above;
  }
}

function dashOf(text: string, item: Span): { readonly pad: string; readonly dash: string } {
  const [, pad, dash] = /^( *)(-[ ]+)$/.exec(text.slice(lineStart(text, item.start), item.start)) ?? [];
  if (pad === undefined || dash === undefined)
    throw notEditable('its items are not on lines of their own', text, item.start);
  return { pad, dash };
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function at(offset: number): Span {
  return { start: offset, end: offset };
}
