import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient } from '../../src/cluster/api/api.ts';
import { condition } from './objects.ts';

interface Reconciled {
  readonly metadata: {
    readonly name: string;
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: { readonly lastHandledReconcileAt?: string; readonly observedGeneration?: number };
}

/** What a controller found in an object that it was asked to reconcile. */
export interface Handled {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * In place of Flux' controllers, of which none runs: looks at objects all the time, and answers each change and each request for a
 * reconciliation through the status, as they do; what is suspended it leaves alone.
 */
export class StandInController {
  readonly handled: Handled[] = [];
  readonly #client: ApiClient;
  readonly #paths: readonly string[];
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  constructor(client: ApiClient, paths: readonly string[]) {
    this.#client = client;
    this.#paths = paths;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#client.close();
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      for (const path of this.#paths) await this.#look(path);
      await wait(50);
    }
  }

  async #look(path: string): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    const { metadata, spec, status } = (await this.#client.json({
      method: 'GET',
      path,
      signal,
    })) as Reconciled;
    const { annotations = {}, name, generation } = metadata;
    const asked = annotations['reconcile.fluxcd.io/requestedAt'];
    const isAsked = asked !== undefined && asked !== status?.lastHandledReconcileAt;
    if (spec?.suspend === true || !(isAsked || status?.observedGeneration !== generation)) return;
    if (isAsked) this.handled.push({ name, annotations });
    const ready = condition('Ready', 'True', 'Succeeded', 'reconciled anew');
    const conditions = [{ ...ready, observedGeneration: generation }];
    const patch = { status: { lastHandledReconcileAt: asked, observedGeneration: generation, conditions } };
    await this.#client.json({ method: 'PATCH', path: `${path}/status`, patch, signal });
  }
}
