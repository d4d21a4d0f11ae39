import { Failure } from '../core/errors.ts';

/** The failure for a key that is there but does not serve. The reason ends a sentence about it and quotes nothing of it. */
export function unusable(ref: string, reason: string): Failure<'key.unusable'> {
  return new Failure('key.unusable', { ref, reason });
}
