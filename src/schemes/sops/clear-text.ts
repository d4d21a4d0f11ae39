import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { Edit } from '../../core/span.ts';
import type { SopsValue } from '../../crypto/sops/value.ts';
import { putText, putToken } from '../../manifest/sops-edit.ts';
import type { SopsScalar, SopsText } from '../../manifest/sops-tree.ts';
import { doubleQuoted } from '../../manifest/write-scalar.ts';

/** What Go calls these, and YAML. */
const infinities: ReadonlyMap<string, string> = new Map([
  ['+Inf', '.inf'],
  ['-Inf', '-.inf'],
  ['NaN', '.nan'],
]);

/** The edits that write a value in the clear, as what SOPS reads as of its type. Throws `entry.not-text`. */
export function clearEdits(tree: SopsText, node: SopsScalar, value: SopsValue): readonly Edit[] {
  const text = textOf(value);
  return value.type === 'str' ? putText(tree.text, node, text) : putToken(tree.text, node, clearToken(value));
}

/** A value in the clear, on one line. Throws `entry.not-text`. */
export function clearToken(value: SopsValue): string {
  const text = textOf(value);
  if (value.type === 'str') return doubleQuoted(text);
  if (value.type === 'bool') return text.toLowerCase();
  if (value.type !== 'float') return text;
  // Without a fraction it would read as an integer.
  return infinities.get(text) ?? (/^-?\d+$/.test(text) ? `${text}.0` : text);
}

function textOf({ bytes }: SopsValue): string {
  const text = new Plaintext(bytes).exposeText();
  if (text === undefined) throw new Failure('entry.not-text', {});
  return text;
}
