import type { Result } from '../../core/result.ts';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { EncryptionMetrics } from '../at-rest/encryption-metrics.ts';

/** A kube-apiserver as kubeadm runs it: the flags of its static pod. */
export interface StaticApiServer {
  /** The name of its mirror pod in `kube-system`, which ends with that of its node. */
  readonly pod: string;
  /** `--encryption-provider-config`; undefined where it runs without. */
  readonly configuration: string | undefined;
  /** `--encryption-provider-config-automatic-reload`: it reads its configuration again every minute. */
  readonly reloads: boolean;
}

/** What a cluster tells of its encryption at rest. A source that cannot be had says why, and hides no other one. */
export interface ClusterEncryption {
  /** Of the one API server that answered. */
  readonly metrics: Result<EncryptionMetrics>;
  /** Empty where the control plane does not run as static pods, which is so in managed clusters. */
  readonly apiServers: Result<readonly StaticApiServer[]>;
}

/** How objects are written anew: by the cluster's own controller, or one after the other from here. */
export type ReEncryptionWay = 'storage-version-migration' | 'replace';

export interface ReEncryptionProgress {
  readonly done: number;
  /** Undefined while it is not known. */
  readonly all: number | undefined;
}

/** What came of writing every object of a resource anew. */
export interface ReEncrypted {
  readonly way: ReEncryptionWay;
  /** Those that somebody else wrote meanwhile included. Undefined where a controller did it, which does not count. */
  readonly written: number | undefined;
  /** Objects that somebody deleted meanwhile. */
  readonly gone: number;
  /** `namespace/name` of what could not be written, with the reason. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** The part of a connection to a cluster that is about encryption at rest. Throws as `ClusterSession` does. */
export interface EncryptionSession {
  encryption(signal: AbortSignal): Promise<ClusterEncryption>;
  /** Which ways there are, the better one first. */
  waysToReEncrypt(resource: GroupResource, signal: AbortSignal): Promise<readonly ReEncryptionWay[]>;
  /**
   * Writes every object of a resource anew, unchanged, so that today's key encrypts it. What is done stays done when it is aborted;
   * a controller goes on alone. Throws `migration.…`, and `cluster.forbidden` where none may be written.
   */
  reEncrypt(
    resource: GroupResource,
    way: ReEncryptionWay,
    tell: (progress: ReEncryptionProgress) => void,
    signal: AbortSignal,
  ): Promise<ReEncrypted>;
}
