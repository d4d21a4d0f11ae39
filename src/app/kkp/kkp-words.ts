import * as l10n from '@vscode/l10n';
import type { KkpEncryption, KkpPhase, ListedKkpPhase } from './kkp-encryption.ts';

/** KKP's own words stay as they are. */
const names: { readonly [P in NonNullable<ListedKkpPhase>]: () => string } = {
  Pending: () => 'Pending',
  EncryptionNeeded: () => l10n.t('Rotating'),
  Active: () => 'Active',
  Failed: () => 'Failed',
  other: () => l10n.t('Unknown'),
};

/** A phase as people read it: Off where there is none. KKP's `EncryptionNeeded` is what a rotation, or the first encryption, looks like. */
export function phaseName(phase: ListedKkpPhase): string {
  return phase === undefined ? l10n.t('Off') : names[phase]();
}

const meanings: { readonly [P in KkpPhase]: () => string } = {
  Pending: () => l10n.t('KKP waits until every API server has the new configuration.'),
  EncryptionNeeded: () => l10n.t('A Job writes every object of the encrypted resources anew.'),
  Active: () =>
    l10n.t(
      'The first key has written everything. A second key may still be on its way to the API servers: this phase does not tell.',
    ),
  Failed: () =>
    l10n.t(
      'The Job that writes everything anew has failed. KKP never leaves this phase by itself, and refuses changes of the encryption.',
    ),
};

/** What a phase means, in one sentence. Right after a change of the Cluster the phase is still that from before it. */
export function phaseMeaning(kkp: Pick<KkpEncryption, 'status' | 'spec'>): string {
  const { status, spec } = kkp;
  if (status?.phase === 'Active' && !isCaughtUp(kkp))
    return l10n.t(
      'KKP has not begun with the last change of the Cluster: what is stored is as it was before it.',
    );
  if (status?.phase === 'Active' && spec?.enabled !== true) return l10n.t('Everything is decrypted again.');
  if (status !== undefined) return meanings[status.phase]();
  return spec?.enabled === true
    ? l10n.t('KKP has not begun to encrypt.')
    : l10n.t('Encryption was never on, or everything is decrypted again.');
}

/** Whether the active key is the one that the Cluster puts first; `identity` where it switches encryption off. */
export function isCaughtUp({ status, spec }: Pick<KkpEncryption, 'status' | 'spec'>): boolean {
  const first = spec?.enabled === true ? spec.keys[0] : undefined;
  return status?.activeKey === (first === undefined ? 'identity' : `secretbox/${first.name}`);
}

/** etcd forgets old revisions every five minutes, and a backup holds what it has not forgotten. */
const compaction = 5 * 60_000;

/** What an etcd backup may hold although the phase is Active; undefined for other phases. */
export function backupCaveat({ status, conditions }: KkpEncryption): string | undefined {
  if (status?.phase !== 'Active') return undefined;
  const since = conditions.find(
    ({ type, status }) => type === 'EncryptionInitialized' && status === 'True',
  )?.since;
  if (since === undefined)
    return l10n.t(
      'Those taken in the first five minutes after encryption may hold values as they were before.',
    );
  const until = new Date(since.getTime() + compaction).toISOString().replace(/\.\d+Z$/, 'Z');
  return l10n.t(
    'Those taken in the first five minutes after encryption, until {0}, may hold values as they were before.',
    until,
  );
}

/** What KKP leaves behind; undefined where nothing can be left. */
export function leftovers({ status, spec, conditions }: KkpEncryption): string | undefined {
  const wasOn = conditions.some(({ type }) => type === 'EncryptionInitialized');
  if (status !== undefined || spec?.enabled === true || !wasOn) return undefined;
  return l10n.t(
    'The Secret apiserver-encryption-configuration with the old keys stays in the namespace of the cluster: delete it by hand, once no etcd backup needs its keys.',
  );
}
