import { commands, type Disposable, type Event, EventEmitter } from 'vscode';
import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { FluxObject, ObjectRef } from '../../app/clusters/flux-object.ts';
import { Disposables } from '../disposables.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import { listOfKind } from './flux-order.ts';

/** A thousand objects change one after the other when a source does. In milliseconds. */
const delay = 300;

/** A cluster that is connected. */
export interface OpenCluster {
  readonly cluster: Cluster;
  readonly session: ClusterSession;
}

/**
 * The clusters that are connected, with one event for whatever changed about them or their Flux objects. Keeps
 * `purser.hasOpenCluster`, which menus depend on.
 */
export class OpenClusters implements Disposable {
  readonly #own = new Disposables();
  readonly #clusters: Pick<Clusters, 'all'>;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;
  #timer: NodeJS.Timeout | undefined;

  constructor(clusters: Pick<Clusters, 'all' | 'onDidChange'>) {
    this.#clusters = clusters;
    this.#own.add(clusters.onDidChange(() => this.#tell()));
  }

  all(): readonly OpenCluster[] {
    return this.#clusters.all().flatMap((cluster) => {
      const { session } = cluster;
      return session === undefined ? [] : [{ cluster, session }];
    });
  }

  byId(id: string): OpenCluster | undefined {
    return this.all().find(({ cluster }) => cluster.id === id);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#own.dispose();
  }

  /** Soon, and not again until then: to wait for quiet could take for ever. */
  #tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void commands.executeCommand('setContext', 'purser.hasOpenCluster', this.all().length > 0);
      this.#changed.fire();
    }, delay);
  }
}

/** Every object of a Flux kind that is known. */
export function objectsOfKind(
  session: ClusterSession,
  kind: Pick<ObjectRef, 'group' | 'kind'>,
): readonly FluxObject[] {
  return listOfKind(session.flux(), kind)?.objects ?? [];
}
