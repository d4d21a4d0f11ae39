import type { Span } from '../core/span.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

/** Why an entry may be shown but not edited. `at` is the offset of the other place involved. */
export type Refusal =
  | { readonly why: 'alias' | 'duplicate'; readonly at: number }
  | { readonly why: 'tagged'; readonly tag: string }
  | { readonly why: 'not-scalar' };

export type EntryMapName = 'data' | 'stringData';

/** One key of a Secret's `data` or `stringData`, where it stands in the text. */
export interface Entry {
  readonly map: EntryMapName;
  readonly key: string;
  readonly keySpan: Span;
  /** The value's token: quotes included, block scalars from the `|`; empty after the colon where there is none. */
  readonly span: Span;
  /** `none` where the value is an alias or a collection. */
  readonly style: ScalarStyle | 'none';
  /** The scalar's value as YAML reads it, undecoded; empty where there is no scalar. */
  readonly text: string;
  /** Where the value is an alias of a scalar, that scalar's text: for judging only, because it stands elsewhere. */
  readonly aliased: string | undefined;
  /** Column of the map's keys: block scalars written here are indented deeper than this. */
  readonly indent: number;
  /** The value stands between braces, where block scalars cannot. */
  readonly flow: boolean;
  readonly refusal: Refusal | undefined;
}

/** Where the entries of one `data` or `stringData` map stand, for adding one. */
export interface EntryMap {
  readonly keySpan: Span;
  readonly span: Span;
  readonly indent: number;
  readonly flow: boolean;
  readonly empty: boolean;
}

/** A Kubernetes object as far as Purser looks into it. Parts that are not literal scalars are undefined. */
export interface KubeObject {
  readonly span: Span;
  readonly indent: number;
  readonly flow: boolean;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** A Secret's `type:`. */
  readonly type: string | undefined;
  readonly kindSpan: Span | undefined;
  readonly maps: { readonly [M in EntryMapName]: EntryMap | undefined };
  readonly entries: readonly Entry[];
}

/** Text that could not be understood. The documents around it are read all the same. */
export interface Problem {
  readonly offset: number;
  readonly message: string;
}

/** A scalar that may hold a manifest with a Secret of its own: a patch, or what kubectl keeps of what was applied. */
export interface ManifestAsText {
  /** The scalar's token: quotes included, block scalars from the `|`. */
  readonly span: Span;
  readonly style: ScalarStyle;
  readonly text: string;
}

export interface ManifestDocument {
  readonly span: Span;
  readonly objects: readonly KubeObject[];
  readonly problems: readonly Problem[];
  /** Manifests with a Secret that stand as text in this document, outside Secrets' own values. */
  readonly texts: readonly ManifestAsText[];
}

/** A file of Kubernetes YAML or JSON as text with positions. */
export interface Manifest {
  readonly text: string;
  readonly documents: readonly ManifestDocument[];
}

export function isSecret(object: Pick<KubeObject, 'apiVersion' | 'kind'>): boolean {
  return object.kind === 'Secret' && (object.apiVersion === undefined || !object.apiVersion.includes('/'));
}
