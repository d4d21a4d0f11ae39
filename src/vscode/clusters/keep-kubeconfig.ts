import type { Uri } from 'vscode';
import { withKubeconfigRule } from '../../app/clusters/kubeconfig-file.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { leadsInside } from '../inside-folder.ts';
import { keepSealedFile } from '../keep-sealed-file.ts';
import type { Services } from '../services.ts';
import type { WholeFileSealing } from '../whole-file-key.ts';

/** Where a kubeconfig is to be kept. */
export interface KubeconfigTarget {
  /** The workspace folder. */
  readonly folder: Uri;
  /** Absolute; there is no such file yet. */
  readonly path: string;
  readonly answer: PolicyAnswer;
}

/**
 * Writes a kubeconfig as one ciphertext, and the rule that says so where there is none: both, or neither. Whether it was
 * opened again before it was written. Throws `file.exists`, `file.unwritable`, `policy.invalid` and what sealing throws.
 */
export async function keepKubeconfig(
  content: Plaintext,
  { folder, path, answer }: KubeconfigTarget,
  sealing: WholeFileSealing,
  services: Services,
): Promise<boolean> {
  if (!(await leadsInside(path, folder.fsPath, services.files)))
    throw new Failure('kubeconfig.outside-workspace', {});
  return keepSealedFile(content, { path, answer }, sealing, withKubeconfigRule, services);
}
