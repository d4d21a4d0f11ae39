import { Failure } from '../../core/errors.ts';
import { addRule } from '../../policy/add-rule.ts';
import { ruleFor } from '../../policy/policy.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import type { SealedKubeconfig } from './kubeconfig-source.ts';

/** What a file is called that is nothing but a sealed kubeconfig. */
export const sealedKubeconfigEnding = '.kubeconfig.enc';

/** A context's name as a file name: `arn:aws:eks:eu:1:cluster/shop` is `arn-aws-eks-eu-1-cluster-shop`. */
export function fileNameFor(context: string): string {
  const safe = context.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return safe.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '') || 'cluster';
}

/** Whether a text may be a file's name, without its ending, on every platform. */
export function isFileName(text: string): boolean {
  return /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(text);
}

/**
 * Where a workspace folder keeps its sealed kubeconfigs, relative and `/`-separated: beside the first that is a file of its
 * own, else `clusters`.
 *
 * @param relative a path as this folder sees it
 */
export function folderForKubeconfigs(
  others: readonly SealedKubeconfig[],
  relative: (path: string) => string,
): string {
  for (const { path, entry } of others) {
    const from = relative(path);
    if (entry !== undefined || from.startsWith('..') || !from.endsWith(sealedKubeconfigEnding)) continue;
    return from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  }
  return 'clusters';
}

/** The glob for every sealed kubeconfig in a folder, relative to the policy; globs have no way to quote their own signs. */
export function globForKubeconfigs(folder: string): string {
  if (/[*?{},]/.test(folder)) return `**/*${sealedKubeconfigEnding}`;
  return folder === '' ? `*${sealedKubeconfigEnding}` : `${folder}/*${sealedKubeconfigEnding}`;
}

/** A rule for sealed kubeconfigs, to be added for one file. */
export interface KubeconfigRule {
  /** The file, relative to the policy. */
  readonly path: string;
  readonly key: string;
  /** Whether another rule matches the file. */
  readonly first: boolean;
}

/**
 * The text of a policy by which a file is one Fernet ciphertext; nothing else of it changes. Throws `policy.invalid`,
 * `edit.unverified`.
 */
export function withKubeconfigRule(text: string | undefined, { path, key, first }: KubeconfigRule): string {
  const glob = globForKubeconfigs(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
  const after = addRule(text, { path: glob, scheme: 'fernet', key, whole: true, first });
  const rule = ruleFor(readPolicy(after).policy, path);
  if (rule?.whole !== true || rule.keys[0]?.text !== key) throw new Failure('edit.unverified', {});
  return after;
}
