import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';

/** Ciphertexts that are opened although they are sealed in a way that is out of date. */
export interface WeaklySealed {
  readonly group: EnvelopeGroup;
  /** `RSA-OAEP (SHA-1)` */
  readonly weakness: string;
}

/** Those of the groups that are sealed in a way that Purser opens and never seals with. */
export function weaklySealed(
  groups: readonly EnvelopeGroup[],
  registry: SchemeRegistry,
): readonly WeaklySealed[] {
  return groups.flatMap((group) => {
    const { weakness } = registry.byId(group.scheme).describe(group);
    return weakness === undefined ? [] : [{ group, weakness }];
  });
}

/** Why, and what to do. */
export function weakSentence(weakness: string): string {
  return `it is sealed with ${weakness}, which is out of date; purser rotate seals it again`;
}
