/** Which way a value went: `read` is from etcd, `write` is into it. */
export type Direction = 'read' | 'write';

/** A row of `apiserver_storage_transformation_operations_total`. */
export interface TransformationCount {
  /** `secrets`, `deployments.apps`; undefined before Kubernetes 1.32, which tells no resources apart. */
  readonly resource: string | undefined;
  readonly direction: Direction;
  /** `k8s:enc:aescbc:v1:`, and for the same operation once more `<key name>:`; `identity`, or empty when it writes; `unknown`. */
  readonly prefix: string;
  /** `OK`, or what went wrong. */
  readonly status: string;
  readonly count: number;
}

/** Which configuration an API server runs. */
export interface RunningConfiguration {
  readonly apiserver: string;
  /** As `configurationHash` spells it. */
  readonly hash: string;
}

/** How often a configuration was loaded anew, and when last (seconds since 1970). */
export interface ReloadCount {
  readonly apiserver: string;
  readonly status: string;
  readonly count: number;
  readonly lastSeconds: number | undefined;
}

/** A key of a KMS v2 that was used; its name is known as a hash only. */
export interface KmsKeyUse {
  readonly kmsName: string;
  readonly direction: Direction;
  /** Hex. */
  readonly keyIdSha256: string;
  readonly count: number;
}

/** What one scrape of one API server's metrics says about encryption (all of it ALPHA: old servers lack rows). */
export interface EncryptionMetrics {
  /** Whether the page has any metric of an API server. */
  readonly isApiServer: boolean;
  /** Whether the page was longer than what is read of one, or had more rows than are kept. */
  readonly isCut: boolean;
  /** Seconds since 1970. */
  readonly startedSeconds: number | undefined;
  readonly transformations: readonly TransformationCount[];
  readonly configurations: readonly RunningConfiguration[];
  readonly reloads: readonly ReloadCount[];
  readonly kmsKeys: readonly KmsKeyUse[];
  /** Data keys that a KMS had to be asked for; undefined where the page does not say. */
  readonly dekCacheMisses: number | undefined;
  readonly dekFailures: number | undefined;
  /** Entries in the cache of data keys, by KMS. */
  readonly dekCacheSizes: ReadonlyMap<string, number>;
}
