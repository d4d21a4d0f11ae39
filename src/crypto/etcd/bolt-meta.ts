import { Failure } from '../../core/errors.ts';
import type { FileWindow } from './file-window.ts';

/** What the newest valid meta page of a bbolt file says (go.etcd.io/bbolt, internal/common/meta.go). */
export interface BoltMeta {
  /** In bytes: that of the machine that made the file. */
  readonly pageSize: number;
  /** The page at which the tree of buckets begins. */
  readonly root: number;
  /** Pages from here on are not in use. */
  readonly pages: number;
  readonly transaction: number;
}

const magic = 0xed0c_daed;
const magicElsewhere = 0xedda_0ced;
const version = 2;
const headerBytes = 16;
const checkedBytes = 56;
const smallestPage = 1024;
const largestPage = 16 * 1024 * 1024;

/**
 * The meta page with the highest transaction among those whose checksum is right: bbolt writes the two in turns, so that one is
 * whole at any time. Where the first is not, the second is looked for at every page size there may be, as bbolt does.
 * @throws Failure `snapshot.malformed`
 */
export function readBoltMeta(file: FileWindow): BoltMeta {
  refuseForeign(file);
  const first = readMeta(file, 0);
  const second = first === undefined ? findSecond(file) : readMeta(file, first.pageSize);
  const newest = [first, second]
    .filter((meta) => meta !== undefined)
    .reduce<BoltMeta | undefined>(
      (best, meta) => (best !== undefined && best.transaction >= meta.transaction ? best : meta),
      undefined,
    );
  if (newest === undefined) throw malformed('neither of its meta pages is that of a bbolt database');
  const bytes = newest.pages * newest.pageSize;
  if (bytes > file.size) throw malformed(`it is cut short: it has ${file.size} of its ${bytes} bytes`);
  return newest;
}

function findSecond(file: FileWindow): BoltMeta | undefined {
  for (let size = smallestPage; size <= largestPage && size < file.size; size *= 2) {
    const meta = readMeta(file, size);
    if (meta?.pageSize === size) return meta;
  }
  return undefined;
}

function readMeta(file: FileWindow, page: number): BoltMeta | undefined {
  const at = page + headerBytes;
  if (at + checkedBytes + 8 > file.size) return undefined;
  if (file.u32(at) !== magic || file.u32(at + 4) !== version) return undefined;
  const checked = file.bytes(at, checkedBytes + 8);
  if (checked.readBigUInt64LE(checkedBytes) !== fnv64a(checked.subarray(0, checkedBytes))) return undefined;
  const pageSize = file.u32(at + 8);
  const isPossible = pageSize >= smallestPage && pageSize <= largestPage && (pageSize & (pageSize - 1)) === 0;
  if (!isPossible) return undefined;
  return {
    pageSize,
    root: file.u64(at + 16),
    pages: file.u64(at + 40),
    transaction: file.u64(at + 48),
  };
}

/** FNV-1a of 64 bits (hash/fnv). */
export function fnv64a(bytes: Uint8Array): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash;
}

/** How files begin that were packed (gzip, zip, zstd) or encrypted (age, openssl, what is armored) since. */
const packed: readonly number[] = [0x0403_4b50, 0xfd2f_b528];
const gzip = 0x8b1f;
const encrypted: readonly number[] = [0x2d65_6761, 0x746c_6153, 0x2d2d_2d2d];

/** Says what the file is, where it is something that people take for a snapshot. */
function refuseForeign(file: FileWindow): void {
  if (file.size < headerBytes + 8) throw malformed('it is too short');
  const [first, second] = [file.u32(0), file.u32(headerBytes)];
  if ((first & 0xffff) === gzip || packed.includes(first))
    throw malformed('it is compressed, and must be unpacked first');
  if (encrypted.includes(first)) throw malformed('it is encrypted, and must be decrypted first');
  if (second === magicElsewhere) throw malformed('it was written on a big-endian machine');
  if (second === magic && file.u32(headerBytes + 4) !== version)
    throw malformed('it has another version of the bbolt format');
  if (file.size < 2 * smallestPage) throw malformed('it is too short');
}

function malformed(reason: string): Failure<'snapshot.malformed'> {
  return new Failure('snapshot.malformed', { reason });
}
