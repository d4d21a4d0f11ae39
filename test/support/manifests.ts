import { PolicyFactsFinder } from '../../src/app/policy-facts.ts';
import type { PolicyAnswer } from '../../src/app/policy-finder.ts';
import { Failure } from '../../src/core/errors.ts';
import type { SchemeRegistry } from '../../src/schemes/registry.ts';
import { Manifests } from '../../src/vscode/manifests.ts';

/** Policies that say the same of every document. */
export function policiesSaying(answer: Partial<PolicyAnswer> | undefined) {
  return { find: async () => answer as PolicyAnswer | undefined, onDidChange: () => ({ dispose() {} }) };
}

/** Open manifests under such a policy, none of whose keys can be read. */
export function manifestsUnder(
  answer: Partial<PolicyAnswer> | undefined,
  registry: SchemeRegistry,
): Manifests {
  const keys = { resolve: async () => Promise.reject(new Failure('key.not-found', { ref: 'any' })) };
  const findSops = async () => undefined;
  const facts = () => new PolicyFactsFinder({ findSops }, keys, registry);
  return new Manifests(registry, policiesSaying(answer), facts);
}
