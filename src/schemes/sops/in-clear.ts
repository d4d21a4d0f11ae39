import { Failure } from '../../core/errors.ts';
import { type CompilePattern, selectionOf } from '../../core/sops-selection.ts';
import { recogniseSopsToken } from '../../crypto/sops-token.ts';
import type { SopsFile } from './file.ts';
import { placeOf } from './open.ts';
import { isValue, walkSops } from './walk.ts';

/**
 * Refuses an encrypted file in which a value stands in the clear that its rule says is encrypted: SOPS does not open such a file. No
 * key is needed to tell.
 * @throws Failure `sops.clear-value`
 */
export function requireNoneInClear({ tree, metadata }: SopsFile, compile: CompilePattern): void {
  const selects = selectionOf(metadata.rule, compile);
  walkSops(tree, (leaf) => {
    if (!isValue(leaf) || leaf.node.text === '' || recogniseSopsToken(leaf.node.text).is !== 'no') return;
    if (selects(leaf, false)) throw new Failure('sops.clear-value', {}, placeOf(tree, leaf));
  });
}
