import { Failure } from '../core/errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A file's bytes as text, with what is needed to write them back the same. */
export interface FileText {
  /** Without the byte order mark, as an editor shows it. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly bom: boolean;
  /** Some bytes were no text and were replaced: good for finding, not for writing back. */
  readonly lossy: boolean;
}

/** The first begins as UTF-16's does: a text there that begins with NUL is none. */
const utf32Marks = [
  [0xff, 0xfe, 0, 0],
  [0, 0, 0xfe, 0xff],
];

/** Larger files are reported, not read: no manifest comes near it. */
export const fileSizeLimit = 16 * 1024 * 1024;

/**
 * Reads UTF-8, or UTF-16 where a byte order mark says so. Throws `file.too-large`, and `file.not-text` for binary
 * files and UTF-32; wrong bytes in text make it lossy.
 */
export function decodeFile(bytes: Uint8Array): FileText {
  if (bytes.byteLength > fileSizeLimit) {
    throw new Failure('file.too-large', { bytes: bytes.byteLength, limit: fileSizeLimit });
  }
  if (utf32Marks.some((mark) => mark.every((byte, at) => bytes[at] === byte)))
    throw new Failure('file.not-text', { reason: 'it is UTF-32' });
  const [encoding, markLength] = encodingOf(bytes);
  const body = bytes.subarray(markLength);
  if (encoding === 'utf-8' && body.includes(0))
    throw new Failure('file.not-text', { reason: 'it holds NUL bytes' });
  const quick = encoding === 'utf-8' ? utf8Text(body) : undefined;
  if (quick !== undefined) return { text: quick, encoding, bom: markLength > 0, lossy: false };
  const options = { ignoreBOM: true };
  try {
    const text = new TextDecoder(encoding, { ...options, fatal: true }).decode(body);
    return { text, encoding, bom: markLength > 0, lossy: false };
  } catch {
    return {
      text: new TextDecoder(encoding, options).decode(body),
      encoding,
      bom: markLength > 0,
      lossy: true,
    };
  }
}

/** A file's text; undefined for one that is too large or no text. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeFile(bytes).text;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Undefined where bytes may be wrong: this is several times faster than the decoder that tells for certain. */
function utf8Text(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.includes('\ufffd') ? undefined : text;
}

function encodingOf(bytes: Uint8Array): readonly [Encoding, number] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return ['utf-8', 3];
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le', 2];
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be', 2];
  return ['utf-8', 0];
}

/** The bytes of a changed text in the file's own encoding. */
export function encodeFile(text: string, { encoding, bom }: Pick<FileText, 'encoding' | 'bom'>): Uint8Array {
  const marked = bom ? `\ufeff${text}` : text;
  if (encoding === 'utf-8') return new Uint8Array(Buffer.from(marked, 'utf8'));
  const bytes = Buffer.from(marked, 'utf16le');
  return new Uint8Array(encoding === 'utf-16be' ? bytes.swap16() : bytes);
}
