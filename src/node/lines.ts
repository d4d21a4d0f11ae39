/** A line without its newline. */
export interface StreamLine {
  /** Undefined where the line is longer than allowed: it was passed over. */
  readonly content: Uint8Array | undefined;
  readonly bytes: number;
  /** Whether a newline follows: the last line may do without. */
  readonly ended: boolean;
}

/**
 * A stream of bytes in lines. One line at a time is in memory, and never more of it than the limit.
 *
 * @param limit in bytes
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<StreamLine> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes > limit) parts = [];
    else parts.push(part);
  };
  const take = (ended: boolean): StreamLine => {
    const line = { content: bytes > limit ? undefined : Buffer.concat(parts), bytes, ended };
    [parts, bytes] = [[], 0];
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      add(chunk.subarray(start, end));
      yield take(true);
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (bytes > 0) yield take(false);
}
