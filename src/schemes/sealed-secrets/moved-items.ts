import { type SealingPlace, sealingLabel } from '../../core/sealing-place.ts';
import { scan } from '../../manifest/scan.ts';
import { findSealedSecrets, type SealedSecret } from '../../manifest/sealed-secret.ts';
import type { SealedEntry } from '../../manifest/sealed-secret-entries.ts';

/** An item that was sealed for another place than the one it now stands in: the controller would not open it. */
export interface MovedItem {
  readonly secret: SealedSecret;
  readonly entry: SealedEntry;
  /** Where it stood before. */
  readonly from: SealingPlace;
}

/**
 * The items of a file that an earlier version of it had, letter for letter, in SealedSecrets of another name, namespace or scope. A
 * ciphertext alone does not tell what it was sealed for. Total and linear.
 */
export function movedItems(before: string, now: string): readonly MovedItem[] {
  if (!now.includes('SealedSecret')) return [];
  const places = placesByItem(before);
  return findSealedSecrets(scan(now)).flatMap((secret) =>
    secret.entries.flatMap((entry): readonly MovedItem[] => {
      const stood = places.get(entry.text) ?? [];
      const [from] = stood;
      const label = sealingLabel(secret.place);
      return from === undefined || stood.some((place) => sealingLabel(place) === label)
        ? []
        : [{ secret, entry, from }];
    }),
  );
}

function placesByItem(text: string): ReadonlyMap<string, readonly SealingPlace[]> {
  const places = new Map<string, SealingPlace[]>();
  for (const { entries, place } of findSealedSecrets(scan(text))) {
    for (const { text: item } of entries) {
      const known = places.get(item);
      if (item === '') continue;
      if (known === undefined) places.set(item, [place]);
      else known.push(place);
    }
  }
  return places;
}
