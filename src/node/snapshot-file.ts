import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { LookThrough } from '../app/at-rest/audited-snapshot.ts';
import { type AuditSettings, auditSnapshot, type SnapshotAudit } from '../app/at-rest/snapshot-audit.ts';
import { Failure } from '../core/errors.ts';
import { FileWindow } from '../crypto/etcd/file-window.ts';
import { openKeySpace } from '../crypto/etcd/revisions.ts';
import { unreadable } from './node-files.ts';

/** As `etcdctl snapshot save` leaves it: pages, and behind them their SHA-256. */
const checksumBytes = 32;
const sectorBytes = 512;

/** Reads all of the file once for its checksum, and once for its revisions. */
export const lookThroughSnapshot: LookThrough = async (path, settings, signal) => {
  const checksum = await verifySnapshotFile(path, signal);
  return { checksum, audit: await auditSnapshotFile(path, settings, signal) };
};

/**
 * Looks through a snapshot, or a member's `db` file, whatever its size. Other work has its turn in between.
 * @throws Failure `file.unreadable`, `snapshot.malformed`
 */
export async function auditSnapshotFile(
  path: string,
  settings: Omit<AuditSettings, 'seeds'>,
  signal?: AbortSignal,
): Promise<SnapshotAudit> {
  const file = openForReading(path);
  try {
    const readAt = (into: Uint8Array, position: number) => readWhole(path, file, into, position);
    const space = openKeySpace(new FileWindow(readAt, fstatSync(file).size));
    const audit = auditSnapshot(space, { ...settings, seeds: seeds() });
    for (;;) {
      const { done, value } = audit.next();
      if (done === true) return value;
      signal?.throwIfAborted();
      await turn();
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Whether the checksum behind a snapshot is that of its content. A file without one, such as a member's `db`, is `none`.
 * Reads all of the file.
 * @throws Failure `file.unreadable`, `snapshot.altered`
 */
export async function verifySnapshotFile(path: string, signal?: AbortSignal): Promise<'verified' | 'none'> {
  const file = openForReading(path);
  const { size } = fstatSync(file);
  const end = size - checksumBytes;
  if (size % sectorBytes !== checksumBytes) {
    closeSync(file);
    return 'none';
  }
  const hash = createHash('sha256');
  const expected = Buffer.alloc(checksumBytes);
  try {
    readWhole(path, file, expected, end);
    const options = { fd: file, autoClose: false, start: 0, end: end - 1, highWaterMark: 1024 * 1024 };
    for await (const chunk of createReadStream(path, options)) {
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
  } finally {
    closeSync(file);
  }
  if (!hash.digest().equals(expected)) throw new Failure('snapshot.altered', {}, { path });
  return 'verified';
}

function openForReading(path: string): number {
  try {
    // Opening a FIFO for reading would wait for a writer.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new Failure('file.unreadable', { reason: 'it is not a file' }, { path });
}

/** As much as there is: one call may give less. */
function readWhole(path: string, file: number, into: Uint8Array, position: number): number {
  try {
    let read = 0;
    while (read < into.byteLength) {
      const count = readSync(file, into, read, into.byteLength - read, position + read);
      if (count === 0) break;
      read += count;
    }
    return read;
  } catch (error) {
    throw unreadable(path, error);
  }
}

function seeds(): [number, number] {
  const random = randomBytes(8);
  return [random.readUInt32LE(0), random.readUInt32LE(4)];
}
