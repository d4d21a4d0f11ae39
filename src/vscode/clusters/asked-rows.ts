import { l10n } from 'vscode';
import type { ClusterSession, SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import type { Health } from '../../app/clusters/flux-object.ts';
import { Failure } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import { EncryptionRows } from './encryption-rows.ts';
import type { EncryptionKnown } from './fact.ts';
import { nameOrder } from './flux-order.ts';
import { cutOff, keyOfRef } from './flux-rows.ts';
import { kkpFacts } from './kkp-facts.ts';
import type { Entry } from './known-rows.ts';
import { failureRow, noteRow } from './message-rows.ts';
import { clusterEntries } from './remote-rows.ts';
import { dayOf } from './row-words.ts';
import type { Row } from './rows.ts';

/** What is not well stands first. */
const ranks: { readonly [H in Health]: number } = {
  degraded: 0,
  missing: 1,
  progressing: 2,
  unknown: 3,
  elsewhere: 4,
  healthy: 4,
};

type AskedRow = Extract<
  Row,
  {
    row:
      | 'inventory'
      | 'events'
      | 'sealed-secrets'
      | 'encryption'
      | 'remotes'
      | 'kkp-encryption'
      | 'kkp-cluster';
  }
>;
type AskedClusters = Pick<Clusters, 'all' | 'lifetime' | 'remotes' | 'closed'>;
type Ask = (session: ClusterSession, signal: AbortSignal) => Promise<readonly Entry[]>;

/** What of a cluster is asked for only when a person wants to see it. An answer is kept until what it is about changes, or it is forgotten. */
export class AskedRows {
  readonly #clusters: AskedClusters;
  readonly #tellBug: (error: unknown) => void;
  readonly #encryption: EncryptionRows;
  #answers = new WeakMap<object, Map<string, Promise<unknown>>>();

  /** @param tellChanged is told when the row of a cluster's encryption says something else */
  constructor(
    clusters: AskedClusters,
    tellBug: (error: unknown) => void,
    tellChanged: (cluster: Cluster) => void,
  ) {
    this.#clusters = clusters;
    this.#tellBug = tellBug;
    this.#encryption = new EncryptionRows(clusters, tellChanged);
  }

  encryptionOf(cluster: Cluster): EncryptionKnown {
    return this.#encryption.knownOf(cluster);
  }

  /** Asks everything anew. */
  forget(): void {
    this.#answers = new WeakMap();
  }

  /** Asks anew what is below a row, when that is drawn next. Gives whether it was asked before. */
  forgetBelow(row: Row): boolean {
    if (row.row === 'inventory' || row.row === 'events') return this.#forget(row.object, row.row);
    if (row.row === 'sealed-secrets') return this.#forget(row.cluster.session, 'controllers');
    if (row.row === 'encryption') return this.#forget(row.cluster.session, 'encryption');
    if (row.row === 'kkp-cluster') return this.#forget(row.cluster.session, `kkp ${row.user.id}`);
    const isListed = row.row === 'remotes' || row.row === 'kkp-encryption';
    return isListed && this.#forget(row.cluster.session, 'user clusters');
  }

  /** What stands below a row; a sentence where that could not be had. */
  async below(row: AskedRow): Promise<readonly Entry[]> {
    const { cluster } = row;
    const signal = this.#clusters.lifetime(cluster);
    try {
      return cluster.session === undefined ? [] : await this.#askFor(row)(cluster.session, signal);
    } catch (error) {
      if (signal.aborted) return [];
      if (!(error instanceof Failure)) this.#tellBug(error);
      return [['failure', failureRow(error)]];
    }
  }

  #askFor(row: AskedRow): Ask {
    if (row.row === 'inventory') return this.#inventory(row);
    if (row.row === 'events') return this.#events(row);
    if (row.row === 'encryption')
      return (session, signal) =>
        this.#once(session, 'encryption', () => this.#encryption.below(row.cluster, session, signal));
    if (row.row === 'kkp-encryption') return this.#userEncryption(row);
    if (row.row === 'kkp-cluster') return this.#userFacts(row);
    return row.row === 'remotes' ? this.#userClusters(row) : this.#controllers(row);
  }

  #inventory({ cluster, object }: Extract<Row, { row: 'inventory' }>): Ask {
    return async (session, signal) => {
      const items = await this.#once(object, 'inventory', () => session.inventory(object, signal));
      if (items.length === 0) return [['none', noteRow(l10n.t('Nothing was applied.'))]];
      const sorted = items.toSorted((a, b) => ranks[a.health] - ranks[b.health]);
      return cutOff(sorted.map((item) => [keyOfRef(item.ref), { row: 'item', cluster, item }]));
    };
  }

  #events({ cluster, object }: Extract<Row, { row: 'events' }>): Ask {
    return async (session, signal) => {
      const events = await this.#once(object, 'events', () => session.events(object, signal));
      if (events.length === 0) return [['none', noteRow(l10n.t('No events.'))]];
      return events.map((event, index) => [String(index), { row: 'event', cluster, event }]);
    };
  }

  #controllers({ cluster }: AskedRow): Ask {
    return async (session, signal) => {
      const controllers = await this.#once(session, 'controllers', () => session.sealedSecrets(signal));
      if (controllers.length === 0) return [['none', noteRow(l10n.t('No controller was found.'))]];
      return controllers.map((controller) => [
        JSON.stringify([controller.namespace, controller.name]),
        { row: 'controller', cluster, controller },
      ]);
    };
  }

  #userClusters({ cluster }: AskedRow): Ask {
    return async (session, signal) => {
      const found = await this.#once(session, 'user clusters', () => session.userClusters(signal));
      if (found === undefined || found.length === 0) return [['none', noteRow(l10n.t('No user clusters.'))]];
      const sources = found.map(
        ({ id, namespace, title, phase, encryption }) =>
          ({ from: 'user-cluster', via: cluster.id, id, namespace, title, phase, encryption }) as const,
      );
      const clusters = this.#clusters.remotes(cluster, 'user-cluster', sources);
      return clusterEntries(clusters, (each) => this.#clusters.closed(each));
    };
  }

  #userEncryption({ cluster }: AskedRow): Ask {
    return async (session, signal) => {
      const found = await this.#once(session, 'user clusters', () => session.userClusters(signal));
      if (found === undefined || found.length === 0) return [['none', noteRow(l10n.t('No user clusters.'))]];
      const compare = nameOrder();
      return found
        .toSorted((a, b) => compare(a.title, b.title))
        .map((user) => [user.id, { row: 'kkp-cluster', cluster, user }]);
    };
  }

  #userFacts({ cluster, user }: Extract<Row, { row: 'kkp-cluster' }>): Ask {
    return async (session, signal) => {
      const told = await this.#once(session, `kkp ${user.id}`, () => session.kkpEncryption(user.id, signal));
      if (told === undefined) return [['none', noteRow(l10n.t('KKP tells nothing of it.'))]];
      return kkpFacts(told).map(([key, fact]) => [key, { row: 'fact', cluster, fact }]);
    };
  }

  #forget(about: object | undefined, what: string): boolean {
    return about !== undefined && this.#answers.get(about)?.delete(what) === true;
  }

  #once<T>(about: object, what: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(about) ?? new Map<string, Promise<unknown>>();
    this.#answers.set(about, known);
    const answer = known.get(what) ?? ask();
    known.set(what, answer);
    return answer as Promise<T>;
  }
}

/** The keys of a controller, as far as they may be listed. */
export function belowController(cluster: Cluster, { keys }: SealedSecretsController): Entry[] {
  if (keys === undefined) return [['none', noteRow(l10n.t('Its keys may not be listed.'))]];
  return keys.map(({ name, createdAt, state }) => {
    const description = [state, dayOf(createdAt)].filter((part) => part !== '').join(' · ');
    return [name, { row: 'sealing-key', cluster, name, description }];
  });
}
