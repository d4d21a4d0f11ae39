import type { SchemeId } from '../../schemes/scheme.ts';
import { idOfName, type KnownKey } from './known-key.ts';
import type { SealedTo } from './sealed-to.ts';

/** A file with what is sealed in it. */
export interface SealedFile {
  /** Absolute. */
  readonly path: string;
  readonly sealedTo: readonly SealedTo[];
}

/** Values of one file that are sealed to one key. */
export interface KeyUse {
  readonly path: string;
  readonly values: number;
  /** The line of the first, from 1. */
  readonly line: number;
}

/** Who can open values, and is no key that is known here. */
export interface UnknownRecipient {
  readonly scheme: SchemeId;
  readonly kind: string | undefined;
  /** Undefined where ciphertexts name no key. */
  readonly recipient: string | undefined;
  readonly uses: readonly KeyUse[];
}

export interface UsesOfKeys {
  /** By `KnownKey.id`; keys that nothing is sealed to are left out. */
  readonly byKey: ReadonlyMap<string, readonly KeyUse[]>;
  readonly unknown: readonly UnknownRecipient[];
}

/** Which values are sealed to which key, by what ciphertexts call it. */
export function usesOf(keys: readonly KnownKey[], files: readonly SealedFile[]): UsesOfKeys {
  const known = new Map(keys.flatMap((key) => key.names.map((name) => [idOfName(name), key.id] as const)));
  const byKey = new Map<string, KeyUse[]>();
  const unknown = new Map<string, { readonly whom: SealedTo; readonly uses: KeyUse[] }>();
  for (const { path, sealedTo } of files) {
    for (const whom of sealedTo) {
      const { scheme, kind, recipient, values, line } = whom;
      const id = recipient === undefined ? undefined : known.get(idOfName({ scheme, name: recipient }));
      const other = JSON.stringify([scheme, kind, recipient]);
      const uses = id === undefined ? (unknown.get(other)?.uses ?? []) : (byKey.get(id) ?? []);
      uses.push({ path, values, line });
      if (id === undefined) unknown.set(other, { whom, uses });
      else byKey.set(id, uses);
    }
  }
  return {
    byKey,
    unknown: [...unknown.values()].map(({ whom: { scheme, kind, recipient }, uses }) => {
      return { scheme, kind, recipient, uses };
    }),
  };
}

export function valuesIn(uses: readonly KeyUse[]): number {
  return uses.reduce((sum, { values }) => sum + values, 0);
}
