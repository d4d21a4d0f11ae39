import { judgeConfiguration } from '../../audit/at-rest/judge-configuration.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import { type RotationChange, rotationEdit } from '../../manifest/at-rest/rotation-edit.ts';
import { tellDocument } from '../../manifest/parse.ts';
import type { Rotation, RotationStatus } from './rotation.ts';

/** Rotating is about what is valid; whether an API server takes kms v1 and repeated names, its own flags decide. */
const anyServer = { reload: false, kmsV1: true } as const;

/**
 * The edit of the step that is next. Any other is refused, and so is one after which kube-apiserver would not start.
 * @throws Failure `document.not-editable`, `document.changed`, `edit.unverified`
 */
export function changeFor(
  text: string,
  rotation: Rotation,
  { next }: RotationStatus,
  change: RotationChange,
): Edit {
  if (next !== change.step) {
    const reason = `the next step of the rotation is ${next ?? 'none: it is done'}`;
    throw new Failure('document.not-editable', { reason });
  }
  const edit = rotationEdit(text, rotation, change);
  const [error] = judgeConfiguration(applyEdits(text, [edit]), anyServer, tellDocument).errors;
  if (error !== undefined) {
    throw new Failure('document.not-editable', {
      reason: `kube-apiserver would refuse it: ${error.message}`,
    });
  }
  return edit;
}
