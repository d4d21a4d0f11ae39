const DECLARATION = /^<(?:\?(?:xml|php|=)|!(?:--|DOCTYPE|ENTITY|\[CDATA)|\/[A-Za-z])/;
const START_TAG = /^<[A-Za-z_][\w:.-]{0,64}(?:\s{1,8}[\w:.-]{1,64}\s{0,4}=\s{0,4}["']|\s{0,8}\/>)/;

/**
 * Whether a text begins as XML or PHP does: a declaration, an element with an attribute, or one that ends.
 * `<a description>` and ERB's `<%= %>` are not.
 */
export function isMarkup(text: string): boolean {
  if (text.charCodeAt(0) !== 0x3c) return false;
  if (DECLARATION.test(text) || START_TAG.test(text)) return true;
  return /^<[A-Za-z_]/.test(text) && text.includes('</');
}
