import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import type { LookThrough } from '../app/at-rest/audited-snapshot.ts';
import { type AuditSettings, auditSnapshot, type SnapshotAudit } from '../app/at-rest/snapshot-audit.ts';
import { Failure } from '../core/errors.ts';
import { FileWindow } from '../crypto/etcd/file-window.ts';
import { openKeySpace } from '../crypto/etcd/revisions.ts';
import { unreadable } from './node-files.ts';

/** As `etcdctl snapshot save` leaves it: pages, and behind them their SHA-256. */
const checksumBytes = 32;
const sectorBytes = 512;
const chunkBytes = 1024 * 1024;

/** Reads all of the file once for its checksum, and once for its revisions: of one file, whatever its name leads to meanwhile. */
export const lookThroughSnapshot: LookThrough = (path, settings, signal) =>
  withFile(path, async (file) => {
    const checksum = await verify(file, signal);
    return { checksum, audit: await audit(file, settings, signal) };
  });

/**
 * Looks through a snapshot, or a member's `db` file, whatever its size. Other work has its turn in between.
 * @throws Failure `file.unreadable`, `snapshot.malformed`
 */
export function auditSnapshotFile(
  path: string,
  settings: Omit<AuditSettings, 'seeds'>,
  signal?: AbortSignal,
): Promise<SnapshotAudit> {
  return withFile(path, (file) => audit(file, settings, signal));
}

/**
 * Whether the checksum behind a snapshot is that of its content. A file without one, such as a member's `db`, is `none`.
 * Reads all of the file.
 * @throws Failure `file.unreadable`, `snapshot.altered`
 */
export function verifySnapshotFile(path: string, signal?: AbortSignal): Promise<'verified' | 'none'> {
  return withFile(path, (file) => verify(file, signal));
}

/** A file that is open. */
interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  readonly size: number;
}

async function withFile<T>(path: string, work: (file: OpenFile) => Promise<T>): Promise<T> {
  const descriptor = openForReading(path);
  try {
    return await work({ path, descriptor, size: fstatSync(descriptor).size });
  } finally {
    closeSync(descriptor);
  }
}

async function audit(
  file: OpenFile,
  settings: Omit<AuditSettings, 'seeds'>,
  signal: AbortSignal | undefined,
): Promise<SnapshotAudit> {
  const readAt = (into: Uint8Array, position: number) => readWhole(file, into, position);
  const space = openKeySpace(new FileWindow(readAt, file.size));
  const looking = auditSnapshot(space, { ...settings, seeds: seeds() });
  for (;;) {
    const { done, value } = looking.next();
    if (done === true) return value;
    signal?.throwIfAborted();
    await turn();
  }
}

async function verify(file: OpenFile, signal: AbortSignal | undefined): Promise<'verified' | 'none'> {
  const end = file.size - checksumBytes;
  // Nothing but a checksum is no snapshot: reading it as one says so.
  if (file.size % sectorBytes !== checksumBytes || end === 0) return 'none';
  const expected = Buffer.alloc(checksumBytes);
  readWhole(file, expected, end);
  const hash = await hashOf(file, end, signal);
  if (!hash.equals(expected)) throw new Failure('snapshot.altered', {}, { path: file.path });
  return 'verified';
}

/** Of all before `end`. Not by a stream, which closes the file when it is given up. */
async function hashOf(file: OpenFile, end: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const hash = createHash('sha256');
  const room = Buffer.allocUnsafeSlow(Math.min(end, chunkBytes));
  for (let at = 0; at < end; ) {
    signal?.throwIfAborted();
    const read = readWhole(file, room.subarray(0, Math.min(room.byteLength, end - at)), at);
    if (read === 0) break;
    hash.update(room.subarray(0, read));
    at += read;
    await turn();
  }
  return hash.digest();
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
  throw new Failure('file.unreadable', { reason: l10n.t('it is not a file') }, { path });
}

/** As much as there is: one call may give less. */
function readWhole({ path, descriptor }: OpenFile, into: Uint8Array, position: number): number {
  try {
    let read = 0;
    while (read < into.byteLength) {
      const count = readSync(descriptor, into, read, into.byteLength - read, position + read);
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
