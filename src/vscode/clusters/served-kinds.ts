import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { Cluster } from './cluster.ts';

/** What of a cluster is not Flux'. */
export interface Served {
  readonly sealedSecrets: boolean;
  /** Of a KKP seed. */
  readonly userClusters: boolean;
}

const nothing: Served = { sealedSecrets: false, userClusters: false };

/** Which rows a cluster has beside those of Flux: asked once a connection, when its rows are first drawn. */
export class ServedKinds {
  readonly #lifetime: (cluster: Cluster) => AbortSignal;
  readonly #tellChanged: (cluster: Cluster) => void;
  readonly #served = new WeakMap<ClusterSession, Served>();

  /** @param tellChanged is told when the answer is there, if it adds a row */
  constructor(lifetime: (cluster: Cluster) => AbortSignal, tellChanged: (cluster: Cluster) => void) {
    this.#lifetime = lifetime;
    this.#tellChanged = tellChanged;
  }

  /** As far as it is known. */
  of(cluster: Cluster): Served {
    const { session } = cluster;
    if (session === undefined) return nothing;
    const known = this.#served.get(session);
    if (known !== undefined) return known;
    this.#served.set(session, nothing);
    void this.#ask(cluster, session);
    return nothing;
  }

  async #ask(cluster: Cluster, session: ClusterSession): Promise<void> {
    const signal = this.#lifetime(cluster);
    // Where discovery fails, the Flux kinds say why.
    const serves = (group: string, kind: string) => session.serves(group, kind, signal).catch(() => false);
    const [sealedSecrets, userClusters] = await Promise.all([
      serves('bitnami.com', 'SealedSecret'),
      serves('kubermatic.k8c.io', 'Cluster'),
    ]);
    this.#served.set(session, { sealedSecrets, userClusters });
    if (sealedSecrets || userClusters) this.#tellChanged(cluster);
  }
}
