/**
 * What a text is to one format. `malformed`: it looks meant as that format (its prefix or its shape) but cannot be
 * shown to be ciphertext, so it must not be trusted as if it were sealed. The reason never quotes the text.
 */
export type Recognition =
  | { readonly is: 'no' }
  | { readonly is: 'yes' }
  | { readonly is: 'malformed'; readonly reason: string };
