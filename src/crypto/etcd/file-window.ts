import { Failure } from '../../core/errors.ts';

/** Fills `into` with a file's bytes from `position` on; gives how many there were. */
export type ReadAt = (into: Uint8Array, position: number) => number;

/** As many bytes as `FileWindow.bytes` gives at most. */
export const windowBytes = 8 * 1024;

const chunkBytes = 32 * 1024;
const slots = 64;
/** Chunks read at once, at most: half a megabyte. */
const longestRun = 16;

interface Chunk {
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * A file as bytes at positions, in a few megabytes of memory however large it is. Whoever goes through it from its end to its
 * beginning has ever more of it read at once, which the operating system does only for those who go forward. Little-endian, as
 * bbolt writes on nearly every machine. Throws Failure `snapshot.malformed` where the file ends too soon.
 */
export class FileWindow {
  readonly size: number;
  readonly #readAt: ReadAt;
  readonly #chunks: (Chunk | undefined)[] = Array.from({ length: slots });
  #lowest = -1;
  #run = 1;

  constructor(readAt: ReadAt, size: number) {
    this.#readAt = readAt;
    this.size = size;
  }

  u16(at: number): number {
    const { bytes, start } = this.#chunk(at, 2);
    return bytes.readUInt16LE(at - start);
  }

  u32(at: number): number {
    const { bytes, start } = this.#chunk(at, 4);
    return bytes.readUInt32LE(at - start);
  }

  /** Exact up to 2^53; what is larger is larger than any file too. */
  u64(at: number): number {
    return this.u32(at + 4) * 0x1_0000_0000 + this.u32(at);
  }

  /** At most `windowBytes` of them: a view, good until the next call. */
  bytes(at: number, length: number): Buffer {
    const { bytes, start } = this.#chunk(at, length);
    return bytes.subarray(at - start, at - start + length);
  }

  /** The chunk that holds these bytes. Chunks overlap, so that one always does. */
  #chunk(at: number, length: number): Chunk {
    const index = Math.floor(at / chunkBytes);
    const held = this.#chunks[index % slots];
    const chunk = held?.start === index * chunkBytes ? held : this.#read(index);
    if (at + length > chunk.start + chunk.bytes.byteLength)
      throw new Failure('snapshot.malformed', { reason: 'it ends too soon' });
    return chunk;
  }

  /** Reads a chunk, with those below it where they are likely to be next. */
  #read(index: number): Chunk {
    this.#run = index === this.#lowest - 1 ? Math.min(this.#run * 2, longestRun) : 1;
    this.#lowest = Math.max(0, index - this.#run + 1);
    const start = this.#lowest * chunkBytes;
    const end = Math.min((index + 1) * chunkBytes + windowBytes, this.size);
    const room = Buffer.allocUnsafeSlow(Math.max(0, end - start));
    const bytes = room.subarray(0, this.#readAt(room, start));
    const chunkAt = (one: number): Chunk => {
      const from = one * chunkBytes - start;
      return { start: one * chunkBytes, bytes: bytes.subarray(from, from + chunkBytes + windowBytes) };
    };
    for (let one = this.#lowest; one < index; one++) this.#chunks[one % slots] = chunkAt(one);
    const chunk = chunkAt(index);
    this.#chunks[index % slots] = chunk;
    return chunk;
  }
}
