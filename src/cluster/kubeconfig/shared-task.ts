/** Work that several wait for at once: it is done once, and stopped when none of them waits any more. */
export class SharedTask<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  #waiting = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.#result = work(this.#controller.signal);
    // Each who waits is told; nobody may be waiting any more.
    this.#result.catch(() => {});
  }

  get stopped(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Resolves to what the work gives. Throws what it throws, and the signal's reason. */
  async wait(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    this.#waiting++;
    const { promise, reject } = promiseWithReject();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([this.#result, promise]);
    } finally {
      signal.removeEventListener('abort', abort);
      if (--this.#waiting === 0) this.#controller.abort();
    }
  }
}

function promiseWithReject(): {
  readonly promise: Promise<never>;
  readonly reject: (reason: unknown) => void;
} {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, rejectIt) => {
    reject = rejectIt;
  });
  return { promise, reject };
}
