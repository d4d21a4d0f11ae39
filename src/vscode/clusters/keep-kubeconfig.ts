import type { Uri } from 'vscode';
import { withKubeconfigRule } from '../../app/clusters/kubeconfig-file.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { sealingKey } from '../../app/sealing-key.ts';
import { sealWhole } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { leadsInside } from '../inside-folder.ts';
import type { Services } from '../services.ts';
import { planPolicy } from '../write-rule.ts';
import type { KubeconfigSealing } from './kubeconfig-key.ts';

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
  { how, needsRule }: KubeconfigSealing,
  services: Services,
): Promise<boolean> {
  const { files, registry, keys, trust, repository } = services;
  const request = { ...how, scheme: registry.byId(how.scheme), accepted: [] };
  const key = await sealingKey(request, keys, trust, repository);
  const { token, verification } = await sealWhole(content, key);
  const policy = needsRule ? await planRule(path, answer, how.reference.text, services) : undefined;
  if (!(await leadsInside(path, folder.fsPath, files))) throw new Failure('kubeconfig.outside-workspace', {});
  if (await files.exists(path)) throw new Failure('file.exists', {}, { path });
  await files.makeFolder(files.parent(path));
  await files.replaceSealed(path, new TextEncoder().encode(token), undefined);
  try {
    await policy?.write(services);
  } catch (error) {
    await files.remove(path);
    throw error;
  }
  return verification === 'opened';
}

/** A first policy at the root would take files from the rules of a `.sops.yaml`: then it stands beside the kubeconfig. */
async function planRule(path: string, answer: PolicyAnswer, key: string, { files, finder }: Services) {
  const isFirst = answer.file === undefined;
  const isSops = isFirst && (await finder.findSops(path)) !== undefined;
  const folder = isSops ? files.parent(path) : answer.base;
  const relative = files.relative(folder, path);
  return planPolicy(answer, folder, (text) =>
    withKubeconfigRule(text, { path: relative, key, first: answer.rule !== undefined }),
  );
}
