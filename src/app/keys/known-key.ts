import type { SchemeId } from '../../schemes/scheme.ts';
import type { KeptKey } from '../ports.ts';

/** Where a key, or its public half, stands. */
export type KeyPlace =
  /** A file in the repository, by its absolute path; `ref` as policies call it. */
  | { readonly in: 'repository'; readonly path: string; readonly ref: string }
  /** Among the person's own. */
  | { readonly in: 'vault'; readonly vault: string; readonly key: KeptKey }
  /** A file of the person's that another program keeps keys in; `ref` as people write its path. */
  | { readonly in: 'elsewhere'; readonly path: string; readonly ref: string }
  /** A recipient in a `.sops.yaml`; lines count from 1. */
  | { readonly in: 'sops-config'; readonly path: string; readonly line: number };

/** What ciphertexts of a scheme call a key. */
export interface KeyName {
  readonly scheme: SchemeId;
  readonly name: string;
}

/** A key or recipient as it is known here. Nothing in it is secret. */
export interface KnownKey {
  /** The same for the same key, wherever it stands. */
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
  readonly schemes: readonly SchemeId[];
  /** `RSA 4096`, `X25519`; why it cannot be used, where that is so. */
  readonly description: string;
  readonly fingerprint: string | undefined;
  /** Whether what is sealed to it can be opened with what is here. */
  readonly opens: boolean;
  readonly names: readonly KeyName[];
  readonly places: readonly KeyPlace[];
}

const order = ['repository', 'vault', 'elsewhere', 'sops-config'];

/**
 * One for each key: the same key in the repository and among one's own is one, with both places. It is called what its file in the
 * repository is called, else what the person calls it.
 */
export function joinKnown(keys: readonly KnownKey[]): readonly KnownKey[] {
  const joined = new Map<string, KnownKey>();
  for (const key of keys.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const before = joined.get(key.id);
    joined.set(key.id, before === undefined ? key : join(before, key));
  }
  return [...joined.values()];
}

function rankOf({ places }: KnownKey): number {
  return Math.min(...places.map((place) => order.indexOf(place.in)), order.length);
}

function join(one: KnownKey, other: KnownKey): KnownKey {
  return {
    ...one,
    schemes: [...new Set([...one.schemes, ...other.schemes])],
    opens: one.opens || other.opens,
    names: distinct([...one.names, ...other.names]),
    places: [...one.places, ...other.places],
  };
}

function distinct(names: readonly KeyName[]): readonly KeyName[] {
  return [...new Map(names.map((name) => [idOfName(name), name])).values()];
}

export function idOfName({ scheme, name }: KeyName): string {
  return JSON.stringify([scheme, name]);
}
