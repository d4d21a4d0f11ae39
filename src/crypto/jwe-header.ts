import { fromBase64Url, utf8 } from '../core/bytes.ts';
import { repeatsName } from './json-names.ts';

/** What a JWE says of itself. It is other people's text: show it escaped and shortened, decide nothing by it alone. */
export interface JweHeader {
  readonly alg: string;
  readonly enc: string;
  readonly kid: string | undefined;
  readonly zip: string | undefined;
  /** PBES2 iteration count. */
  readonly p2c: number | undefined;
  /** True where the header demands extensions (`crit`, RFC 7515 §4.1.11). */
  readonly critical: boolean;
  /** `ns/name#KEY` of the protected header's `purser.for`: where the value was sealed for. */
  readonly boundTo: string | undefined;
}

/** A header as it was parsed, member by member: a Map, so that `__proto__` is a name like any other. */
export type Members = ReadonlyMap<string, unknown>;

/** Certificate chains (`x5c`) make honest headers long; nothing honest is longer than this, in base64url characters. */
const longestHeader = 65_536;

/** The bytes that a canonical, unpadded base64url text stands for (RFC 7515 §2); undefined for any other text. */
export function base64UrlBytes(text: string): number | undefined {
  const rest = text.length % 4;
  if (rest === 1 || !/^[\w-]*$/.test(text)) return undefined;
  if (rest !== 0) {
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(text.slice(-1));
    if ((last & (rest === 2 ? 0b1111 : 0b11)) !== 0) return undefined;
  }
  return Math.floor((text.length * 3) / 4);
}

/** The members of a JSON value that is an object; undefined for anything else. */
export function membersOf(value: unknown): Members | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** What Go's `unicode.IsSpace` holds, because go-jose strips just that before it parses. */
const whiteSpace = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** A token may stand over many lines, as block scalars do. */
export function withoutWhiteSpace(text: string): string {
  return text.replace(whiteSpace, '');
}

/** The same, spaces kept: JSON allows them, and they may belong to a name. */
export function withoutLineBreaks(text: string): string {
  return text.replace(whiteSpace, (found) => found.replace(/[^ ]+/g, ''));
}

/** A base64url header's members, or undefined where it is not base64url of a JSON object that names each thing once. */
export function decodeHeader(encoded: string): Members | undefined {
  if (encoded.length > longestHeader || base64UrlBytes(encoded) === undefined) return undefined;
  const bytes = fromBase64Url(encoded);
  const text = bytes && utf8(bytes);
  const members = text === undefined ? undefined : membersOf(parseJson(text));
  return members === undefined || repeatsName(text ?? '') ? undefined : members;
}

/** The JSON value, or undefined where the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All headers as one, or undefined where a name stands in two of them (RFC 7516 §7.2.1 forbids it). */
export function joinHeaders(headers: readonly (Members | undefined)[]): Members | undefined {
  const joined = new Map<string, unknown>();
  for (const [name, value] of headers.flatMap((header) => [...(header ?? [])])) {
    if (joined.has(name)) return undefined;
    joined.set(name, value);
  }
  return joined;
}

/** The header's facts, or undefined without an `alg` and an `enc`: then it is no JWE header. */
export function readHeader(joined: Members, protectedHeader: Members | undefined): JweHeader | undefined {
  const alg = text(joined, 'alg');
  const enc = text(joined, 'enc');
  if (alg === undefined || enc === undefined) return undefined;
  const p2c = joined.get('p2c');
  return {
    alg,
    enc,
    kid: text(joined, 'kid'),
    zip: text(joined, 'zip'),
    p2c: typeof p2c === 'number' ? p2c : undefined,
    critical: joined.has('crit'),
    boundTo: text(membersOf(protectedHeader?.get('purser')) ?? new Map(), 'for'),
  };
}

function text(members: Members, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
