import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import type { EncryptionKnown, FactState } from './fact.ts';
import type { Entry } from './known-rows.ts';

class Known implements EncryptionKnown {
  said: { readonly text: string; readonly state: FactState } | undefined;
}

/** What stands below *Encryption at Rest* of each cluster, and what that row says once a person has looked below it. */
export class EncryptionRows {
  readonly #clusters: Pick<Clusters, 'all'>;
  readonly #tellChanged: (cluster: Cluster) => void;
  readonly #known = new WeakMap<ClusterSession, Known>();

  constructor(clusters: Pick<Clusters, 'all'>, tellChanged: (cluster: Cluster) => void) {
    this.#clusters = clusters;
    this.#tellChanged = tellChanged;
  }

  /** The same for as long as the cluster is open: what it says changes. */
  knownOf({ session }: Cluster): EncryptionKnown {
    return session === undefined ? new Known() : this.#of(session);
  }

  /** Asks the cluster, and the seed that it comes from. Throws `cluster.…` and the signal's reason. */
  async below(cluster: Cluster, session: ClusterSession, signal: AbortSignal): Promise<readonly Entry[]> {
    const { askEncryption } = await import('./ask-encryption.ts');
    const { said, facts } = await askEncryption(cluster, session, this.#clusters, signal);
    const known = this.#of(session);
    const isNews = known.said?.text !== said.text;
    known.said = said;
    if (isNews) this.#tellChanged(cluster);
    return facts.map(([key, fact]) => [key, { row: 'fact', cluster, fact }]);
  }

  #of(session: ClusterSession): Known {
    const known = this.#known.get(session) ?? new Known();
    this.#known.set(session, known);
    return known;
  }
}
