/** Which object of a cluster; `namespace` is undefined for what belongs to none. */
export interface ObjectRef {
  /** `group/version`, `v1` for the core group. Undefined where a reference names no version: discovery decides. */
  readonly apiVersion: string | undefined;
  /** Without the version; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * What a Flux object is doing, as its controllers say (fluxcd/pkg apis/meta/conditions.go). `suspended` wins over what the
 * conditions say: nothing changes them any more. `static`: a kind or object without a status.
 */
export type FluxState = 'ready' | 'reconciling' | 'not-ready' | 'suspended' | 'unknown' | 'static';

/** A Flux object as the tree shows it; what it holds beyond that is not kept. All text comes from the cluster, untouched. */
export interface FluxObject {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly state: FluxState;
  /** Reason and message of the condition that decided the state; empty where there is none. */
  readonly reason: string;
  readonly message: string;
  /** Of that condition's last transition. */
  readonly since: Date | undefined;
  /** What was applied, fetched or attempted last. */
  readonly revision: string | undefined;
  /** What it is made from: `sourceRef`, `chartRef`, … */
  readonly sources: readonly ObjectRef[];
  readonly dependsOn: readonly ObjectRef[];
  /** The Secret with the kubeconfig of the cluster it applies to, where that is another one. */
  readonly kubeConfig: { readonly secret: string; readonly key: string | undefined } | undefined;
  readonly hasInventory: boolean;
  readonly canSuspend: boolean;
  readonly canReconcile: boolean;
}

/** A kind of Flux', of the Flux Operator's, and how it is called. */
export interface FluxKind {
  readonly group: string;
  readonly kind: string;
  /** `Kustomizations`. */
  readonly title: string;
  readonly section: FluxSection;
}

export type FluxSection = 'workloads' | 'sources' | 'images' | 'notifications' | 'operator';

/**
 * How far a cluster's objects of one kind are known. `absent`: the cluster does not serve the kind. `failed`: they could not be
 * read; those of the last good answer are kept, and are stale.
 */
export interface FluxList {
  readonly kind: FluxKind;
  readonly state: 'loading' | 'watched' | 'absent' | 'failed';
  readonly failure: unknown;
  readonly objects: readonly FluxObject[];
  /** Whether the cluster has more than these. */
  readonly truncated: boolean;
}

/** `elsewhere`: it is in another cluster, which was not asked. */
export type Health = 'healthy' | 'progressing' | 'degraded' | 'missing' | 'unknown' | 'elsewhere';

/** One object that a Kustomization, HelmRelease, ResourceSet or FluxInstance applied. */
export interface InventoryItem {
  readonly ref: ObjectRef;
  readonly health: Health;
  /** Why it is not healthy; empty where it is, or where nothing says why. */
  readonly message: string;
}

export interface KubernetesEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly at: Date | undefined;
}

/** The group of an `apiVersion`: `apps` of `apps/v1`; empty for the core group's `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.slice(0, Math.max(apiVersion.lastIndexOf('/'), 0));
}
