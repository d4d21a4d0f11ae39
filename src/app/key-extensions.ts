import type { SchemeId } from '../schemes/scheme.ts';

/**
 * Which extensions in the key folder are keys of which scheme. A `.pem` may be a key of JWE or a controller's of Sealed Secrets: what
 * is in it tells, so each scheme passes over those it cannot use.
 */
export const keyExtensions: { readonly [S in SchemeId]: readonly string[] } = {
  jwe: ['pem', 'jwk'],
  fernet: ['fernet'],
  secretbox: ['secretbox'],
  'sealed-secrets': ['pem'],
  sops: ['age'],
};

/** Schemes whose ciphertexts may be sealed with a password that a person types. */
export const opensWithPassword: ReadonlySet<SchemeId> = new Set(['jwe']);

/** The scheme that keys with this extension are for first. */
export function schemeOfExtension(extension: string): SchemeId | undefined {
  return (Object.keys(keyExtensions) as SchemeId[]).find((scheme) =>
    keyExtensions[scheme].includes(extension),
  );
}
