import type { EncryptionConfiguration, ResourceRule } from './configuration.ts';
import { readersOf } from './readers.ts';

/** What a rotation goes from and to, as `Reader.id` spells it: keys of providers, or `identity`. */
export interface RotationPlan {
  readonly from: string;
  readonly to: string;
}

/**
 * How far a configuration is in a rotation. `old`: the new key is not there. `added`: it can read. `swapped`: it writes.
 * `removed`: the old key is gone.
 */
export type Arrangement = 'old' | 'added' | 'swapped' | 'removed';

const order: readonly Arrangement[] = ['old', 'added', 'swapped', 'removed'];

/** How far an entry of `resources` is; undefined where neither key writes. */
export function arrangementOf(
  { providers }: ResourceRule,
  { from, to }: RotationPlan,
): Arrangement | undefined {
  const ids = readersOf(providers.items).map(({ id }) => id);
  if (ids[0] === from) return ids.includes(to) ? 'added' : 'old';
  if (ids[0] !== to) return undefined;
  return ids.includes(from) ? 'swapped' : 'removed';
}

/** The entry that is least far decides; undefined where the rotation is about none of them. */
export function leastFar(
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
): Arrangement | undefined {
  const found = configuration.resources.map((rule) => arrangementOf(rule, plan));
  return order.find((arrangement) => found.includes(arrangement));
}
