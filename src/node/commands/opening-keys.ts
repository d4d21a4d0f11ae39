import type { KeysFor } from '../../app/decrypt.ts';
import type { KeyReference } from '../../policy/key-reference.ts';
import type { KeyMaterial } from '../../schemes/keys.ts';
import type { ValueSchemeId } from '../../schemes/scheme.ts';
import type { CliContext } from './context.ts';
import { policyPath } from './file-io.ts';

/** The keys a command may open with: those it names, else the rule's and the person's own. Read once a file. */
export async function openingKeys(
  path: string,
  named: readonly KeyReference[],
  context: CliContext,
): Promise<KeysFor> {
  const known = new Map<ValueSchemeId, Promise<readonly KeyMaterial[]>>();
  const answer = await context.policies.find(
    policyPath(path, { inPlace: false, output: undefined }, context),
  );
  return (scheme) => {
    const keys = known.get(scheme) ?? find(scheme);
    known.set(scheme, keys);
    return keys;
  };

  function find(scheme: ValueSchemeId): Promise<readonly KeyMaterial[]> {
    const site = { base: context.terminal.cwd, root: undefined };
    if (named.length > 0)
      return Promise.all(named.map((reference) => context.keys.resolve(reference, scheme, site)));
    const references = answer.rule?.scheme === scheme ? answer.rule.keys : [];
    return context.keys.openingKeys(references, scheme, { base: answer.base, root: answer.root });
  }
}
