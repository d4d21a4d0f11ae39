import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource } from './api.ts';
import { Backoff, type Patience } from './backoff.ts';
import { Gone } from './gone.ts';
import { type ListQuery, listPages, mostObjects } from './list.ts';
import { ObjectStore } from './object-store.ts';
import { pause } from './pause.ts';
import { watch } from './watch.ts';

/** Milliseconds, but for `watchSeconds`. */
export interface ReflectTiming extends Patience {
  /** How long a watch lasts before it is made anew. */
  readonly watchSeconds: () => number;
  /** How long after that a server may take to end it. */
  readonly grace: number;
  /** Before asking again for what may not be seen or does not exist. */
  readonly slow: number;
}

export const reflectTiming: ReflectTiming = {
  watchSeconds: () => 240 + Math.random() * 120,
  grace: 30_000,
  least: 1_000,
  most: 60_000,
  slow: 60_000,
};

export interface ReflectOptions<T> {
  readonly client: ApiClient;
  readonly resource: ApiResource;
  readonly query: ListQuery;
  /** What to keep of an object; undefined leaves it out. */
  readonly read: (object: unknown) => T | undefined;
  /** Called after each change of the reflection, for each event: whoever shows it waits a little. */
  readonly changed: () => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly timing?: ReflectTiming;
}

/** A kind's objects as the cluster has them, kept up to date. */
export interface Reflection<T> {
  /** `failed`: they cannot be read; those of the last good answer are kept, and it is tried again. */
  readonly state: 'loading' | 'watched' | 'failed';
  /** Why; undefined unless `failed`. */
  readonly failure: unknown;
  /** Whether the cluster has more than are kept: `query.most`. */
  readonly truncated: boolean;
  objects(): readonly T[];
  /** Resolves after the first answer, good or bad, and when it is ended; never rejects. */
  readonly listed: Promise<void>;
}

/** Lists a kind's objects and watches them until the signal is aborted. */
export function reflect<T>(options: ReflectOptions<T>): Reflection<T> {
  return new Reflector(options);
}

/** So many events that are none in one watch, and it is listed again. */
const mostUnreadable = 10;

class Reflector<T> implements Reflection<T> {
  readonly listed: Promise<void>;
  readonly #options: ReflectOptions<T>;
  readonly #timing: ReflectTiming;
  readonly #backoff: Backoff;
  #state: Reflection<T>['state'] = 'loading';
  #failure: unknown;
  #store: ObjectStore<T>;
  /** Where to watch from; undefined where it has to be listed. */
  #resourceVersion: string | undefined;
  /** Whether it failed last: a watch that breaks once is ordinary. */
  #broken = false;
  #answered = () => {};

  constructor(options: ReflectOptions<T>) {
    this.#options = options;
    this.#timing = options.timing ?? reflectTiming;
    this.#backoff = new Backoff(this.#timing);
    this.#store = this.#newStore();
    this.listed = new Promise((resolve) => {
      this.#answered = resolve;
    });
    this.#run().then(this.#answered, this.#answered);
  }

  get state(): Reflection<T>['state'] {
    return this.#state;
  }

  get failure(): unknown {
    return this.#failure;
  }

  get truncated(): boolean {
    return this.#store.truncated;
  }

  objects(): readonly T[] {
    return this.#store.objects();
  }

  /** Throws the signal's reason, in the end. */
  async #run(): Promise<never> {
    const { signal } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const wait = await this.#round().catch((error: unknown) => this.#afterFailure(error));
      await pause(wait, signal);
    }
  }

  /** Lists where it has to, and watches until the server ends it. Gives how long to wait. */
  async #round(): Promise<number> {
    if (this.#resourceVersion === undefined) await this.#list();
    // Not by the clock on the wall, which may be put back.
    const since = performance.now();
    const told = await this.#watch(this.#resourceVersion ?? '');
    const left = this.#timing.least - (performance.now() - since);
    // As after a failure: a proxy that knows no watches ends each at once.
    if (!told && left > 0) return this.#backoff.next();
    this.#backoff.reset();
    return Math.max(0, left);
  }

  async #list(): Promise<void> {
    const { client, resource, query, signal } = this.#options;
    const store = this.#newStore();
    let resourceVersion = '';
    for await (const page of listPages(client, resource, query, signal)) {
      if (page.restarted) store.clear();
      for (const object of page.items) store.set(object);
      if (page.truncated) store.noteMore();
      resourceVersion = page.resourceVersion;
    }
    this.#store = store;
    this.#resourceVersion = resourceVersion;
    // Where it failed before, it is well again when it can be watched, too.
    if (this.#broken) this.#options.changed();
    else this.#turn('watched', undefined);
  }

  /** Gives whether it told anything. */
  async #watch(resourceVersion: string): Promise<boolean> {
    const { client, resource, query, signal } = this.#options;
    const options = { resourceVersion, seconds: this.#timing.watchSeconds(), grace: this.#timing.grace };
    const events = await watch(client, resource, query, options, signal);
    if (this.#state === 'failed') this.#turn('watched', undefined);
    let unreadable = 0;
    let told = false;
    for await (const event of events) {
      if (event.type === 'unreadable') {
        if (++unreadable >= mostUnreadable) throw new Gone();
        continue;
      }
      told = true;
      this.#broken = false;
      this.#resourceVersion = event.resourceVersion;
      if (event.type === 'bookmark') continue;
      if (event.type === 'set') this.#store.set(event.object);
      else this.#store.delete(event.object);
      this.#options.changed();
    }
    this.#broken = false;
    return told;
  }

  /** Gives how long to wait. */
  #afterFailure(error: unknown): number {
    if (this.#options.signal.aborted) return 0;
    if (error instanceof Gone) {
      this.#resourceVersion = undefined;
      return this.#backoff.next();
    }
    const final = isFinal(error);
    // A watch that was cut is taken up where it was; only if that fails, too, is it worth telling.
    if (this.#state !== 'watched' || this.#broken || final) {
      this.#resourceVersion = undefined;
      this.#turn('failed', error);
    }
    this.#broken = true;
    return final ? this.#timing.slow : this.#backoff.next();
  }

  #turn(state: 'watched' | 'failed', failure: unknown): void {
    this.#state = state;
    this.#failure = failure;
    this.#answered();
    this.#options.changed();
  }

  #newStore(): ObjectStore<T> {
    return new ObjectStore(this.#options.read, this.#options.query.most ?? mostObjects);
  }
}

/** Whether asking again soon would be in vain. */
function isFinal(error: unknown): boolean {
  return (
    Failure.is(error, 'cluster.unauthorized') ||
    Failure.is(error, 'cluster.forbidden') ||
    Failure.is(error, 'cluster.not-found')
  );
}
