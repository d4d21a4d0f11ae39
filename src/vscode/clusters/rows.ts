import type { SealedSecretsController, UserCluster } from '../../app/clusters/cluster-session.ts';
import type {
  FluxList,
  FluxObject,
  FluxSection,
  InventoryItem,
  KubernetesEvent,
  ObjectRef,
} from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import type { EncryptionKnown, Fact } from './fact.ts';

interface InCluster {
  readonly cluster: Cluster;
}

/** A row of the *Clusters* view. */
export type Row =
  /** A cluster; where its kubeconfig has several contexts, one of them. */
  | (InCluster & { readonly row: 'cluster' })
  /** A kubeconfig with several contexts. */
  | {
      readonly row: 'kubeconfig';
      readonly id: string;
      readonly title: string;
      readonly clusters: readonly Cluster[];
    }
  | (InCluster & { readonly row: 'section'; readonly section: FluxSection })
  | (InCluster & { readonly row: 'kind'; readonly list: FluxList })
  | (InCluster & { readonly row: 'flux'; readonly object: FluxObject })
  /** `label`: `Source`, `Depends on`, as the person reads it. The object it leads to may not be there. */
  | (InCluster & { readonly row: 'link'; readonly label: string; readonly ref: ObjectRef })
  | (InCluster & { readonly row: 'inventory'; readonly object: FluxObject })
  | (InCluster & { readonly row: 'item'; readonly item: InventoryItem })
  | (InCluster & { readonly row: 'events'; readonly object: FluxObject })
  | (InCluster & { readonly row: 'event'; readonly event: KubernetesEvent })
  | (InCluster & { readonly row: 'sealed-secrets' })
  | (InCluster & { readonly row: 'controller'; readonly controller: SealedSecretsController })
  | (InCluster & { readonly row: 'sealing-key'; readonly name: string; readonly description: string })
  | (InCluster & { readonly row: 'encryption'; readonly known: EncryptionKnown })
  | (InCluster & { readonly row: 'fact'; readonly fact: Fact })
  /** Clusters whose kubeconfigs this one holds: Flux' remote ones, a seed's user clusters. */
  | (InCluster & { readonly row: 'remotes'; readonly of: 'flux' | 'kkp' })
  /** What a KKP seed tells of its user clusters' encryption, whether those are connected or not. */
  | (InCluster & { readonly row: 'kkp-encryption' })
  /** `cluster` is the seed. */
  | (InCluster & { readonly row: 'kkp-cluster'; readonly user: UserCluster })
  /** A sentence where something could not be had. */
  | {
      readonly row: 'message';
      readonly text: string;
      readonly severity: 'information' | 'error';
    };

/** Knows the rows that were drawn. Other extensions can call commands too: what was not drawn is none. */
export interface RowFinder {
  rowOf(argument: unknown): Row | undefined;
}
