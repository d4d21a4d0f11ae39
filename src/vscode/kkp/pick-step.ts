import { l10n, window } from 'vscode';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import { type KkpStep, offersFor } from '../../app/kkp/kkp-steps.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import { label } from '../clusters/row-words.ts';
import { plainMessage } from '../plain-text.ts';

type StepTexts = { readonly [S in KkpStep['step']]: () => string };

const titles: StepTexts = {
  add: () => l10n.t('Add a Second Key…'),
  swap: () => l10n.t('Move to the Front'),
  remove: () => l10n.t('Remove'),
  disable: () => l10n.t('Switch Encryption Off'),
};

const icons = { add: 'add', swap: 'arrow-up', remove: 'trash', disable: 'circle-slash' } as const;

const does: StepTexts = {
  add: () => l10n.t('New key, in a Secret that is encrypted at once. It reads; the old one goes on writing.'),
  swap: () => l10n.t('It writes from then on, and KKP writes everything anew with it.'),
  remove: () => l10n.t('What it wrote can be read no longer, etcd backups included.'),
  disable: () => l10n.t('KKP decrypts everything. The feature gate stays until that is done.'),
};

/**
 * What is to be done: every step is shown, those that are not to be done now with the reason, which picking one tells once more.
 * Undefined where the person gave up, or picked one of those.
 */
export async function pickStep(title: string, kkp: KkpEncryption): Promise<KkpStep | undefined> {
  const items = offersFor(kkp).map(({ step, refusal }) => ({
    label: `$(${refusal === undefined ? icons[step.step] : 'lock'}) ${stepTitle(step)}`,
    description: refusal === undefined ? '' : l10n.t('not now'),
    detail: plainMessage(refusal ?? does[step.step]()),
    step,
    refusal,
  }));
  const key = kkp.status === undefined ? '' : ` · ${kkp.status.activeKey}`;
  const picked = await window.showQuickPick(items, {
    title: label(l10n.t('Key Rotation of {0}', title)),
    placeHolder: label(l10n.t('KKP says: {0}', `${phaseName(kkp.status?.phase)}${key}`)),
  });
  if (picked?.refusal === undefined) return picked?.step;
  void window.showInformationMessage(plainMessage(picked.refusal));
  return undefined;
}

/** `Move to the Front: encryption-key-2026-11` */
export function stepTitle(step: KkpStep): string {
  const title = titles[step.step]();
  return 'key' in step && step.key !== undefined ? l10n.t('{0}: {1}', title, label(step.key)) : title;
}
