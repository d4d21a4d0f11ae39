import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';
import type { Cluster } from './cluster.ts';

/** What is known of a cluster before it is opened. */
export interface About {
  readonly id: string;
  readonly title: string;
  readonly context: string | undefined;
  readonly source: KubeconfigSource;
}

interface Attempt {
  readonly aborting: AbortController;
  readonly done: Promise<void>;
}

/** Connects; gives nothing where the kubeconfig turned out to hold several clusters. */
type Connect = (signal: AbortSignal) => Promise<ClusterSession | undefined>;

/** What a person waits for before the rows are there: later than this, they fill as the lists come in. */
const firstLookAtMost = 1500;

/** A cluster and its connection, from one state to the next. */
export class Connection implements Cluster {
  readonly id: string;
  readonly context: string | undefined;
  /** Another one when a namesake is listed. */
  title: string;
  /** What says the same of itself in other words when it is listed again. */
  source: KubeconfigSource;
  readonly #tell: (change: 'connection' | 'objects' | 'closed') => void;
  #session: ClusterSession | undefined;
  #failure: unknown;
  #attempt: Attempt | undefined;
  #lifetime = new AbortController();
  #stopListening: (() => void) | undefined;

  constructor(about: About, tell: (change: 'connection' | 'objects' | 'closed') => void) {
    this.id = about.id;
    this.title = about.title;
    this.context = about.context;
    this.source = about.source;
    this.#tell = tell;
  }

  get state(): Cluster['state'] {
    if (this.#attempt !== undefined) return 'opening';
    if (this.#session !== undefined) return 'open';
    return this.#failure === undefined ? 'closed' : 'failed';
  }

  get failure(): unknown {
    return this.#failure;
  }

  get session(): ClusterSession | undefined {
    return this.#session;
  }

  /** Aborted when it is closed. */
  get lifetime(): AbortSignal {
    return this.#lifetime.signal;
  }

  /** Opens it, if it is not; who asks while it is opening waits for the same attempt. Never throws: see `failure`. */
  async open(connect: Connect): Promise<void> {
    if (this.#session !== undefined) return;
    if (this.#attempt !== undefined) {
      await this.#attempt.done;
      return;
    }
    const aborting = new AbortController();
    this.#failure = undefined;
    this.#lifetime = aborting;
    const done = this.#try(connect, aborting.signal);
    this.#attempt = { aborting, done };
    this.#tell('connection');
    await done;
  }

  /** Closes it, or gives up opening it. */
  close(): void {
    if (this.state === 'closed') return;
    this.#lifetime.abort();
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#session?.close();
    this.#session = undefined;
    this.#failure = undefined;
    this.#attempt = undefined;
    this.#tell('closed');
  }

  async #try(connect: Connect, signal: AbortSignal): Promise<void> {
    // So that the attempt is known before anything can come of it.
    await Promise.resolve();
    try {
      const session = signal.aborted ? undefined : await connect(signal);
      if (session !== undefined) await firstLook(session);
      if (signal.aborted) {
        session?.close();
        return;
      }
      this.#session = session;
      this.#stopListening = session?.onDidChange(() => this.#tell('objects'));
    } catch (error) {
      if (signal.aborted) return;
      // A person answered no to what it takes.
      if (error instanceof Error && error.name === 'AbortError') {
        this.close();
        return;
      }
      this.#failure = error;
    }
    this.#attempt = undefined;
    this.#tell('connection');
  }
}

/** So that a cluster is drawn once, with what there is in it. */
async function firstLook(session: ClusterSession): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    late = setTimeout(resolve, firstLookAtMost);
  });
  await Promise.race([session.listed(), patience]);
  clearTimeout(late);
}
