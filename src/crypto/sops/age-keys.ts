import { Failure } from '../../core/errors.ts';
import type { AgeKey } from '../age/age-key.ts';
import { unwrapDataKey, wrapDataKey } from '../age/data-key.ts';
import { readAgeRecipient } from '../age/recipient.ts';
import type { DataKeySealer, DataKeySource } from './data-key.ts';
import { textOf } from './metadata-node.ts';
import { recipientName } from './stanza.ts';

/** Opens what is wrapped for age recipients, and nothing else. */
export function ageKeySource(keys: readonly AgeKey[]): DataKeySource {
  return {
    unwrap: async ({ kind, enc }) => (kind === 'age' ? unwrapDataKey(enc, keys) : undefined),
  };
}

/** Wraps for age recipients; any other is `key.unusable`. */
export const ageKeySealer: DataKeySealer = Object.freeze({
  async wrap(recipient, part) {
    const ref = recipientName(recipient);
    if (recipient.kind !== 'age')
      throw new Failure('key.unusable', { ref, reason: `nothing here wraps for ${recipient.kind} yet` });
    return wrapDataKey(part, readAgeRecipient(textOf(recipient.fields, 'recipient'), ref));
  },
} satisfies DataKeySealer);
