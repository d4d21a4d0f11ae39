import type { SealedSecret } from './sealed-secret.ts';

/**
 * The fingerprints that a SealedSecret says it was sealed with: none of its items is sealed to another certificate. Several,
 * divided by blanks, after one item was sealed to a newer one. Undefined where it says nothing.
 */
export function sealedWith({ sealedWith: annotation }: SealedSecret): readonly string[] | undefined {
  const fingerprints = annotation?.text.split(/\s+/).filter((text) => text !== '') ?? [];
  return fingerprints.length === 0 ? undefined : fingerprints;
}

/** What a SealedSecret says it was sealed with once the item at this key is sealed to this certificate too. */
export function sealedWithAfter(secret: SealedSecret, key: string, fingerprint: string): string {
  if (secret.entries.every((entry) => entry.key === key)) return fingerprint;
  return [...new Set([...(sealedWith(secret) ?? []), fingerprint])].join(' ');
}
