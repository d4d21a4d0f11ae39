import type { RotationPlan } from './arrangement.ts';
import { isSameKey } from './compare.ts';
import type { EncryptionConfiguration, ResourceRule } from './configuration.ts';
import { type Reader, readersOf } from './readers.ts';

/**
 * Whether a changed configuration is still about the same resources, and reads all that it read before but for what was to be
 * removed, and nothing else but for what was to be added.
 */
export function keepsWhatItMust(
  before: EncryptionConfiguration,
  after: EncryptionConfiguration,
  { from, to }: RotationPlan,
  step: 'add' | 'swap' | 'remove',
): boolean {
  return (
    before.resources.length === after.resources.length &&
    before.resources.every((old, index) => {
      const now = after.resources[index];
      if (now === undefined || namesOf(old) !== namesOf(now)) return false;
      const [had, has] = [readersOf(old.providers.items), readersOf(now.providers.items)];
      if (step === 'add') return isCovered(had, has) && isCovered(without(has, to), had);
      if (step === 'remove') return isCovered(without(had, from), has) && isCovered(has, had);
      return had.length === has.length && isCovered(had, has) && isCovered(has, had);
    })
  );
}

function namesOf({ resources }: ResourceRule): string {
  return JSON.stringify(resources.items.map(({ text }) => text));
}

function without(readers: readonly Reader[], id: string): readonly Reader[] {
  return readers.filter((reader) => reader.id !== id);
}

function isCovered(these: readonly Reader[], those: readonly Reader[]): boolean {
  return these.every((reader) => those.some((other) => isSameKey(reader, other)));
}
