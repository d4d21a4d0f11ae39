import { isSameSet } from '../../core/same-set.ts';
import type { Span } from '../../core/span.ts';
import type { KkpClusterText } from '../../manifest/kkp/cluster-text.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import type { Level } from '../finding.ts';

/** What KKP takes and nevertheless does not do what was meant. */
export interface KkpAdvice extends Span {
  readonly path: string;
  readonly rule: RuleId;
  readonly level: Level;
  readonly matter: string;
}

const root = 'spec.encryptionConfiguration';

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
    const matter =
      'is the name of an earlier key: KKP keeps the value that a name had first, so a new key needs a new name';
    return [advice(name, path, 'kkp/reused-key-name', 'error', matter)];
  });
}

function deadEnd({ status }: KkpClusterText): readonly KkpAdvice[] {
  if (status?.phase?.text !== 'Failed') return [];
  const matter =
    'is Failed: KKP never leaves this phase by itself, and refuses changes to the encryption in it; see why its Job failed, then reset the status by hand';
  return [advice(status.phase, 'status.encryption.phase', 'kkp/failed', 'error', matter)];
}

function changedResources({ encryption, status }: KkpClusterText): readonly KkpAdvice[] {
  if (encryption?.enabled?.value !== true || status === undefined) return [];
  const wanted = encryption.resources.items.map(({ text }) => text);
  if (status.resources.length === 0 || isSameSet(wanted, status.resources)) return [];
  const matter =
    'is not what is encrypted: "list of encrypted resources cannot be changed. Please disable encryption and re-configure"';
  return [advice(encryption.resources, `${root}.resources`, 'kkp/resources-changed', 'warning', matter)];
}

/** KKP's check of this looks at the Cluster as it was before, so that it lets this through and refuses whatever comes next. */
function featureOff({ encryption, feature }: KkpClusterText): readonly KkpAdvice[] {
  if (feature?.value !== false || encryption?.enabled?.value !== false) return [];
  const matter =
    'is switched off together with the encryption: until everything is decrypted KKP then refuses every other change of the Cluster ("cannot disable "encryptionAtRest" feature flag while encryption is still configured or active"); switch it off afterwards';
  return [
    advice(feature, 'spec.features.encryptionAtRest', 'kkp/feature-switched-off', 'information', matter),
  ];
}

function advice({ start, end }: Span, path: string, rule: RuleId, level: Level, matter: string): KkpAdvice {
  return { start, end, path, rule, level, matter };
}
