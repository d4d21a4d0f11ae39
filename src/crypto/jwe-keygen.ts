import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

/** A new RSA key pair as PEM: PKCS#8 and SPKI, each with a final newline. */
export interface JweKeyPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

/**
 * Generates an RSA-4096 key pair, off the main thread. PEM has no room for a name, so these keys go by their
 * RFC 7638 thumbprint (`kid`) on every machine; a name that a person gives is the name of the file.
 */
export async function generateJweKey(): Promise<JweKeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 4096,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { privatePem: privateKey, publicPem: publicKey };
}
