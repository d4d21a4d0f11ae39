/** How patiently to ask again; milliseconds. */
export interface Patience {
  /** Between two requests, and after the first failure. */
  readonly least: number;
  /** Doubled after each failure up to this. */
  readonly most: number;
}

/** Waits that double from failure to failure, with jitter: many clients that lost one server do not come back at once. */
export class Backoff {
  readonly #patience: Patience;
  #failures = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  next(): number {
    const wait = Math.min(this.#patience.most, this.#patience.least * 2 ** Math.min(this.#failures, 30));
    this.#failures++;
    return wait * (1 + Math.random() / 4);
  }

  reset(): void {
    this.#failures = 0;
  }
}
