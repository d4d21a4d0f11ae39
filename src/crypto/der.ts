/** One element of DER (X.690): its tag and its content. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** Tags of DER. */
export const derTags = { integer: 0x02, identifier: 0x06, sequence: 0x30 } as const;

/** The elements that stand one after another; undefined where one is cut short or of no definite length. */
export function readDer(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = headerAt(bytes, at);
    if (header === undefined || header.end > bytes.length) return undefined;
    elements.push({ tag: bytes[at] ?? 0, content: bytes.subarray(header.start, header.end) });
    at = header.end;
  }
  return elements;
}

/** The elements of a sequence; undefined for anything else. */
export function derSequence(element: DerElement | undefined): readonly DerElement[] | undefined {
  return element?.tag === derTags.sequence ? readDer(element.content) : undefined;
}

/** A whole number that is not negative; Infinity where it is too large to be told; undefined for anything else. */
export function derNumber(element: DerElement | undefined): number | undefined {
  if (element?.tag !== derTags.integer || (element.content[0] ?? 0x80) >= 0x80) return undefined;
  const value = element.content.reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
}

/** Where the content of the element that begins at an offset stands. */
function headerAt(bytes: Uint8Array, at: number) {
  const first = bytes[at + 1];
  if (first === undefined || first === 0x80 || first > 0x84) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const start = at + 2 + (first & 0x7f);
  if (start > bytes.length) return undefined;
  const length = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start, end: start + length };
}
