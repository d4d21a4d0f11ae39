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
