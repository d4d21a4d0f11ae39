import type { RootSource } from './cluster.ts';
import { contextTitle, sourceId, sourceTitle } from './cluster-titles.ts';
import type { About, Connection } from './connection.ts';

type MakeCluster = (about: About) => Connection;

/**
 * A kubeconfig of the *Clusters* view. What contexts a sealed one holds is known after it was opened: until then it is taken
 * for one cluster. It keeps none of its text.
 */
export class Kubeconfig {
  readonly id: string;
  #title: string;
  #source: RootSource;
  /** Why it could not be read. */
  failure: unknown;
  readonly #make: MakeCluster;
  /** The cluster it is taken for; none for the person's own, which often holds many. */
  readonly #whole: Connection | undefined;
  #contexts: readonly string[] | undefined;
  #inContexts: readonly Connection[] = [];

  constructor(source: RootSource, make: MakeCluster) {
    this.#source = source;
    this.id = sourceId(source);
    this.#title = sourceTitle(source);
    this.#make = make;
    this.#whole =
      source.from === 'own'
        ? undefined
        : make({ id: this.id, title: this.#title, context: undefined, source });
  }

  get title(): string {
    return this.#title;
  }

  /** What it is called depends on what stands beside it. */
  set title(title: string) {
    this.#title = title;
    if (this.#whole !== undefined) this.#whole.title = title;
  }

  get source(): RootSource {
    return this.#source;
  }

  /** The same kubeconfig, which may be sealed otherwise by now. */
  set source(source: RootSource) {
    this.#source = source;
    if (this.#whole !== undefined) this.#whole.source = source;
    for (const cluster of this.#inContexts) cluster.source = source;
  }

  /** Whether it has a row of its own, and each cluster one below. */
  get isGroup(): boolean {
    return this.#whole === undefined || (this.#contexts?.length ?? 0) > 1;
  }

  get isRead(): boolean {
    return this.#contexts !== undefined;
  }

  get clusters(): readonly Connection[] {
    return this.#whole === undefined || this.isGroup ? this.#inContexts : [this.#whole];
  }

  /** Takes over its contexts; clusters of those that were there before stay as they are. Gives whether that changed anything. */
  setContexts(names: readonly string[]): boolean {
    const contexts = [...new Set(names)];
    this.failure = undefined;
    if (JSON.stringify(contexts) === JSON.stringify(this.#contexts)) return false;
    this.#contexts = contexts;
    const before = this.#inContexts;
    this.#inContexts = (this.isGroup ? contexts : []).map((context) => {
      const id = JSON.stringify([this.id, context]);
      const known = before.find((cluster) => cluster.id === id);
      return known ?? this.#make({ id, title: contextTitle(context), context, source: this.#source });
    });
    for (const cluster of before) if (!this.#inContexts.includes(cluster)) cluster.close();
    if (this.isGroup) this.#whole?.close();
    return this.isGroup || before.length > 0;
  }

  /** Forgets what was read, where none of its clusters is in use. */
  forget(): void {
    if (this.clusters.some(({ state }) => state === 'open' || state === 'opening')) return;
    this.failure = undefined;
    this.#contexts = undefined;
    if (this.#whole !== undefined) this.#inContexts = [];
  }

  close(): void {
    this.#whole?.close();
    for (const cluster of this.#inContexts) cluster.close();
  }
}
