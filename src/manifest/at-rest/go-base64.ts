/** What Go makes of base64: how many bytes it is, or at which byte of the text Go stops (encoding/base64, `CorruptInputError`). */
export type GoBase64 = { readonly length: number } | { readonly illegalAt: number };

const digit = /^[A-Za-z0-9+/]$/;
const isBreak = (character: string | undefined) => character === '\n' || character === '\r';

/** Reads a text as `base64.StdEncoding.DecodeString` does: line breaks are read past, padding must be there. Linear. */
export function readGoBase64(text: string): GoBase64 {
  // One character a byte: Go counts bytes.
  const bytes = Buffer.from(text).toString('latin1');
  let read = 0;
  let inQuantum = 0;
  for (let at = 0; at < bytes.length; at++) {
    const character = bytes.charAt(at);
    if (isBreak(character)) continue;
    if (character === '=') return readPadding(bytes, at, inQuantum, read);
    if (!digit.test(character)) return { illegalAt: at };
    inQuantum = (inQuantum + 1) % 4;
    if (inQuantum === 0) read += 3;
  }
  // What is begun and not padded is told where it begins, line breaks not counted.
  return inQuantum === 0 ? { length: read } : { illegalAt: bytes.length - inQuantum };
}

/** @param at of the first `=`; @param inQuantum how many digits of four stand before it */
function readPadding(bytes: string, at: number, inQuantum: number, read: number): GoBase64 {
  if (inQuantum < 2) return { illegalAt: at };
  let next = pastBreaks(bytes, at + 1);
  if (inQuantum === 2) {
    if (next === bytes.length) return { illegalAt: next };
    if (bytes[next] !== '=') return { illegalAt: next - 1 };
    next = pastBreaks(bytes, next + 1);
  }
  return next < bytes.length ? { illegalAt: next } : { length: read + inQuantum - 1 };
}

function pastBreaks(bytes: string, at: number): number {
  let next = at;
  while (isBreak(bytes[next])) next++;
  return next;
}
