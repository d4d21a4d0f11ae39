import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Description, EnvelopeGroup } from '../schemes/scheme.ts';
import { carriedOver } from './carry-over.ts';

/** What the ciphertexts of a text say of themselves, in the order of the groups. */
export interface Described {
  readonly groups: readonly EnvelopeGroup[];
  readonly descriptions: readonly Description[];
}

const nothing: Described = Object.freeze({ groups: [], descriptions: [] });

/** Reads what ciphertexts say of themselves, taking over what was read of an earlier version of the same text. */
export function describeAll(
  groups: readonly EnvelopeGroup[],
  registry: SchemeRegistry,
  before: Described = nothing,
): Described {
  if (groups.length === 0) return nothing;
  const earlier = carriedOver(before.groups, groups, isSame);
  const descriptions = groups.map(
    (group, index) => before.descriptions[earlier(index)] ?? registry.byId(group.scheme).describe(group),
  );
  return { groups, descriptions };
}

function isSame(old: EnvelopeGroup, now: EnvelopeGroup): boolean {
  return old.scheme === now.scheme && old.envelopes[0]?.token === now.envelopes[0]?.token;
}
