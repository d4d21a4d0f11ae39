import * as l10n from '@vscode/l10n';
import { judgeConfiguration } from '../../audit/at-rest/judge-configuration.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import type { RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import { type RotationChange, rotationEdit } from '../../manifest/at-rest/rotation-edit.ts';
import { tellDocument } from '../../manifest/parse.ts';
import { type RotationStatus, refusalOf, rotationSteps } from './rotation.ts';
import { stepInWords, waitInWords } from './rotation-sentences.ts';

/** Rotating is about what is valid; whether an API server takes kms v1 and repeated names, its own flags decide. */
const anyServer = { reload: false, kmsV1: true } as const;

/**
 * The edit of the step that is next. Any other is refused, and so is one after which kube-apiserver would not start.
 * @throws Failure `rotation.refused`, `document.not-editable`, `document.changed`, `edit.unverified`
 */
export function changeFor(
  text: string,
  plan: RotationPlan,
  status: RotationStatus,
  change: RotationChange,
): Edit {
  if (refusalOf(status, change.step) !== undefined) throw refused(status, plan);
  const edit = rotationEdit(text, plan, change);
  const [error] = judgeConfiguration(applyEdits(text, [edit]), anyServer, tellDocument).errors;
  if (error !== undefined) {
    throw new Failure('document.not-editable', {
      reason: l10n.t('kube-apiserver would refuse it: {0}', error.message),
    });
  }
  return edit;
}

/** What a person is told who wants anything but what is due. */
export function refused({ next, wait }: RotationStatus, plan: RotationPlan): Failure<'rotation.refused'> {
  if (next === undefined)
    return new Failure('rotation.refused', { reason: l10n.t('all its steps are done') });
  const [at, step] = [rotationSteps.indexOf(next) + 1, stepInWords(next, plan)];
  const reason =
    wait === undefined || wait.why === 'edit'
      ? l10n.t('step {0} is next ({1})', at, step)
      : l10n.t('step {0} is next ({1}). {2}', at, step, waitInWords(wait, plan).replace(/[.。]$/, ''));
  return new Failure('rotation.refused', { reason });
}
