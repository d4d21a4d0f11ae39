import * as l10n from '@vscode/l10n';
import { isSameSet } from '../../core/same-set.ts';
import type { KkpEncryption, KkpRollout } from './kkp-encryption.ts';
import { phaseName } from './kkp-words.ts';

/** A change of `spec.encryptionConfiguration` that belongs to a rotation, or ends encryption. */
export type KkpStep =
  | { readonly step: 'add' }
  | { readonly step: 'disable' }
  /** `key`: what it moves to the front, or takes away. Undefined where there is no such key. */
  | { readonly step: 'swap' | 'remove'; readonly key: string | undefined };

/** A step, and in one sentence why it is not to be done now. */
export interface KkpOffer {
  readonly step: KkpStep;
  readonly refusal: string | undefined;
}

/** Every step there is for a Cluster as it is now. */
export function offersFor(kkp: KkpEncryption): readonly KkpOffer[] {
  const others = (kkp.spec?.keys ?? []).slice(1).map(({ name }) => name);
  const keys = others.length === 0 ? [undefined] : others;
  return [
    { step: { step: 'add' }, refusal: canAdd(kkp) },
    ...keys.map((key): KkpOffer => ({ step: { step: 'swap', key }, refusal: canSwap(kkp, key) })),
    ...keys.map((key): KkpOffer => ({ step: { step: 'remove', key }, refusal: canRemove(kkp, key) })),
    { step: { step: 'disable' }, refusal: canDisable(kkp) },
  ];
}

/** Why no second key may be added now; undefined where it may. */
export function canAdd(kkp: KkpEncryption): string | undefined {
  const second = kkp.spec?.keys[1];
  if (second === undefined) return whyNotNow(kkp);
  return (
    whyNotNow(kkp) ??
    l10n.t('There is a second key already, {0}: move it to the front, or remove it first.', second.name)
  );
}

/**
 * Why a key must not be moved to the front now. The phase alone never tells: it stays Active while a second key is rolled out, and an API
 * server that does not have it yet could not read what the others write with it.
 */
export function canSwap(kkp: KkpEncryption, key: string | undefined): string | undefined {
  const blocked = whyNotNow(kkp) ?? whyNoSuch(kkp, key);
  return blocked ?? whyNotEverywhere(kkp.rollout);
}

/** Why a key must not be removed now: something may still be encrypted with it, or be written with it. */
export function canRemove(kkp: KkpEncryption, key: string | undefined): string | undefined {
  const blocked = whyNotNow(kkp) ?? whyNoSuch(kkp, key);
  if (blocked !== undefined) return blocked;
  if (key !== undefined && kkp.status?.activeKey === `secretbox/${key}`)
    return l10n.t('{0} is the active key: without it nothing that is stored could be read.', key);
  if (!isSameSet(kkp.spec?.resources ?? [], kkp.status?.resources ?? []))
    return l10n.t(
      'Not every resource of the list was encrypted with the first key: what was not may need this one.',
    );
  // Whoever may not look takes KKP's word: it was Active only after all API servers had the new order.
  return kkp.rollout === undefined ? undefined : whyNotEverywhere(kkp.rollout);
}

/** Why encryption must not be switched off now. */
export function canDisable(kkp: KkpEncryption): string | undefined {
  return whyNotNow(kkp);
}

/** What stands against every change: KKP refuses it, or has not begun with the last one. */
function whyNotNow({ spec, feature, status }: KkpEncryption): string | undefined {
  const phase = status?.phase;
  if (phase === 'Failed')
    return l10n.t(
      'The phase is Failed. KKP never leaves it by itself, and refuses every change in it: correct what its Job failed on, and reset the status by hand.',
    );
  if (phase === 'Pending' || phase === 'EncryptionNeeded') {
    const said = `no changes to encryption configuration are allowed while encryption phase is '${phase}'`;
    return l10n.t('The phase is {0}, and KKP says: {1}.', phaseName(phase), said);
  }
  if (spec?.enabled !== true) return l10n.t('Encryption is switched off for this cluster.');
  if (!feature)
    return l10n.t('The feature gate encryptionAtRest is not set, so KKP takes encryption as switched off.');
  if (status === undefined) return l10n.t('KKP has not begun to encrypt: wait until the phase is Active.');
  const [first] = spec.keys;
  if (first === undefined) return l10n.t('The Cluster names no keys.');
  if (status.activeKey !== `secretbox/${first.name}`)
    return l10n.t(
      'The first key is {0}, and {1} is the active one: wait until KKP has caught up.',
      first.name,
      status.activeKey,
    );
  return undefined;
}

function whyNoSuch({ spec }: KkpEncryption, key: string | undefined): string | undefined {
  const [first, ...others] = spec?.keys ?? [];
  if (key === undefined || !others.some(({ name }) => name === key))
    return l10n.t('There is no second key: add one first.');
  if (others.filter(({ name }) => name === key).length > 1 || first?.name === key)
    return l10n.t('Two keys have the name {0}: KKP takes both for one.', key);
  return undefined;
}

/** Why an API server may not have all keys; undefined where each has them. */
function whyNotEverywhere(rollout: KkpRollout | undefined): string | undefined {
  if (rollout === undefined)
    return l10n.t(
      'Whether every API server has the second key cannot be seen without the right to get Secrets and list Pods in the namespace of the cluster; Active does not tell.',
    );
  if (!rollout.rendered) return l10n.t('KKP has not rendered the last change for the API servers yet.');
  if (rollout.apiServers === 0)
    return l10n.t('No API server of this cluster runs, so none is known to have every key.');
  if (rollout.updated < rollout.apiServers)
    return l10n.t(
      '{0} of {1} API servers have every key: wait for the others.',
      rollout.updated,
      rollout.apiServers,
    );
  return undefined;
}
