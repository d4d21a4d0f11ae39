import * as l10n from '@vscode/l10n';
import type { RotationStatus } from './rotation.ts';

/** What a person does from the checklist. */
export type RotationAction =
  | 'add'
  | 'ask'
  | 'state-servers'
  | 'move-back'
  | 'backed-up'
  | 'swap'
  | 're-encrypt'
  | 'audit'
  | 'remove';

/** As buttons say it. */
export const rotationActionTitles: { readonly [A in RotationAction]: () => string } = {
  add: () => l10n.t('Add Key…'),
  ask: () => l10n.t('Ask the Cluster Again'),
  'state-servers': () => l10n.t('State How Many API Servers There Are…'),
  'move-back': () => l10n.t('Put the Old Key First Again'),
  'backed-up': () => l10n.t('I Keep a Copy of the Key'),
  swap: () => l10n.t('Swap'),
  're-encrypt': () => l10n.t('Re-encrypt Now…'),
  audit: () => l10n.t('Audit etcd Snapshot…'),
  remove: () => l10n.t('Remove Old Key'),
};

/** What may be done now: never what could leave values that an API server cannot read. */
export function actionsFor({ next, wait }: RotationStatus): readonly RotationAction[] {
  if (next === undefined || wait === undefined) return [];
  if (next === 'add') return wait.why === 'edit' ? ['add'] : ['ask'];
  if (next === 'swap' || next === 'remove') return [next, 'ask'];
  if (wait.why === 'server-without-key') return ['move-back', 'ask'];
  if (wait.why === 'servers-unknown') return ['state-servers', 'ask'];
  if (wait.why === 'not-backed-up') return ['backed-up', 'ask'];
  if (wait.why === 'stale' || wait.why === 'stale-unknown') return ['re-encrypt', 'audit', 'ask'];
  return ['ask'];
}

export function isRotationAction(value: unknown): value is RotationAction {
  return typeof value === 'string' && Object.hasOwn(rotationActionTitles, value);
}
