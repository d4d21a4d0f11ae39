import type { ValueSchemeId } from '../../schemes/scheme.ts';
import type { ListedKkpPhase } from '../kkp/kkp-encryption.ts';

/** A kubeconfig that stands encrypted in the workspace: found without a key, opened when a person opens its cluster. */
export interface SealedKubeconfig {
  readonly path: string;
  readonly scheme: ValueSchemeId;
  /** `stringData.kubeconfig` of the Secret that holds it; undefined where the file is nothing but its ciphertext. */
  readonly entry: string | undefined;
  /** That Secret, as `[Kind/namespace/name#]`, where there is one. */
  readonly object: string | undefined;
}

/** Where a cluster's kubeconfig comes from. */
export type KubeconfigSource =
  /** `added`: a person listed it, and nothing else would. */
  | { readonly from: 'workspace'; readonly sealed: SealedKubeconfig; readonly added?: true }
  /** `KUBECONFIG`, else `~/.kube/config`. */
  | { readonly from: 'own' }
  /** A Secret that Flux' `spec.kubeConfig.secretRef` names, in the cluster `via`. */
  | {
      readonly from: 'secret';
      readonly via: string;
      readonly namespace: string;
      readonly name: string;
      readonly key: string | undefined;
    }
  /** A KKP user cluster's `admin-kubeconfig`, in the seed `via`. */
  | {
      readonly from: 'user-cluster';
      readonly via: string;
      /** The name of its Cluster object. */
      readonly id: string;
      readonly namespace: string;
      readonly title: string;
      /** `Running`; empty where it does not say. */
      readonly phase: string;
      /** Of its encryption at rest; undefined where that is off. */
      readonly encryption: ListedKkpPhase;
    };
