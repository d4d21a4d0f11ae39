import { createHash } from 'node:crypto';
import * as l10n from '@vscode/l10n';

/** What an OpenPGP key file is to whoever wants to decrypt with it. Reasons quote nothing. */
export type PgpKeys =
  /** In upper-case hex; none where a key is of a kind that is not read here. */
  | { readonly state: 'private'; readonly fingerprints: readonly string[] }
  /** It can be imported, and decrypts nothing. */
  | { readonly state: 'inert'; readonly reason: string }
  | { readonly state: 'broken'; readonly reason: string };

interface Packet {
  readonly tag: number;
  readonly body: Uint8Array;
}

const [secretKey, secretSubkey] = [5, 7];

/** Reads a key block, armored or not (RFC 9580): fingerprints, and whether a passphrase protects it. Total. */
export function readPgpKeys(bytes: Uint8Array): PgpKeys {
  const binary = dearmored(bytes);
  const packets = binary && packetsOf(binary);
  if (packets === undefined || packets.length === 0)
    return { state: 'broken', reason: l10n.t('it is no PGP key') };
  const secret = packets.filter(({ tag }) => tag === secretKey || tag === secretSubkey);
  if (secret.length === 0) return { state: 'inert', reason: l10n.t('it is a public PGP key') };
  const keys = secret.map(({ body }) => readSecretKey(body));
  if (keys.every((key) => key !== undefined && key.guard !== 'none'))
    return { state: 'inert', reason: l10n.t('a passphrase protects this PGP key') };
  const known = keys.filter((key) => key !== undefined);
  // Files name the primary key, also where only the private half of a subkey is there.
  const isWhole = known.length === keys.length;
  return { state: 'private', fingerprints: isWhole ? known.map(({ fingerprint }) => fingerprint) : [] };
}

const block =
  /-----BEGIN PGP [A-Z ]{1,40}-----\r?\n(?:[^\r\n]{1,200}\r?\n){0,20}?\r?\n([A-Za-z0-9+/=\s]{1,1000000}?)(?:\r?\n=[A-Za-z0-9+/]{4})?\s{0,8}-----END /;

function dearmored(bytes: Uint8Array): Uint8Array | undefined {
  // Every packet begins with this bit, and no text does.
  if (((bytes[0] ?? 0) & 0x80) !== 0) return bytes;
  const base64 = block.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

/** Undefined where the bytes are no packets, one after the other. */
function packetsOf(bytes: Uint8Array): readonly Packet[] | undefined {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = headerAt(bytes, at);
    if (header === undefined || header.end > bytes.length) return undefined;
    packets.push({ tag: header.tag, body: bytes.subarray(header.start, header.end) });
    at = header.end;
  }
  return packets;
}

/** RFC 9580, 4.2. Lengths in parts and without end are for messages, not for keys. */
function headerAt(bytes: Uint8Array, at: number): { tag: number; start: number; end: number } | undefined {
  const [first = 0, length = 0] = bytes.subarray(at, at + 2);
  if ((first & 0x80) === 0) return undefined;
  const of = (tag: number, size: number, start: number) => ({ tag, start, end: start + size });
  if ((first & 0x40) === 0) {
    const octets = [1, 2, 4][first & 3];
    return octets === undefined
      ? undefined
      : of((first >> 2) & 15, numberAt(bytes, at + 1, octets), at + 1 + octets);
  }
  const tag = first & 63;
  if (length < 192) return of(tag, length, at + 2);
  if (length < 224) return of(tag, ((length - 192) << 8) + (bytes[at + 2] ?? 0) + 192, at + 3);
  return length === 255 ? of(tag, numberAt(bytes, at + 2, 4), at + 6) : undefined;
}

function numberAt(bytes: Uint8Array, at: number, octets: number): number {
  return bytes.subarray(at, at + octets).reduce((number, octet) => number * 256 + octet, 0);
}

interface SecretKey {
  readonly fingerprint: string;
  /** `absent`: the private half was left out, as of a primary key that is kept elsewhere. */
  readonly guard: 'none' | 'passphrase' | 'absent';
}

/** Undefined for versions and algorithms whose public half is not read here. */
function readSecretKey(body: Uint8Array): SecretKey | undefined {
  const end = publicEnd(body);
  if (body[0] !== 4 || end === undefined || end >= body.length) return undefined;
  const length = Uint8Array.of(0x99, end >> 8, end & 0xff);
  const digest = createHash('sha1').update(length).update(body.subarray(0, end)).digest('hex');
  const usage = body[end] ?? 0;
  // GnuPG's own: usage, cipher, and the kind of derivation, of which 101 is a stub.
  const isStub = usage >= 253 && body[end + 2] === 101;
  return {
    fingerprint: digest.toUpperCase(),
    guard: isStub ? 'absent' : usage === 0 ? 'none' : 'passphrase',
  };
}

/** What the public half is made of, by algorithm. */
interface Shape {
  /** Octets that are always as many. */
  readonly fixed?: number;
  /** Whether a curve's name comes first. */
  readonly curve?: true;
  /** How many multi-precision integers follow. */
  readonly integers?: number;
  /** Whether parameters of a key derivation end it. */
  readonly kdf?: true;
}

const shapes: ReadonlyMap<number, Shape> = new Map([
  [1, { integers: 2 }],
  [16, { integers: 3 }],
  [17, { integers: 4 }],
  [18, { curve: true, integers: 1, kdf: true }],
  [19, { curve: true, integers: 1 }],
  [22, { curve: true, integers: 1 }],
  [25, { fixed: 32 }],
  [27, { fixed: 32 }],
]);

/** Where the public half of a version 4 key ends (RFC 9580, 5.5.2.2 and 5.5.5). */
function publicEnd(body: Uint8Array): number | undefined {
  const shape = shapes.get(body[5] ?? 0);
  if (shape === undefined) return undefined;
  let at = 6 + (shape.fixed ?? 0);
  if (shape.curve === true) at += 1 + (body[at] ?? 0);
  for (let left = shape.integers ?? 0; left > 0; left--) at += 2 + Math.ceil(numberAt(body, at, 2) / 8);
  if (shape.kdf === true) at += 1 + (body[at] ?? 0);
  return at;
}
