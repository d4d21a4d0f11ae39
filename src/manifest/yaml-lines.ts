const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

export function isBlank(code: number): boolean {
  return code === space || code === tab;
}

export function isBreak(code: number): boolean {
  return code === lineFeed || code === carriageReturn;
}

/** Blank, break or past the end: what must follow `:`, `-` and `?` to make them indicators. */
export function isSeparator(text: string, at: number, end: number): boolean {
  if (at >= end) return true;
  const code = text.charCodeAt(at);
  return isBlank(code) || isBreak(code);
}

export function skipBlanks(text: string, at: number, end: number): number {
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

export function skipBlanksAndBreaks(text: string, at: number, end: number): number {
  while (at < end && (isBlank(text.charCodeAt(at)) || isBreak(text.charCodeAt(at)))) at++;
  return at;
}

/** The offset of the break that ends this line, or `end`. */
export function lineEnd(text: string, at: number, end: number): number {
  while (at < end && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

/** The start of the next line, given the offset of a break (LF, CRLF or CR). */
export function afterBreak(text: string, at: number, end: number): number {
  if (at >= end) return end;
  if (text.charCodeAt(at) === carriageReturn && text.charCodeAt(at + 1) === lineFeed && at + 1 < end)
    return at + 2;
  return at + 1;
}

export function nextLine(text: string, at: number, end: number): number {
  return afterBreak(text, lineEnd(text, at, end), end);
}

/** At a comment, a break or the end: nothing more of this line counts. `at` must follow a blank or start a token. */
export function isLineDone(text: string, at: number, end: number): boolean {
  return at >= end || text[at] === '#' || isBreak(text.charCodeAt(at));
}

/** The end of the text before `at` without trailing blanks. */
export function trimBlanksBack(text: string, start: number, at: number): number {
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** The offset after the colon that follows a key, or the key's own end where none does. */
export function afterColon(text: string, keyEnd: number): number {
  const colon = /\s*:/y;
  colon.lastIndex = keyEnd;
  return colon.test(text) ? colon.lastIndex : keyEnd;
}

const conflictMark = 7;

/** `<`, `=`, `>` and `|` */
function marksConflict(code: number): boolean {
  return (code >= 0x3c && code <= 0x3e) || code === 0x7c;
}

/** Whether one of the lines that git writes at the margin around the sides of a conflict begins here. */
export function isConflictMark(text: string, at: number, end: number): boolean {
  const code = text.charCodeAt(at);
  if (!marksConflict(code) || (at > 0 && !isBreak(text.charCodeAt(at - 1)))) return false;
  for (let i = 1; i < conflictMark; i++) if (text.charCodeAt(at + i) !== code) return false;
  return isSeparator(text, at + conflictMark, end);
}

/** `{`, `[`, `|` and `>`: a value that begins so may go on, or be a template's that entries stand below. */
export function mayGoOn(code: number): boolean {
  return code === 0x7b || code === 0x5b || code === 0x7c || code === 0x3e;
}

/** Whether what stands here is its line's first content and no deeper than a column. */
export function isOutdented(text: string, at: number, column: number): boolean {
  if (column < 0) return false;
  const lineStart = trimBlanksBack(text, 0, at);
  return at - lineStart <= column && (lineStart === 0 || isBreak(text.charCodeAt(lineStart - 1)));
}

/** Where the blank lines end that begin at an offset. */
export function afterBlankLines(text: string, at: number): number {
  const blankLines = /(?:[ \t]*\r?\n)*(?:[ \t]+$)?/y;
  blankLines.lastIndex = at;
  return at + (blankLines.exec(text)?.[0].length ?? 0);
}
