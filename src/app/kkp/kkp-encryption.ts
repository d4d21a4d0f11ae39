/** ClusterEncryptionPhase of kubermatic (sdk/apis/kubermatic/v1/cluster.go). */
export type KkpPhase = 'Pending' | 'EncryptionNeeded' | 'Active' | 'Failed';

/** A phase as lists tell it: one of a newer KKP is `other`; undefined where encryption was never on, or is off again. */
export type ListedKkpPhase = KkpPhase | 'other' | undefined;

/** A key of `spec.encryptionConfiguration.secretbox.keys`, without its value. */
export interface KkpKey {
  readonly name: string;
  /** `value`: it stands in the Cluster itself. */
  readonly from: 'value' | { readonly secret: string; readonly key: string };
}

/** An entry of `status.conditions`, which is a map by type. */
export interface KkpCondition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
  /** Its `lastTransitionTime`. */
  readonly since: Date | undefined;
}

/**
 * Whether every API server of a user cluster has the configuration of the Cluster's spec: its phase does not tell, since a
 * second key leaves it `Active`. Undefined parts could not be read.
 */
export interface KkpRollout {
  /** Whether the rendered Secret was made from this very spec (label `kubermatic.k8c.io/encryption-spec-hash`). */
  readonly rendered: boolean;
  /** Pods of the user cluster's API server. */
  readonly apiServers: number;
  /** Those whose pods run this revision of the Secret. */
  readonly updated: number;
}

/** The encryption at rest of a user cluster, as its seed tells it. No key is in it. */
export interface KkpEncryption {
  /** Of the Cluster object. */
  readonly cluster: string;
  /** KKP's hash of `spec.encryptionConfiguration`, to compare a manifest with. */
  readonly hash: string;
  /** `spec.features.encryptionAtRest`. */
  readonly feature: boolean;
  /** `spec.encryptionConfiguration`; undefined where there is none. */
  readonly spec:
    | { readonly enabled: boolean; readonly resources: readonly string[]; readonly keys: readonly KkpKey[] }
    | undefined;
  /** `status.encryption`; undefined where it was never enabled, or is off again. */
  readonly status:
    | {
        readonly phase: KkpPhase;
        /** `secretbox/<key name>` or `identity`. */
        readonly activeKey: string;
        readonly resources: readonly string[];
      }
    | undefined;
  /** The conditions about encryption. */
  readonly conditions: readonly KkpCondition[];
  /** Undefined where the Secret or the pods may not be read, or where it is off. */
  readonly rollout: KkpRollout | undefined;
}
