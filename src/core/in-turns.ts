/** Milliseconds of work after which others get a turn. */
const turn = 8;

/** The outcome of each, one after the other; other work gets its turn in between, and an aborted signal ends it. */
export async function inTurns<T, U>(
  items: Iterable<T>,
  signal: AbortSignal,
  work: (item: T) => U,
): Promise<readonly U[]> {
  const done: U[] = [];
  let since = performance.now();
  for (const item of items) {
    signal.throwIfAborted();
    done.push(work(item));
    if (performance.now() - since < turn) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
  return done;
}
