/** Sizes in bytes of one `enc` (RFC 7518 §5); `blockBytes` is what the ciphertext is a multiple of. */
export interface ContentEncryption {
  readonly keyBytes: number;
  readonly ivBytes: number;
  readonly tagBytes: number;
  readonly blockBytes: number;
}

/** What one `alg` (RFC 7518 §4) needs of a key. `keyBytes` is the size of a symmetric key, where it is fixed. */
export interface KeyManagement {
  readonly family: 'rsa' | 'ecdh' | 'symmetric' | 'direct' | 'password';
  /** False where the content key is the shared key itself: the token's encrypted key must then be empty. */
  readonly wrapsKey: boolean;
  readonly keyBytes?: number;
  /** Why Purser opens it and never seals with it, as an addition to its name. */
  readonly weakness?: string;
}

/**
 * Rounds of password hashing that Purser writes (PBES2's `p2c`): what go-jose writes, and OWASP asks of PBKDF2 with
 * HMAC-SHA-256. Opening takes at most go-jose's own limit, because a count is work that the token's author orders
 * (RFC 8725 §3.12).
 */
export const passwordRounds = 600_000;
export const mostPasswordRounds = 1_000_000;

/** Every `enc` Purser seals and opens, by name. A Map, so that a header saying `constructor` finds nothing. */
export const contentEncryptions: ReadonlyMap<string, ContentEncryption> = new Map([
  ['A128CBC-HS256', { keyBytes: 32, ivBytes: 16, tagBytes: 16, blockBytes: 16 }],
  ['A192CBC-HS384', { keyBytes: 48, ivBytes: 16, tagBytes: 24, blockBytes: 16 }],
  ['A256CBC-HS512', { keyBytes: 64, ivBytes: 16, tagBytes: 32, blockBytes: 16 }],
  ['A128GCM', { keyBytes: 16, ivBytes: 12, tagBytes: 16, blockBytes: 1 }],
  ['A192GCM', { keyBytes: 24, ivBytes: 12, tagBytes: 16, blockBytes: 1 }],
  ['A256GCM', { keyBytes: 32, ivBytes: 12, tagBytes: 16, blockBytes: 1 }],
]);

/** Every `alg` Purser opens, by name. */
export const keyManagements: ReadonlyMap<string, KeyManagement> = new Map<string, KeyManagement>([
  ['RSA-OAEP-256', { family: 'rsa', wrapsKey: true }],
  ['RSA-OAEP-384', { family: 'rsa', wrapsKey: true }],
  ['RSA-OAEP-512', { family: 'rsa', wrapsKey: true }],
  ['RSA-OAEP', { family: 'rsa', wrapsKey: true, weakness: 'SHA-1' }],
  ['ECDH-ES+A256KW', { family: 'ecdh', wrapsKey: true }],
  ['ECDH-ES+A192KW', { family: 'ecdh', wrapsKey: true }],
  ['ECDH-ES+A128KW', { family: 'ecdh', wrapsKey: true }],
  ['ECDH-ES', { family: 'ecdh', wrapsKey: false }],
  ['A128KW', { family: 'symmetric', wrapsKey: true, keyBytes: 16 }],
  ['A192KW', { family: 'symmetric', wrapsKey: true, keyBytes: 24 }],
  ['A256KW', { family: 'symmetric', wrapsKey: true, keyBytes: 32 }],
  ['A128GCMKW', { family: 'symmetric', wrapsKey: true, keyBytes: 16 }],
  ['A192GCMKW', { family: 'symmetric', wrapsKey: true, keyBytes: 24 }],
  ['A256GCMKW', { family: 'symmetric', wrapsKey: true, keyBytes: 32 }],
  ['PBES2-HS512+A256KW', { family: 'password', wrapsKey: true }],
  ['PBES2-HS384+A192KW', { family: 'password', wrapsKey: true }],
  ['PBES2-HS256+A128KW', { family: 'password', wrapsKey: true }],
  ['dir', { family: 'direct', wrapsKey: false }],
]);

/** The `alg` names of one family, strongest default first. */
export function algorithmsOf(family: KeyManagement['family']): string[] {
  return [...keyManagements].filter(([, entry]) => entry.family === family).map(([name]) => name);
}

/** What is weak about an `alg` that Purser opens all the same: `RSA-OAEP (SHA-1)`. */
export function weaknessOf(alg: string): string | undefined {
  const weakness = keyManagements.get(alg)?.weakness;
  return weakness === undefined ? undefined : `${alg} (${weakness})`;
}

/** Whether a token of this `alg` is sealed with a password (RFC 7518 §4.8). */
export function isPasswordAlgorithm(alg: string): boolean {
  return keyManagements.get(alg)?.family === 'password';
}

/**
 * Why a token with this `alg` is never opened, whatever the key; undefined where the algorithm is one of ours.
 * RSA1_5 is a padding oracle (RFC 7516 §11.5).
 */
export function refusedAlgorithm(alg: string): string | undefined {
  if (keyManagements.has(alg)) return undefined;
  if (alg === 'none') return 'its algorithm is "none", which protects nothing';
  if (alg === 'RSA1_5') return 'its algorithm is RSA1_5, which is not safe to open';
  return 'its algorithm ("alg") is not one that Purser knows';
}
