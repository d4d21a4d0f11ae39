import type { Plaintext } from '../../core/plaintext.ts';
import type { Span } from '../../core/span.ts';

/**
 * kube-apiserver's EncryptionConfiguration with the places where its parts stand (kubernetes/apiserver,
 * pkg/apis/apiserver/v1/types_encryption.go). What is not written is empty and has the place of what is around it.
 */
export interface EncryptionConfiguration extends Span {
  /** Whether it is spelled `v1`, `EncryptionConfig`, which is read as well. */
  readonly legacy: boolean;
  readonly resources: readonly ResourceRule[];
}

/** One entry of `resources`: which resources, and what reads and writes them. */
export interface ResourceRule extends Span {
  readonly resources: ListOf<TextField>;
  readonly providers: ListOf<ProviderElement>;
}

export interface ListOf<T> extends Span {
  readonly items: readonly T[];
  /** Whether nothing is written, or null. */
  readonly isNull: boolean;
}

export interface TextField extends Span {
  readonly text: string;
}

/** An element of `providers`. One that is valid has exactly one of these. */
export interface ProviderElement extends Span {
  readonly aesgcm: KeyedProvider | undefined;
  readonly aescbc: KeyedProvider | undefined;
  readonly secretbox: KeyedProvider | undefined;
  readonly identity: NamedSpan | undefined;
  readonly kms: KmsProvider | undefined;
}

/** What stands at a key, with the place of that key. */
export interface NamedSpan extends Span {
  readonly keySpan: Span;
}

/** The providers whose keys stand in the configuration itself. */
export type KeyedKind = 'aesgcm' | 'aescbc' | 'secretbox';

export type ProviderKind = KeyedKind | 'kms' | 'identity';

export interface KeyedProvider extends NamedSpan {
  readonly keys: ListOf<ConfiguredKey>;
}

export interface ConfiguredKey extends Span {
  readonly name: TextField;
  readonly secret: SecretField;
}

/** A key as it is written, base64 unless it is wrong; it does not print. */
export interface SecretField extends Span {
  readonly text: Plaintext;
}

export interface KmsProvider extends NamedSpan {
  /** `v1` where nothing is written. */
  readonly apiVersion: TextField;
  readonly name: TextField;
  /** Undefined where nothing is written; 1000 then for v1. */
  readonly cacheSize: NumberField | undefined;
  readonly endpoint: TextField;
  /** In nanoseconds; three seconds where nothing is written. */
  readonly timeout: DurationField;
}

export interface NumberField extends Span {
  readonly value: number;
}

export interface DurationField extends Span {
  readonly nanoseconds: bigint;
}

/** The order in which kube-apiserver looks for what an element is. */
const kinds: readonly ProviderKind[] = ['kms', 'aesgcm', 'aescbc', 'secretbox', 'identity'];

/** What kinds an element names; one that is valid names one. */
export function kindsOf(element: ProviderElement): readonly ProviderKind[] {
  return kinds.filter((kind) => element[kind] !== undefined);
}
