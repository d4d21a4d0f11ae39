import { Failure } from '../../core/errors.ts';
import { readVarint } from '../at-rest/protobuf.ts';
import { readBoltMeta } from './bolt-meta.ts';
import { type BoltElement, BoltTree } from './bolt-tree.ts';
import { type FileWindow, windowBytes } from './file-window.ts';

/** A change of one key: a value that was put, or a deletion. Its bytes are views, good until the next one is asked for. */
export interface EtcdRevision {
  /** Changes of one transaction share it. */
  readonly main: number;
  readonly isDeletion: boolean;
  /** The key in etcd, whole. */
  readonly key: Uint8Array;
  /** The first bytes of the value, 512 or more of them unless it is shorter. */
  readonly valueHead: Uint8Array;
}

/** A record of the key space that is not one. */
export interface UnreadableRecord {
  readonly main: undefined;
}

/** The key space of an etcd snapshot, or of a member's `db` file (go.etcd.io/etcd/server, storage/mvcc). */
export interface EtcdKeySpace {
  /** Up to which revision old values were removed; undefined where nothing ever was. */
  readonly compacted: number | undefined;
  /** Every revision that is still there, the newest first. Throws Failure `snapshot.malformed`. */
  readonly revisions: () => Generator<EtcdRevision | UnreadableRecord>;
}

const revisionBytes = 17;
const tombstone = 0x74;
const separator = 0x5f;

/** As many bytes of a record as are looked at: a key, and the head of the value. */
const recordHeadBytes = windowBytes / 2;

/**
 * Opens the key space of a file of etcd. Nothing of it is kept in memory.
 * @throws Failure `snapshot.malformed`
 */
export function openKeySpace(file: FileWindow): EtcdKeySpace {
  const meta = readBoltMeta(file);
  const tree = new BoltTree(file, meta);
  const root = tree.bucket('key');
  if (root === undefined)
    throw new Failure('snapshot.malformed', { reason: 'it is a bbolt file, but none of etcd' });
  return {
    compacted: readCompacted(file, tree),
    revisions: () => revisionsOf(file, tree.elements(root)),
  };
}

function readCompacted(file: FileWindow, tree: BoltTree): number | undefined {
  const root = tree.bucket('meta');
  if (root === undefined) return undefined;
  for (const { keyAt, keyBytes, valueAt, valueBytes } of tree.elements(root)) {
    const isIt = keyBytes < 64 && file.bytes(keyAt, keyBytes).toString('latin1') === 'finishedCompactRev';
    if (isIt && valueBytes >= revisionBytes) return readNumber(file.bytes(valueAt, revisionBytes), 0);
  }
  return undefined;
}

function* revisionsOf(
  file: FileWindow,
  elements: Iterable<BoltElement>,
): Generator<EtcdRevision | UnreadableRecord> {
  let [lastMain, lastSub] = [Number.POSITIVE_INFINITY, 0];
  for (const element of elements) {
    const { keyAt, keyBytes } = element;
    const isRevision = keyBytes === revisionBytes || keyBytes === revisionBytes + 1;
    const revision = file.bytes(keyAt, isRevision ? keyBytes : 0);
    if (!isRevision || revision[8] !== separator) {
      yield { main: undefined };
      continue;
    }
    const [main, sub] = [readNumber(revision, 0), readNumber(revision, 9)];
    if (main > lastMain || (main === lastMain && sub >= lastSub))
      throw new Failure('snapshot.malformed', { reason: 'its revisions are not in order' });
    [lastMain, lastSub] = [main, sub];
    yield readRecord(file, element, main, revision[revisionBytes] === tombstone);
  }
}

/** A record is a `mvccpb.KeyValue`, whose fields etcd writes in their order: the key first, the value near the end. */
function readRecord(
  file: FileWindow,
  { valueAt, valueBytes }: BoltElement,
  main: number,
  isDeletion: boolean,
): EtcdRevision | UnreadableRecord {
  const record = file.bytes(valueAt, Math.min(valueBytes, recordHeadBytes));
  const read = readKeyValue(record, valueBytes);
  return read === undefined ? { main: undefined } : { main, isDeletion, ...read };
}

function readKeyValue(
  record: Uint8Array,
  recordBytes: number,
): Pick<EtcdRevision, 'key' | 'valueHead'> | undefined {
  let key = record.subarray(0, 0);
  let at = 0;
  while (at < record.byteLength) {
    const tag = readVarint(record, at);
    const content = tag && readVarint(record, tag.end);
    if (tag === undefined || content === undefined) return undefined;
    at = content.end;
    // Revisions, version and lease are varints, and so read already.
    if ((tag.value & 7) === 0) continue;
    if ((tag.value & 7) !== 2 || content.value < 0 || at + content.value > recordBytes) return undefined;
    if (tag.value >> 3 === 5) return { key, valueHead: record.subarray(at, at + content.value) };
    if (tag.value >> 3 === 1) key = record.subarray(at, at + content.value);
    at += content.value;
  }
  return at === recordBytes ? { key, valueHead: record.subarray(0, 0) } : undefined;
}

function readNumber(revision: Buffer, at: number): number {
  return revision.readUInt32BE(at) * 0x1_0000_0000 + revision.readUInt32BE(at + 4);
}
