import { BoltFile, type BoltRecord } from './bolt-file.ts';

/** A change of one key, as a test says it. Without a value it is a deletion. */
export interface Change {
  readonly key: string;
  readonly value?: Uint8Array | string;
}

/** The record of etcd's `key` bucket for a change: its revision, and a `mvccpb.KeyValue`. */
export function etcdRecord({ key, value }: Change, main: number): BoltRecord {
  const revision = Buffer.alloc(value === undefined ? 18 : 17);
  revision.writeBigUInt64BE(BigInt(main));
  revision[8] = 0x5f;
  if (value === undefined) revision[17] = 0x74;
  const path = Buffer.from(key);
  const head = [Buffer.from([0x0a, ...varint(path.length)]), path];
  if (value === undefined) return [revision, Buffer.concat(head)];
  const bytes = Buffer.from(value);
  const numbers = Buffer.from([0x10, ...varint(main), 0x18, ...varint(main), 0x20, 1]);
  return [revision, Buffer.concat([...head, numbers, Buffer.from([0x2a, ...varint(bytes.length)]), bytes])];
}

/** A file of etcd with these changes, one revision each from 2 on. */
export function etcdFile(changes: readonly Change[], pageSize?: number): Buffer {
  return boltFile((file) => {
    file.bucket(
      'key',
      changes.map((change, index) => etcdRecord(change, index + 2)),
    );
    file.bucket('meta', []);
  }, pageSize);
}

/** A bbolt file in memory. */
export function boltFile(fill: (file: BoltFile) => void, pageSize?: number): Buffer {
  const parts: { readonly bytes: Buffer; readonly at: number }[] = [];
  const file = new BoltFile((bytes, at) => parts.push({ bytes, at }), pageSize);
  fill(file);
  const whole = Buffer.alloc(file.finish());
  for (const { bytes, at } of parts) bytes.copy(whole, at);
  return whole;
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}
