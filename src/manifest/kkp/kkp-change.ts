/** Where a key is: a key of a Secret in the namespace of the cluster. */
export interface KkpKeyReference {
  readonly name: string;
  readonly secret: string;
  readonly key: string;
}

/** A change of a Cluster's encryption. A key's value is never a part of one. */
export type KkpChange =
  | { readonly step: 'add'; readonly key: KkpKeyReference }
  | { readonly step: 'swap' | 'remove'; readonly key: string }
  | { readonly step: 'disable' }
  /** What stands in the Cluster itself is referred to instead: `keys` are all that do. */
  | { readonly step: 'move-out'; readonly keys: readonly KkpKeyReference[] };
