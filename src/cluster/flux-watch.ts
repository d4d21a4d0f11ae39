import type { FluxList } from '../app/clusters/flux-object.ts';
import type { ApiClient, Discovery } from './api/api.ts';
import { pause } from './api/pause.ts';
import { type ReflectTiming, reflectTiming } from './api/reflect.ts';
import { fluxKinds } from './flux/flux-kinds.ts';
import { KindWatch } from './kind-watch.ts';

/** Milliseconds. */
export interface FluxWatchTiming {
  /** Before looking again for kinds that the cluster did not serve, and for those of which it did not tell. */
  readonly absent: number;
  readonly failed: number;
  readonly reflect: ReflectTiming;
}

export const fluxWatchTiming: FluxWatchTiming = { absent: 300_000, failed: 30_000, reflect: reflectTiming };

/** All Flux objects of a cluster, kept up to date from the moment it is made until it is closed. */
export class FluxWatch {
  /** Resolves when every kind was listed once, or failed; never rejects. */
  readonly listed: Promise<void>;
  readonly #discovery: Discovery;
  readonly #timing: FluxWatchTiming;
  readonly #kinds: readonly KindWatch[];
  readonly #listeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #lists: readonly FluxList[] = [];
  #telling: NodeJS.Immediate | undefined;

  constructor(client: ApiClient, discovery: Discovery, timing: FluxWatchTiming = fluxWatchTiming) {
    this.#discovery = discovery;
    this.#timing = timing;
    const cluster = { client, discovery, changed: () => this.#changed(), timing: timing.reflect };
    this.#kinds = fluxKinds.map((kind) => new KindWatch(kind, cluster));
    this.listed = Promise.all(this.#kinds.map((kind) => kind.look())).then(() => {});
    // Ends with the signal's reason, when it is closed.
    this.listed.then(() => this.#lookAgain()).catch(() => {});
  }

  /** In the tree's order. The same array, and in it the same lists, until something changes. */
  get lists(): readonly FluxList[] {
    const now = this.#kinds.map(({ list }) => list);
    if (now.some((list, index) => list !== this.#lists[index])) this.#lists = now;
    return this.#lists;
  }

  /** Calls the listener once for what changes at about the same time. Returns how to stop. */
  onDidChange(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  close(): void {
    this.#closing.abort();
    for (const kind of this.#kinds) kind.close();
    this.#listeners.clear();
    clearImmediate(this.#telling);
  }

  /** A definition may be installed later. Whatever is missing, the cluster is asked once what it serves. */
  async #lookAgain(): Promise<never> {
    for (;;) {
      const failed = this.#kinds.some(({ isWatched, list }) => !isWatched && list.state === 'failed');
      await pause(failed ? this.#timing.failed : this.#timing.absent, this.#closing.signal);
      const missing = this.#kinds.filter(({ isWatched }) => !isWatched);
      if (missing.length === 0) continue;
      this.#discovery.refresh();
      await Promise.all(missing.map((kind) => kind.look()));
    }
  }

  #changed(): void {
    if (this.#closing.signal.aborted) return;
    this.#telling ??= setImmediate(() => {
      this.#telling = undefined;
      for (const listener of this.#listeners) listener();
    });
  }
}
