import type { FluxList, FluxObject } from '../app/clusters/flux-object.ts';
import { Failure } from '../core/errors.ts';
import type { ApiClient, Discovery } from './api/api.ts';
import { type Reflection, type ReflectTiming, reflect } from './api/reflect.ts';
import type { FluxKindTraits } from './flux/flux-kinds.ts';
import { readFluxObject } from './flux/flux-object.ts';

/** What the watches of a cluster's kinds share. */
export interface WatchedCluster {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  /** Called for each change, however small. */
  readonly changed: () => void;
  readonly timing: ReflectTiming;
}

/** The objects of one kind, once the cluster was found to serve it. */
export class KindWatch {
  readonly #kind: FluxKindTraits;
  readonly #cluster: WatchedCluster;
  readonly #closing = new AbortController();
  #reflection: Reflection<FluxObject> | undefined;
  #ending: AbortController | undefined;
  /** The same until something changes. */
  #list: FluxList;
  #stale = false;

  constructor(kind: FluxKindTraits, cluster: WatchedCluster) {
    this.#kind = kind;
    this.#cluster = cluster;
    this.#list = { kind, state: 'loading', failure: undefined, objects: [], truncated: false };
  }

  /** Whether there is nothing left to look for. */
  get isWatched(): boolean {
    return this.#reflection !== undefined;
  }

  get list(): FluxList {
    const reflection = this.#reflection;
    if (this.#stale && reflection !== undefined) {
      const { state, failure, truncated } = reflection;
      this.#list = { kind: this.#kind, state, failure, objects: reflection.objects(), truncated };
    }
    this.#stale = false;
    return this.#list;
  }

  /** Asks whether the cluster serves the kind, and watches it if so. Resolves when it was listed, or cannot be; never rejects. */
  async look(): Promise<void> {
    if (this.isWatched) return;
    const { client, discovery, timing } = this.#cluster;
    const { signal } = this.#closing;
    try {
      const resource = await discovery.find(this.#kind.group, this.#kind.kind, signal);
      if (signal.aborted) return;
      if (resource === undefined) return this.#settle('absent', undefined);
      const ending = new AbortController();
      this.#ending = ending;
      this.#reflection = reflect({
        client,
        resource,
        query: {},
        read: (object) => readFluxObject(this.#kind, object),
        changed: () => this.#changed(ending),
        signal: ending.signal,
        timing,
      });
      await this.#reflection.listed;
    } catch (error) {
      if (!signal.aborted) this.#settle('failed', error);
    }
  }

  close(): void {
    this.#closing.abort();
    this.#ending?.abort();
  }

  #changed(of: AbortController): void {
    if (of.signal.aborted) return;
    if (Failure.is(this.#reflection?.failure, 'cluster.not-found')) {
      // Its definition was removed, or another version of it is served now: it is looked for again.
      this.#reflection = undefined;
      of.abort();
      this.#settle('absent', undefined);
      return;
    }
    this.#stale = true;
    this.#cluster.changed();
  }

  #settle(state: 'absent' | 'failed', failure: unknown): void {
    const before = this.#list;
    if (before.state === state && before.failure === failure) return;
    const kept = state === 'failed' ? before : { objects: [], truncated: false };
    this.#stale = false;
    this.#list = { kind: this.#kind, state, failure, objects: kept.objects, truncated: kept.truncated };
    this.#cluster.changed();
  }
}
