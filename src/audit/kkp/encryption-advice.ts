import * as l10n from '@vscode/l10n';
import { isSameSet } from '../../core/same-set.ts';
import type { Span } from '../../core/span.ts';
import type { KkpClusterText } from '../../manifest/kkp/cluster-text.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import type { Level, Matter } from '../finding.ts';

/** What KKP takes and nevertheless does not do what was meant. */
export interface KkpAdvice extends Span {
  readonly path: string;
  readonly rule: RuleId;
  readonly level: Level;
  readonly matter: Matter;
}

const root = 'spec.encryptionConfiguration';

const reusedName: Matter = (place) =>
  l10n.t(
    '{0} is the name of an earlier key: KKP keeps the value that a name had first, so a new key needs a new name',
    place,
  );
const failed: Matter = (place) =>
  l10n.t(
    '{0} is Failed: KKP never leaves this phase by itself, and refuses changes to the encryption in it; see why its Job failed, then reset the status by hand',
    place,
  );
const otherResources: Matter = (place) =>
  l10n.t('{0} is not what is encrypted: "{1}"', place, resourcesRefusal);
const switchedOff: Matter = (place) =>
  l10n.t(
    '{0} is switched off together with the encryption: until everything is decrypted KKP then refuses every other change of the Cluster ("{1}"); switch it off afterwards',
    place,
    featureRefusal,
  );

/** In the words of KKP. */
const resourcesRefusal =
  'list of encrypted resources cannot be changed. Please disable encryption and re-configure';
const featureRefusal =
  'cannot disable "encryptionAtRest" feature flag while encryption is still configured or active';

/** Names that stand twice, states without a way out, and changes that KKP undoes or refuses. */
export function encryptionAdvice(cluster: KkpClusterText): readonly KkpAdvice[] {
  return [...reusedNames(cluster), ...deadEnd(cluster), ...changedResources(cluster), ...featureOff(cluster)];
}

/** KKP looks keys up by their names: of two alike, the first one's value stands for both. */
function reusedNames({ encryption }: KkpClusterText): readonly KkpAdvice[] {
  const seen = new Set<string>();
  return (encryption?.secretbox?.keys.items ?? []).flatMap(({ name }, index) => {
    if (name === undefined || name.text === '') return [];
    if (!seen.has(name.text)) {
      seen.add(name.text);
      return [];
    }
    const path = `${root}.secretbox.keys[${index}].name`;
    return [advice(name, path, 'kkp/reused-key-name', 'error', reusedName)];
  });
}

function deadEnd({ status }: KkpClusterText): readonly KkpAdvice[] {
  if (status?.phase?.text !== 'Failed') return [];
  return [advice(status.phase, 'status.encryption.phase', 'kkp/failed', 'error', failed)];
}

function changedResources({ encryption, status }: KkpClusterText): readonly KkpAdvice[] {
  if (encryption?.enabled?.value !== true || status === undefined) return [];
  const wanted = encryption.resources.items.map(({ text }) => text);
  if (status.resources.length === 0 || isSameSet(wanted, status.resources)) return [];
  return [
    advice(encryption.resources, `${root}.resources`, 'kkp/resources-changed', 'warning', otherResources),
  ];
}

/** KKP's check of this looks at the Cluster as it was before, so that it lets this through and refuses whatever comes next. */
function featureOff({ encryption, feature }: KkpClusterText): readonly KkpAdvice[] {
  if (feature?.value !== false || encryption?.enabled?.value !== false) return [];
  return [
    advice(feature, 'spec.features.encryptionAtRest', 'kkp/feature-switched-off', 'information', switchedOff),
  ];
}

function advice({ start, end }: Span, path: string, rule: RuleId, level: Level, matter: Matter): KkpAdvice {
  return { start, end, path, rule, level, matter };
}
