import type { SchemeId } from '../schemes/scheme.ts';

/** Which extensions in the key folder are keys of which scheme. */
export const keyExtensions: { readonly [S in SchemeId]: readonly string[] } = {
  jwe: ['pem', 'jwk'],
  fernet: ['fernet'],
  secretbox: ['secretbox'],
};

/** The scheme that keys with this extension are for. */
export function schemeOfExtension(extension: string): SchemeId | undefined {
  return (Object.keys(keyExtensions) as SchemeId[]).find((scheme) =>
    keyExtensions[scheme].includes(extension),
  );
}
