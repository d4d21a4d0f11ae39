import type { Located } from '../manifest/address.ts';
import { Finding } from './finding.ts';

/**
 * A Secret with ciphertext in its values and nobody said to open them: the API server takes the ciphertext for the
 * value. Told once a Secret, at its kind, or at the first of these values where that stands elsewhere.
 */
export function noClusterOpener({ object, entry }: Located): Finding {
  const place = {
    span: object.kindSpan ?? entry.span,
    object,
    entry: undefined,
    located: undefined,
  };
  const matter =
    'has encrypted values that nothing is said to open (opened-by in .purser.yaml): the workload would get the ciphertext';
  return new Finding(place, 'no-cluster-opener', 'warning', matter);
}
