import * as l10n from '@vscode/l10n';
import type { Located } from '../manifest/address.ts';
import { Finding, type Matter } from './finding.ts';

const matter: Matter = (place) =>
  l10n.t(
    '{0} has encrypted values that nothing is said to open (opened-by in .purser.yaml): the workload would get the ciphertext',
    place,
  );

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
  return new Finding(place, 'no-cluster-opener', 'warning', matter);
}
