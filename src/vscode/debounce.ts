import type { Disposable } from 'vscode';

/** Puts work off until it has not been asked for during a delay, key by key: only what was asked last is done. */
export class Debounce implements Disposable {
  readonly #delay: number;
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  /** @param delay in milliseconds */
  constructor(delay: number) {
    this.#delay = delay;
  }

  schedule(work: () => unknown, key = ''): void {
    this.cancel(key);
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      void work();
    }, this.#delay);
    this.#waiting.set(key, timer);
  }

  cancel(key = ''): void {
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
