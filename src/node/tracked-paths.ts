/** The paths that git tracks, as an index file lists them: byte strings with `/` from the root of the work tree. */
export class TrackedPaths {
  readonly #entries: Entries;
  /** The name, beside it, of the index file that this one adds to (`git update-index --split-index`). */
  readonly base: string | undefined;

  private constructor(entries: Entries, base: string | undefined) {
    this.#entries = entries;
    this.base = base;
  }

  /** Undefined for what is no index of version 2 to 4. Source: gitformat-index(5). */
  static read(file: Buffer): TrackedPaths | undefined {
    if (file.length < headerBytes || file.toString('latin1', 0, 4) !== 'DIRC') return undefined;
    const version = file.readUInt32BE(4);
    if (version < 2 || version > 4) return undefined;
    for (const hashBytes of hashSizes) {
      const entries = version === 4 ? readShortened(file, hashBytes) : readPadded(file, hashBytes);
      if (entries !== undefined) return new TrackedPaths(entries, baseOf(file, entries.end, hashBytes));
    }
    return undefined;
  }

  has(path: string): boolean {
    return this.#firstFrom(path) === path;
  }

  /** Whether any stands below a folder, which is given with its slash. */
  hasBelow(folder: string): boolean {
    return this.#firstFrom(folder)?.startsWith(folder) === true;
  }

  /** The first path that is not before this one: git sorts them by their bytes. */
  #firstFrom(path: string): string | undefined {
    const { count, pathOf } = this.#entries;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pathOf(middle) < path) low = middle + 1;
      else high = middle;
    }
    return low === count ? undefined : pathOf(low);
  }
}

interface Entries {
  readonly count: number;
  readonly pathOf: (entry: number) => string;
  /** The offset after the last of them. */
  readonly end: number;
}

const headerBytes = 12;
/** What an entry has before its hash: the times, numbers and size of a file. */
const statBytes = 40;
/** SHA-1 and SHA-256. The file does not say which: with the wrong one, the first path has not the length it should. */
const hashSizes = [20, 32] as const;
/** A flag of an entry: two more bytes of flags follow. */
const extended = 0x4000;
/** The flags that say how long the path is; all of them: or longer. */
const lengthFlags = 0xfff;
/** How much longer all paths may be than the file that shortens them. */
const unpackedAtMost = 4;

function countOf(file: Buffer, hashBytes: number): number | undefined {
  const count = file.readUInt32BE(8);
  return count * (statBytes + hashBytes) < file.length ? count : undefined;
}

/** Versions 2 and 3: whole paths, each entry filled up with one to eight zeros to a multiple of eight bytes. */
function readPadded(file: Buffer, hashBytes: number): Entries | undefined {
  const count = countOf(file, hashBytes);
  if (count === undefined) return undefined;
  // Of thousands of paths a few are asked for: only these become strings.
  const starts = new Uint32Array(count);
  let at = headerBytes;
  for (let entry = 0; entry < count; entry++) {
    const flags = flagsAt(file, at + statBytes + hashBytes);
    const start = at + statBytes + hashBytes + flags.bytes;
    const end = flags.length < lengthFlags ? start + flags.length : file.indexOf(0, start);
    if (end < start || file[end] !== 0) return undefined;
    starts[entry] = start;
    at += (end - at + 8) & ~7;
  }
  const pathOf = (entry: number) => {
    const start = starts[entry] ?? 0;
    return file.toString('latin1', start, file.indexOf(0, start));
  };
  return { count, pathOf, end: at };
}

/** Version 4: how much of the path before is dropped, and what is put in its place. */
function readShortened(file: Buffer, hashBytes: number): Entries | undefined {
  const count = countOf(file, hashBytes);
  if (count === undefined) return undefined;
  const paths: string[] = [];
  let path = '';
  let unpacked = 0;
  let at = headerBytes;
  for (let entry = 0; entry < count; entry++) {
    const flags = flagsAt(file, at + statBytes + hashBytes);
    const dropped = readVariableNumber(file, at + statBytes + hashBytes + flags.bytes);
    const end = file.indexOf(0, dropped.end);
    if (end === -1 || dropped.value > path.length) return undefined;
    path = path.slice(0, path.length - dropped.value) + file.toString('latin1', dropped.end, end);
    unpacked += path.length;
    if (Math.min(path.length, lengthFlags) !== flags.length) return undefined;
    if (unpacked > unpackedAtMost * file.length) return undefined;
    paths.push(path);
    at = end + 1;
  }
  return { count, pathOf: (entry) => paths[entry] ?? '', end: at };
}

function flagsAt(file: Buffer, at: number) {
  const flags = ((file[at] ?? 0) << 8) | (file[at + 1] ?? 0);
  return { length: flags & lengthFlags, bytes: (flags & extended) === 0 ? 2 : 4 };
}

/** Seven bits a byte; the high bit says that more follow, and each of those adds one. */
function readVariableNumber(file: Buffer, start: number) {
  let at = start;
  let byte = file[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = file[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}

/** From the extension `link`, where there is one. */
function baseOf(file: Buffer, start: number, hashBytes: number): string | undefined {
  for (let at = start; at + 8 + hashBytes <= file.length; ) {
    if (file.toString('latin1', at, at + 4) === 'link')
      return `sharedindex.${file.toString('hex', at + 8, at + 8 + hashBytes)}`;
    at += 8 + file.readUInt32BE(at + 4);
  }
  return undefined;
}
