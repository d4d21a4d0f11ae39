/** Writes bytes at a position of a file that is being made. */
export type WriteAt = (bytes: Buffer, position: number) => void;

/** A key with its value, as bbolt keeps them. */
export type BoltRecord = readonly [key: Buffer, value: Buffer];

interface Child {
  readonly key: Buffer;
  readonly page: number;
}

const headerBytes = 16;
const elementBytes = 16;
const flags = { branch: 1, leaf: 2, meta: 4, freelist: 16 } as const;

/** Writes bbolt files page by page, without holding them: leaves as they fill, then branches, then what points to them. */
export class BoltFile {
  readonly #write: WriteAt;
  readonly #pageSize: number;
  readonly #buckets: BoltRecord[] = [];
  #pages = 2;

  constructor(write: WriteAt, pageSize = 4096) {
    this.#write = write;
    this.#pageSize = pageSize;
  }

  /** Adds a bucket with these records, which come in the order of their keys. Buckets come in the order of their names too. */
  bucket(name: string, records: Iterable<BoltRecord>): void {
    let level = this.#leaves(records);
    while (level.length > 1) level = this.#branches(level);
    const root = Buffer.alloc(16);
    root.writeBigUInt64LE(BigInt(level[0]?.page ?? 0));
    this.#buckets.push([Buffer.from(name), root]);
  }

  /** Adds a bucket that stands in its parent, as small ones do. */
  inlineBucket(name: string, records: readonly BoltRecord[]): void {
    const page = pageOf(0, flags.leaf, records, 0, 0);
    this.#buckets.push([Buffer.from(name), Buffer.concat([Buffer.alloc(16), page])]);
  }

  /** Writes the root, an empty list of free pages and both meta pages; gives the file's size. */
  finish(transaction = 2): number {
    const root = this.#page(flags.leaf, this.#buckets);
    const freelist = this.#pages++;
    const free = Buffer.alloc(this.#pageSize);
    free.writeBigUInt64LE(BigInt(freelist));
    free.writeUInt16LE(flags.freelist, 8);
    this.#write(free, freelist * this.#pageSize);
    for (const id of [0, 1]) this.#meta((transaction + id) % 2, transaction - id, root, freelist);
    return this.#pages * this.#pageSize;
  }

  #meta(id: number, transaction: number, root: number, freelist: number): void {
    const page = Buffer.alloc(this.#pageSize);
    page.writeBigUInt64LE(BigInt(id));
    page.writeUInt16LE(flags.meta, 8);
    page.writeUInt32LE(0xed0cdaed, 16);
    page.writeUInt32LE(2, 20);
    page.writeUInt32LE(this.#pageSize, 24);
    for (const [index, value] of [root, 0, freelist, this.#pages, transaction].entries())
      page.writeBigUInt64LE(BigInt(value), 32 + index * 8);
    let hash = 0xcbf29ce484222325n;
    for (const byte of page.subarray(16, 72))
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    page.writeBigUInt64LE(hash, 72);
    this.#write(page, id * this.#pageSize);
  }

  #leaves(records: Iterable<BoltRecord>): Child[] {
    const pages: Child[] = [];
    let held: BoltRecord[] = [];
    let size = headerBytes;
    const flush = () => {
      if (held.length === 0 && pages.length > 0) return;
      pages.push({ key: held[0]?.[0] ?? Buffer.alloc(0), page: this.#page(flags.leaf, held) });
      held = [];
      size = headerBytes;
    };
    for (const record of records) {
      const more = elementBytes + record[0].length + record[1].length;
      if (size + more > this.#pageSize && held.length > 0) flush();
      held.push(record);
      size += more;
    }
    flush();
    return pages;
  }

  #branches(children: readonly Child[]): Child[] {
    const fit = Math.floor((this.#pageSize - headerBytes) / (elementBytes + 18));
    return Array.from({ length: Math.ceil(children.length / fit) }, (_, index) => {
      const held = children.slice(index * fit, (index + 1) * fit);
      const ids = held.map(({ page }) => page);
      const records = held.map(({ key }): BoltRecord => [key, Buffer.alloc(0)]);
      return { key: held[0]?.key ?? Buffer.alloc(0), page: this.#page(flags.branch, records, ids) };
    });
  }

  #page(flag: number, records: readonly BoltRecord[], ids: readonly number[] = []): number {
    const id = this.#pages;
    const isBucketList = records === this.#buckets;
    const content = pageOf(id, flag, records, this.#pageSize, isBucketList ? 1 : 0, ids);
    this.#pages += content.length / this.#pageSize;
    this.#write(content, id * this.#pageSize);
    return id;
  }
}

/** One page with those that it overflows into; `pageSize` 0 for one inside a value. */
function pageOf(
  id: number,
  flag: number,
  records: readonly BoltRecord[],
  pageSize: number,
  elementFlags: number,
  ids: readonly number[] = [],
): Buffer {
  const table = headerBytes + records.length * elementBytes;
  const used = records.reduce((sum, [key, value]) => sum + key.length + value.length, table);
  const page = Buffer.alloc(pageSize === 0 ? used : Math.ceil(used / pageSize) * pageSize);
  page.writeBigUInt64LE(BigInt(id));
  page.writeUInt16LE(flag, 8);
  page.writeUInt16LE(records.length, 10);
  page.writeUInt32LE(pageSize === 0 ? 0 : page.length / pageSize - 1, 12);
  let at = table;
  for (const [index, [key, value]] of records.entries()) {
    const element = headerBytes + index * elementBytes;
    if (flag === flags.branch) {
      page.writeUInt32LE(at - element, element);
      page.writeUInt32LE(key.length, element + 4);
      page.writeBigUInt64LE(BigInt(ids[index] ?? 0), element + 8);
    } else {
      page.writeUInt32LE(elementFlags, element);
      page.writeUInt32LE(at - element, element + 4);
      page.writeUInt32LE(key.length, element + 8);
      page.writeUInt32LE(value.length, element + 12);
    }
    key.copy(page, at);
    value.copy(page, at + key.length);
    at += key.length + value.length;
  }
  return page;
}
