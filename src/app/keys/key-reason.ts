import type { Failure } from '../../core/errors.ts';

/** Why a key cannot be used, without what to do: it stands in a list of keys. */
export function sentenceReason({ details }: Failure): string {
  return 'reason' in details ? details.reason : 'it cannot be read';
}
