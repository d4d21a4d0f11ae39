import { contentEncryptions, keyManagements } from './jwe-algorithms.ts';
import { base64UrlBytes, type JweHeader } from './jwe-header.ts';

/** A JWE, read but not opened (RFC 7516 §7). */
export interface JweToken {
  readonly form: 'compact' | 'flattened' | 'general';
  /** Of several recipients, that of the first. */
  readonly header: JweHeader;
  /** How many it is sealed to. Only the general form has several, and Purser opens none of those. */
  readonly recipients: number;
  /** Length of the token as text, white space not counted. */
  readonly bytes: number;
  /** Length of the ciphertext alone, in bytes. */
  readonly ciphertextBytes: number;
  /** The members of the flattened JSON form, whichever form the token has. */
  readonly parts: JweParts;
}

export interface JweParts {
  readonly protected?: string;
  readonly unprotected?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
  readonly encrypted_key?: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly aad?: string;
}

export type Reading =
  | { readonly is: 'yes'; readonly token: JweToken }
  | { readonly is: 'no' }
  | { readonly is: 'malformed'; readonly reason: string };

export function malformed(reason: string): Reading {
  return { is: 'malformed', reason };
}

/** A cut or damaged token shows in its sizes: each `enc` fixes those of its vector and tag (RFC 7518 §5). */
export function check(form: JweToken['form'], header: JweHeader, parts: JweParts, bytes: number): Reading {
  const key = base64UrlBytes(parts.encrypted_key ?? '');
  const iv = base64UrlBytes(parts.iv);
  const tag = base64UrlBytes(parts.tag);
  const ciphertextBytes = base64UrlBytes(parts.ciphertext);
  const aad = base64UrlBytes(parts.aad ?? '');
  if (
    key === undefined ||
    iv === undefined ||
    tag === undefined ||
    ciphertextBytes === undefined ||
    aad === undefined
  ) {
    return malformed('its parts are not all base64url');
  }
  const wrapsKey = keyManagements.get(header.alg)?.wrapsKey ?? key > 0;
  if (wrapsKey && key === 0) return malformed('its encrypted key is missing');
  if (!wrapsKey && key > 0) return malformed('its algorithm allows no encrypted key, and it has one');
  if (iv === 0 || tag === 0) return malformed('its initialization vector or its tag is missing');
  const sizes = contentEncryptions.get(header.enc) ?? { ivBytes: iv, tagBytes: tag, blockBytes: 1 };
  if (iv !== sizes.ivBytes) return malformed('its initialization vector has the wrong size');
  if (tag !== sizes.tagBytes) return malformed('its authentication tag has the wrong size');
  const padded = sizes.blockBytes > 1;
  if (ciphertextBytes % sizes.blockBytes !== 0 || (padded && ciphertextBytes === 0)) {
    return malformed('its ciphertext is not whole blocks');
  }
  return { is: 'yes', token: { form, header, recipients: 1, bytes, ciphertextBytes, parts } };
}
