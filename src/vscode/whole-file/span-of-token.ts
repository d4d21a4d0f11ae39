import { wholeFileIs } from '../../audit/whole-file.ts';
import type { Span } from '../../core/span.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';

/** A kubeconfig with the certificates of a hundred clusters; nothing longer is worth looking at. In UTF-16 units. */
const longest = 1024 * 1024;

/** Where the ciphertext stands in a text that is one; undefined for any other text. */
export function spanOfToken(text: string, registry: SchemeRegistry): Span | undefined {
  if (text.length > longest || wholeFileIs(text, registry) !== 'token') return undefined;
  return { start: text.search(/\S/), end: text.trimEnd().length };
}
