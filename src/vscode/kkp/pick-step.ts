import { window } from 'vscode';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import { type KkpStep, offersFor } from '../../app/kkp/kkp-steps.ts';
import { phaseName } from '../../app/kkp/kkp-words.ts';
import { label } from '../clusters/row-words.ts';
import { plainMessage } from '../plain-text.ts';

const titles = {
  add: 'Add a Second Key…',
  swap: 'Move to the Front',
  remove: 'Remove',
  disable: 'Switch Encryption Off',
} as const;

const icons = { add: 'add', swap: 'arrow-up', remove: 'trash', disable: 'circle-slash' } as const;

const does = {
  add: 'New key, in a Secret that is encrypted at once. It reads; the old one goes on writing.',
  swap: 'It writes from then on, and KKP writes everything anew with it.',
  remove: 'What it wrote can be read no longer, etcd backups included.',
  disable: 'KKP decrypts everything. The feature gate stays until that is done.',
} as const;

/**
 * What is to be done: every step is shown, those that are not to be done now with the reason, which picking one tells once more.
 * Undefined where the person gave up, or picked one of those.
 */
export async function pickStep(title: string, kkp: KkpEncryption): Promise<KkpStep | undefined> {
  const items = offersFor(kkp).map(({ step, refusal }) => ({
    label: `$(${refusal === undefined ? icons[step.step] : 'lock'}) ${stepTitle(step)}`,
    description: refusal === undefined ? '' : 'not now',
    detail: plainMessage(refusal ?? does[step.step]),
    step,
    refusal,
  }));
  const key = kkp.status === undefined ? '' : ` · ${kkp.status.activeKey}`;
  const picked = await window.showQuickPick(items, {
    title: label(`Key Rotation of ${title}`),
    placeHolder: label(`KKP says: ${phaseName(kkp.status?.phase)}${key}`),
  });
  if (picked?.refusal === undefined) return picked?.step;
  void window.showInformationMessage(plainMessage(picked.refusal));
  return undefined;
}

/** `Move to the Front: encryption-key-2026-11` */
export function stepTitle(step: KkpStep): string {
  const name = 'key' in step && step.key !== undefined ? `: ${label(step.key)}` : '';
  return `${titles[step.step]}${name}`;
}
