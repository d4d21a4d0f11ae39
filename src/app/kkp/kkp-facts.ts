import * as l10n from '@vscode/l10n';
import type { KkpEncryption, KkpKey, KkpRollout } from './kkp-encryption.ts';
import { canRemove, canSwap } from './kkp-steps.ts';
import { backupCaveat, leftovers, phaseMeaning, phaseName } from './kkp-words.ts';

/** Something that is known of the encryption of a user cluster: what it is about, and what is so. */
export interface KkpFact {
  readonly label: string;
  readonly text: string;
  /** What stands out. */
  readonly severity: 'information' | 'warning' | 'error';
}

/** All that a seed tells of a user cluster's encryption, the most important first. Ends with what to do next. */
export function factsOf(kkp: KkpEncryption): readonly KkpFact[] {
  const { status, spec, conditions, rollout } = kkp;
  const failed = status?.phase === 'Failed';
  const facts: (KkpFact | undefined)[] = [
    fact(
      l10n.t('Phase'),
      `${phaseName(status?.phase)} · ${phaseMeaning(kkp)}`,
      failed ? 'error' : 'information',
    ),
    status &&
      fact(
        l10n.t('Active Key'),
        status.activeKey === 'identity' ? l10n.t('none (identity)') : status.activeKey,
      ),
    spec && fact(l10n.t('Keys'), spec.keys.map(keyInWords).join(', ') || l10n.t('none')),
    status && fact(l10n.t('Encrypted Resources'), status.resources.join(', ') || l10n.t('none')),
    rollout && rolloutFact(rollout),
    ...conditions.map(({ type, status, message }) =>
      fact(type, [status, message].filter((part) => part !== '').join(' · ')),
    ),
    optional(l10n.t('etcd Backups'), backupCaveat(kkp)),
    optional(l10n.t('Left Behind'), leftovers(kkp)),
    fact(l10n.t('Next'), nextStep(kkp)),
  ];
  return facts.filter((each) => each !== undefined);
}

/** The next sensible thing to do, in one sentence. */
export function nextStep(kkp: KkpEncryption): string {
  const { status, spec } = kkp;
  const isOn = spec?.enabled === true;
  if (status === undefined)
    return isOn
      ? l10n.t('Wait until KKP has begun.')
      : l10n.t('Nothing: this cluster is not encrypted by KKP.');
  if (status.phase === 'Failed')
    return l10n.t(
      'Correct what the Job data-encryption-… failed on, then reset status.encryption.phase by hand.',
    );
  if (status.phase !== 'Active') return l10n.t('Wait: KKP takes no change until the phase is Active.');
  if (!isOn) return l10n.t('Wait until everything is decrypted.');
  const second = spec.keys[1]?.name;
  if (second === undefined) return l10n.t('Nothing. To rotate, add a second key.');
  const [noSwap, noRemoval] = [canSwap(kkp, second), canRemove(kkp, second)];
  if (noSwap === undefined)
    return l10n.t('Move {0} to the front if it is the new key; remove it if it is the old one.', second);
  return noRemoval === undefined
    ? l10n.t('Remove {0} if it is the old key. To move it: {1}', second, noSwap)
    : noSwap;
}

function keyInWords({ name, from }: KkpKey): string {
  return from === 'value'
    ? l10n.t('{0} (in the Cluster, in clear)', name)
    : `${name} (Secret ${from.secret}#${from.key})`;
}

function rolloutFact(rollout: KkpRollout): KkpFact {
  const { rendered, apiServers, updated } = rollout;
  const isComplete = rendered && apiServers > 0 && updated === apiServers;
  return fact(l10n.t('API Servers'), rolloutInWords(rollout), isComplete ? 'information' : 'warning');
}

function rolloutInWords({ rendered, apiServers, updated }: KkpRollout): string {
  return rendered
    ? l10n.t('{0} of {1} have the configuration that KKP rendered', updated, apiServers)
    : l10n.t(
        '{0} of {1} have the configuration that KKP rendered, which is not that of the Cluster yet',
        updated,
        apiServers,
      );
}

function optional(label: string, text: string | undefined): KkpFact | undefined {
  return text === undefined ? undefined : fact(label, text);
}

function fact(label: string, text: string, severity: KkpFact['severity'] = 'information'): KkpFact {
  return { label, text, severity };
}
