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
    fact('Phase', `${phaseName(status?.phase)} · ${phaseMeaning(kkp)}`, failed ? 'error' : 'information'),
    status && fact('Active Key', status.activeKey === 'identity' ? 'none (identity)' : status.activeKey),
    spec && fact('Keys', spec.keys.map(keyInWords).join(', ') || 'none'),
    status && fact('Encrypted Resources', status.resources.join(', ') || 'none'),
    rollout && fact('API Servers', rolloutInWords(rollout), isComplete(rollout) ? 'information' : 'warning'),
    ...conditions.map(({ type, status, message }) =>
      fact(type, [status, message].filter((part) => part !== '').join(' · ')),
    ),
    optional('etcd Backups', backupCaveat(kkp)),
    optional('Left Behind', leftovers(kkp)),
    fact('Next', nextStep(kkp)),
  ];
  return facts.filter((each) => each !== undefined);
}

/** The next sensible thing to do, in one sentence. */
export function nextStep(kkp: KkpEncryption): string {
  const { status, spec } = kkp;
  const isOn = spec?.enabled === true;
  if (status === undefined)
    return isOn ? 'Wait until KKP has begun.' : 'Nothing: this cluster is not encrypted by KKP.';
  if (status.phase === 'Failed')
    return 'Correct what the Job data-encryption-… failed on, then reset status.encryption.phase by hand.';
  if (status.phase !== 'Active') return 'Wait: KKP takes no change until the phase is Active.';
  if (!isOn) return 'Wait until everything is decrypted.';
  const second = spec.keys[1]?.name;
  if (second === undefined) return 'Nothing. To rotate, add a second key.';
  const [noSwap, noRemoval] = [canSwap(kkp, second), canRemove(kkp, second)];
  if (noSwap === undefined)
    return `Move ${second} to the front if it is the new key; remove it if it is the old one.`;
  return noRemoval === undefined ? `Remove ${second} if it is the old key. To move it: ${noSwap}` : noSwap;
}

function keyInWords({ name, from }: KkpKey): string {
  return from === 'value'
    ? `${name} (in the Cluster, in clear)`
    : `${name} (Secret ${from.secret}#${from.key})`;
}

function rolloutInWords({ rendered, apiServers, updated }: KkpRollout): string {
  const have = `${updated} of ${apiServers} have the configuration that KKP rendered`;
  return rendered ? have : `${have}, which is not that of the Cluster yet`;
}

function isComplete({ rendered, apiServers, updated }: KkpRollout): boolean {
  return rendered && apiServers > 0 && updated === apiServers;
}

function optional(label: string, text: string | undefined): KkpFact | undefined {
  return text === undefined ? undefined : fact(label, text);
}

function fact(label: string, text: string, severity: KkpFact['severity'] = 'information'): KkpFact {
  return { label, text, severity };
}
