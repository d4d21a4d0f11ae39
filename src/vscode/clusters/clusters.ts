import { type Disposable, type Event, EventEmitter, workspace } from 'vscode';
import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { ClusterConnector, ConnectionConsent, OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';
import { Failure } from '../../core/errors.ts';
import { Disposables } from '../disposables.ts';
import type { Cluster, KubeconfigSources, RootSource } from './cluster.ts';
import { sourceId, sourceTitle, titlesOf } from './cluster-titles.ts';
import { type About, Connection } from './connection.ts';
import { Kubeconfig } from './kubeconfig.ts';

/** What `Clusters` needs from outside. */
interface Outside {
  readonly sources: KubeconfigSources;
  /** Kubernetes code is loaded when a person first opens a cluster. */
  readonly connector: () => Promise<ClusterConnector>;
  readonly consent: ConnectionConsent;
  /** Is told what is no `Failure`. */
  readonly tellBug: (error: unknown) => void;
}

/** A kubeconfig whose text is in a Secret of another cluster. */
type RemoteSource = Extract<KubeconfigSource, { readonly via: string }>;

/** Which clusters there are, and which of them are connected. Connects and decrypts only when `open` or `read` is called. */
export class Clusters implements Disposable {
  readonly #own = new Disposables();
  readonly #outside: Outside;
  readonly #changed = this.#own.add(new EventEmitter<Cluster | undefined>());
  /** Tells of a cluster whose state or objects changed; without one, of which there are. */
  readonly onDidChange: Event<Cluster | undefined> = this.#changed.event;
  #kubeconfigs: readonly Kubeconfig[] = [];
  #failure: unknown;
  #listing: Promise<void> | undefined;
  /** Of looking for kubeconfigs: only what the last one found counts. */
  #round = 0;
  /** Those whose kubeconfigs an open cluster holds, by that cluster's id. */
  readonly #remotes = new Map<string, Map<string, Connection>>();
  readonly #closed = new Map<string, number>();
  readonly #disposing = new AbortController();

  constructor(outside: Outside) {
    this.#outside = outside;
    this.#own.add(outside.sources.onDidChange(() => void this.#relist()));
    this.#own.add(workspace.onDidGrantWorkspaceTrust(() => void this.#relist()));
  }

  dispose(): void {
    this.#disposing.abort();
    for (const kubeconfig of this.#kubeconfigs) kubeconfig.close();
    this.#own.dispose();
  }

  /** The kubeconfigs there are; looks for them when first asked. None in Restricted Mode. */
  async list(): Promise<readonly Kubeconfig[]> {
    await (this.#listing ?? this.#relist());
    return this.#kubeconfigs;
  }

  /** Why the last look failed; the kubeconfigs of the one before are kept. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Every cluster that is known now, those in others included. */
  all(): readonly Cluster[] {
    return [
      ...this.#kubeconfigs.flatMap(({ clusters }) => clusters),
      ...[...this.#remotes.values()].flatMap((remotes) => [...remotes.values()]),
    ];
  }

  /** Looks anew for kubeconfigs. What is connected stays so, and nothing is connected. */
  async refresh(): Promise<void> {
    for (const kubeconfig of this.#kubeconfigs) {
      kubeconfig.forget();
      if (kubeconfig.isRead && kubeconfig.source.from === 'own') await this.#read(kubeconfig);
    }
    await this.#relist(true);
  }

  /** Learns what contexts a kubeconfig holds, without connecting to any. Never throws: see its `failure`. */
  async read(kubeconfig: Kubeconfig): Promise<void> {
    if (kubeconfig.isRead) return;
    await this.#read(kubeconfig);
    // Its row says how many there are.
    if (kubeconfig.isRead) this.#changed.fire(undefined);
  }

  /**
   * Connects to a cluster; where that fails, its `failure` says why. Who asks twice waits for the same attempt. Throws
   * `workspace.untrusted`.
   */
  async open(cluster: Cluster): Promise<void> {
    if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
    const connection = this.#connectionOf(cluster);
    await connection?.open((signal) => this.#connect(connection, signal));
  }

  /** Disconnects from a cluster and from those whose kubeconfigs it holds; gives up opening it. */
  close(cluster: Cluster): void {
    this.#connectionOf(cluster)?.close();
  }

  /** Aborted when the cluster is closed. */
  lifetime(cluster: Cluster): AbortSignal {
    return this.#connectionOf(cluster)?.lifetime ?? AbortSignal.abort();
  }

  /** How often the cluster was closed, also under an earlier listing. */
  closed({ id }: Pick<Cluster, 'id'>): number {
    return this.#closed.get(id) ?? 0;
  }

  /** The clusters whose kubeconfigs Secrets of this one hold; those of one kind of source that are no longer given are closed. */
  remotes(via: Cluster, from: RemoteSource['from'], given: readonly RemoteSource[]): readonly Cluster[] {
    const known = this.#remotes.get(via.id) ?? new Map<string, Connection>();
    this.#remotes.set(via.id, known);
    const wanted = new Map(given.map((source) => [sourceId(source), source]));
    for (const [id, cluster] of known) {
      if (cluster.source.from !== from || wanted.has(id)) continue;
      known.delete(id);
      cluster.close();
    }
    return [...wanted].map(([id, source]) => {
      const cluster =
        known.get(id) ?? this.#cluster({ id, title: sourceTitle(source), context: undefined, source });
      cluster.source = source;
      known.set(id, cluster);
      return cluster;
    });
  }

  #connectionOf({ id }: Cluster): Connection | undefined {
    for (const { clusters } of this.#kubeconfigs)
      for (const each of clusters) if (each.id === id) return each;
    for (const remotes of this.#remotes.values()) {
      const found = remotes.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #cluster(about: About): Connection {
    const connection: Connection = new Connection(about, (change) => {
      if (change === 'closed') {
        this.#closed.set(about.id, this.closed(about) + 1);
        this.#forgetRemotes(about.id);
      } else if (change === 'connection') this.#tellIfBug(connection.failure);
      this.#changed.fire(change === 'closed' ? undefined : connection);
    });
    return connection;
  }

  #forgetRemotes(id: string): void {
    const remotes = this.#remotes.get(id);
    this.#remotes.delete(id);
    for (const cluster of remotes?.values() ?? []) cluster.close();
  }

  async #connect(cluster: Connection, signal: AbortSignal): Promise<ClusterSession | undefined> {
    const { source, context } = cluster;
    const { consent } = this.#outside;
    const connector = await this.#outside.connector();
    if (source.from === 'secret' || source.from === 'user-cluster')
      return connector.connect(await this.#fromSecret(source, signal), undefined, consent, signal);
    const opened = await this.#outside.sources.open(source, signal);
    signal.throwIfAborted();
    const kubeconfig = this.#kubeconfigs.find(({ id }) => id === sourceId(source));
    if (kubeconfig?.setContexts(contextsOf(connector, opened)) === true) this.#changed.fire(undefined);
    signal.throwIfAborted();
    if (context === undefined && kubeconfig?.isGroup === true) return undefined;
    const holds = (each: OpenedKubeconfig) => connector.contexts(each).some(({ name }) => name === context);
    const chosen = opened.length === 1 ? opened[0] : (opened.find(holds) ?? opened[0]);
    if (chosen === undefined) throw new Failure('kubeconfig.no-context', { name: context });
    return connector.connect(chosen, context, consent, signal);
  }

  async #fromSecret(source: RemoteSource, signal: AbortSignal): Promise<OpenedKubeconfig> {
    const session = this.all().find(({ id }) => id === source.via)?.session;
    if (session === undefined) throw new Failure('cluster.closed', {});
    const { namespace } = source;
    const [name, key] =
      source.from === 'secret' ? [source.name, source.key] : ['admin-kubeconfig', 'kubeconfig'];
    const text = await session.readSecret({ namespace, name, key }, signal);
    return { title: sourceTitle(source), text, files: undefined };
  }

  /** @param tell even if nothing is another than before */
  async #relist(tell = false): Promise<void> {
    const listing = this.#list(tell);
    this.#listing = listing;
    await listing;
  }

  async #list(tell: boolean): Promise<void> {
    const round = ++this.#round;
    const [before, failure] = [this.#kubeconfigs.map(({ source }) => source), this.#failure];
    try {
      const sources = workspace.isTrusted ? await this.#outside.sources.list() : [];
      if (round !== this.#round) return;
      this.#failure = undefined;
      this.#takeOver(new Map(sources.map((source) => [sourceId(source), source])));
    } catch (error) {
      this.#tellIfBug(error);
      this.#failure = error;
    }
    const now = this.#kubeconfigs.map(({ source }) => source);
    const same = failure === this.#failure && JSON.stringify(before) === JSON.stringify(now);
    if (tell || !same) this.#changed.fire(undefined);
  }

  #takeOver(sources: ReadonlyMap<string, RootSource>): void {
    const known = new Map(this.#kubeconfigs.map((kubeconfig) => [kubeconfig.id, kubeconfig]));
    for (const [id, kubeconfig] of known) if (!sources.has(id)) kubeconfig.close();
    const titles = titlesOf([...sources.values()]);
    this.#kubeconfigs = [...sources].map(([id, source]) => {
      const kubeconfig = known.get(id) ?? new Kubeconfig(source, (about) => this.#cluster(about));
      kubeconfig.source = source;
      kubeconfig.title = titles.get(id) ?? kubeconfig.title;
      return kubeconfig;
    });
  }

  async #read(kubeconfig: Kubeconfig): Promise<void> {
    try {
      const opened = await this.#outside.sources.open(kubeconfig.source, this.#disposing.signal);
      kubeconfig.setContexts(contextsOf(await this.#outside.connector(), opened));
    } catch (error) {
      this.#tellIfBug(error);
      kubeconfig.failure = error;
    }
  }

  #tellIfBug(error: unknown): void {
    if (error !== undefined && !(error instanceof Failure)) this.#outside.tellBug(error);
  }
}

function contextsOf(connector: ClusterConnector, opened: readonly OpenedKubeconfig[]): string[] {
  return opened.flatMap((each) => connector.contexts(each).map(({ name }) => name));
}
