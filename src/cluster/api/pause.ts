/** Waits; throws a signal's reason when it is aborted. Leaves no listener behind. */
export function pause(milliseconds: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const signal of signals) signal.throwIfAborted();
    const end = (settle: () => void) => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', stop);
      settle();
    };
    const stop = () => end(() => reject(signals.find(({ aborted }) => aborted)?.reason));
    const timer = setTimeout(() => end(resolve), milliseconds);
    for (const signal of signals) signal.addEventListener('abort', stop, { once: true });
  });
}

/** Somebody else's work, waited for as long as the signal allows: it goes on when this throws the signal's reason. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
  });
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
