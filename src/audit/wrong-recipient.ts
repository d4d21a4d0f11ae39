import type { Description } from '../schemes/scheme.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Place } from './finding.ts';
import { shortened } from './moved-ciphertext.ts';

/** What is the matter with a ciphertext that names a key which is none of the rule's. */
export function otherRecipient(
  { recipient }: Description,
  { recipients }: AppliedPolicy,
): string | undefined {
  if (recipient === undefined || recipients === undefined || recipients.has(recipient)) return undefined;
  return `is sealed to ${shortened(recipient)}, which is none of the keys that policy names`;
}

/**
 * A ciphertext that names a key which is none of the rule's. One that names none is never wrong, nor is any where not
 * all keys of the rule are known.
 */
export function wrongRecipient(
  place: Place,
  description: Description,
  policy: AppliedPolicy,
): Finding | undefined {
  const matter = otherRecipient(description, policy);
  return matter === undefined ? undefined : new Finding(place, 'wrong-recipient', 'warning', matter);
}
