import { toBase64, utf8 } from '../../core/bytes.ts';

/** Bytes to look for, and what makes them the value rather than a part of another one. */
export interface WrittenForm {
  readonly bytes: Uint8Array;
  /** What the value would go on with, were it a longer one. */
  readonly alphabet: 'word' | 'base64';
  /** Where `bytes` are one of several lines: all of them, and which one it is. They may be indented, all the same. */
  readonly block: { readonly lines: readonly Uint8Array[]; readonly at: number } | undefined;
}

/** As manifests write a value: as it is, quoted, in a block of lines, and as base64 in `data`. */
export function writtenForms(value: Uint8Array): readonly WrittenForm[] {
  const base64: WrittenForm = { bytes: encoded(toBase64(value)), alphabet: 'base64', block: undefined };
  const text = utf8(value);
  if (text === undefined) return [base64];
  const lines = text.replace(/\n+$/, '').split(/\r?\n/);
  const spellings = new Set([JSON.stringify(text).slice(1, -1)]);
  if (lines.length === 1) for (const one of [text, text.replaceAll("'", "''")]) spellings.add(one.trimEnd());
  const words = [...spellings].map(
    (one): WrittenForm => ({ bytes: encoded(one), alphabet: 'word', block: undefined }),
  );
  return lines.length === 1 ? [base64, ...words] : [base64, ...words, inBlock(lines.map(encoded))];
}

/** The longest line is the one that says most. */
function inBlock(lines: readonly Uint8Array[]): WrittenForm {
  let at = 0;
  for (const [index, line] of lines.entries()) if (line.length > (lines[at]?.length ?? 0)) at = index;
  return { bytes: lines[at] ?? encoded(''), alphabet: 'word', block: { lines, at } };
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const backslash = 0x5c;

/** Whether the form's bytes, which stand here in a text, are the value and not a part of a longer one. */
export function isWholeAt(text: Uint8Array, start: number, form: WrittenForm): boolean {
  if (form.block !== undefined) return isBlockAt(text, start, form.block);
  const end = start + form.bytes.length;
  const continues = form.alphabet === 'base64' ? isBase64 : isWord;
  const [before, after] = [text[start - 1] ?? newline, text[end] ?? newline];
  if (continues(after) && continues(text[end - 1] ?? newline)) return false;
  // `\n` and its like end in a letter.
  return !(continues(before) && continues(text[start] ?? newline)) || text[start - 2] === backslash;
}

function isBlockAt(
  text: Uint8Array,
  found: number,
  { lines, at }: NonNullable<WrittenForm['block']>,
): boolean {
  let start = lineStart(text, found);
  const indent = found - start;
  for (let line = at; line > 0; line--) start = lineStart(text, start - 1);
  return lines.every((line) => {
    const stop = text.indexOf(newline, start);
    const end = stop === -1 ? text.length : stop;
    const whole = text.subarray(start, text[end - 1] === carriageReturn ? end - 1 : end);
    start = end + 1;
    return Buffer.compare(whole.subarray(Math.min(indent, whole.length)), line) === 0;
  });
}

function lineStart(text: Uint8Array, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf(newline, at - 1) + 1;
}

function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte >= 0x80
  );
}

function isBase64(byte: number): boolean {
  return isWord(byte) || byte === 0x2b || byte === 0x2f || byte === 0x3d;
}
