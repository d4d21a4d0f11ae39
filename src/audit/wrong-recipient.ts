import * as l10n from '@vscode/l10n';
import type { Description } from '../schemes/scheme.ts';
import type { AppliedPolicy } from './audited-file.ts';
import { Finding, type Matter, type Place } from './finding.ts';
import { shortened } from './moved-ciphertext.ts';

/** What is the matter with a ciphertext that names a key which is none of the rule's. */
export function otherRecipient(
  { recipient }: Description,
  { recipients }: AppliedPolicy,
): Matter | undefined {
  if (recipient === undefined || recipients === undefined || recipients.has(recipient)) return undefined;
  return (place) =>
    l10n.t('{0} is sealed to {1}, which is none of the keys that policy names', place, shortened(recipient));
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
