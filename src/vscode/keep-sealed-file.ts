import type { PolicyAnswer } from '../app/policy-finder.ts';
import { sealingKey } from '../app/sealing-key.ts';
import { sealWhole } from '../app/whole-file.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { Services } from './services.ts';
import type { WholeFileSealing } from './whole-file-key.ts';
import { planPolicy } from './write-rule.ts';

/** A file that is to be nothing but a ciphertext. */
export interface SealedFileTarget {
  /** Absolute; there is no such file yet. */
  readonly path: string;
  readonly answer: PolicyAnswer;
}

/** A rule by which a file is one ciphertext. */
export interface SealedFileRule {
  /** The file, relative to the policy. */
  readonly path: string;
  readonly key: string;
  /** Whether another rule matches the file. */
  readonly first: boolean;
}

/**
 * Writes a file as one ciphertext, and the rule that says so where there is none: both, or neither. Whether it was opened
 * again before it was written. Throws `file.exists`, `file.unwritable`, `policy.invalid` and what sealing throws.
 *
 * @param withRule the text of a policy with one more rule
 */
export async function keepSealedFile(
  content: Plaintext,
  { path, answer }: SealedFileTarget,
  { how, needsRule }: WholeFileSealing,
  withRule: (text: string | undefined, rule: SealedFileRule) => string,
  services: Services,
): Promise<boolean> {
  const { files, registry, keys, trust, repository } = services;
  const request = { ...how, scheme: registry.byId(how.scheme), accepted: [] };
  const key = await sealingKey(request, keys, trust, repository);
  const { token, verification } = await sealWhole(content, key);
  const policy = needsRule
    ? await planRule({ path, answer }, how.reference.text, withRule, services)
    : undefined;
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

/** A first policy at the root would take files from the rules of a `.sops.yaml`: then it stands beside the file. */
async function planRule(
  { path, answer }: SealedFileTarget,
  key: string,
  withRule: (text: string | undefined, rule: SealedFileRule) => string,
  { files, finder }: Services,
) {
  const isFirst = answer.file === undefined;
  const isSops = isFirst && (await finder.findSops(path)) !== undefined;
  const folder = isSops ? files.parent(path) : answer.base;
  const relative = files.relative(folder, path);
  return planPolicy(answer, folder, (text) =>
    withRule(text, { path: relative, key, first: answer.rule !== undefined }),
  );
}
