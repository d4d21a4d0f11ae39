import { type NodeProperties, noProperties } from './yaml-events.ts';
import { isSeparator, skipBlanks } from './yaml-lines.ts';

/** Whether an anchor or a tag stands here. */
export function atProperties(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x26 || code === 0x21;
}

/** Reads the anchor and tag before a node (YAML 1.2.2 §6.9), and the blanks after them on the same line. */
export function readProperties(
  text: string,
  start: number,
  end: number,
  flow: boolean,
): { readonly properties: NodeProperties; readonly at: number } {
  let properties = noProperties;
  let at = start;
  for (;;) {
    if (at >= end || !atProperties(text, at)) return { properties, at };
    const char = text[at];
    const stop = wordEnd(text, at + 1, end, flow ? ',[]{}' : '');
    const word = text.slice(at, stop);
    properties = char === '&' ? { ...properties, anchor: word.slice(1) } : { ...properties, tag: word };
    at = skipBlanks(text, stop, end);
  }
}

function wordEnd(text: string, start: number, end: number, stops: string): number {
  let at = start;
  while (!isSeparator(text, at, end) && !stops.includes(text[at] ?? ' ')) at++;
  return at;
}
