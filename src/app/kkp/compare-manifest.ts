import * as l10n from '@vscode/l10n';
import type { KkpEncryptionText } from '../../manifest/kkp/cluster-text.ts';
import type { KkpEncryption } from './kkp-encryption.ts';
import { hashOfSpec, specOfText } from './kkp-spec.ts';

/**
 * Why a manifest's encryption is not that of the Cluster in the seed, so that a step which is right for the one may be wrong for the
 * other; undefined where they are the same.
 */
export function whyDiffers(written: KkpEncryptionText, kkp: KkpEncryption): string | undefined {
  const spec = specOfText(written);
  const live = kkp.spec;
  const shape = {
    enabled: spec.enabled,
    resources: spec.resources ?? [],
    keys: (spec.keys ?? []).map(({ name, secretRef }) => ({
      name,
      from: secretRef === undefined ? 'value' : { secret: secretRef.name, key: secretRef.key },
    })),
  };
  if (live === undefined || JSON.stringify(shape) !== JSON.stringify(live))
    return l10n.t('it says another encryption than the Cluster in the seed has');
  if (hashOfSpec(spec) !== kkp.hash)
    return l10n.t(
      'it gives a key another value than the Cluster in the seed has, and KKP keeps the value that a name had first',
    );
  return undefined;
}
