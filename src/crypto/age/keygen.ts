import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Plaintext } from '../../core/plaintext.ts';

/** A new age key. */
export interface AgeKeyPair {
  /** A key file as age-keygen writes it: two comments and the identity, each a line. */
  readonly keyFile: Plaintext;
  /** `age1…` */
  readonly recipient: string;
}

/** Generates an X25519 key, or a hybrid one that quantum computers do not break either (`age-keygen -pq`). */
export async function generateAgeKey(
  created: Date,
  { postQuantum = false }: { readonly postQuantum?: boolean } = {},
): Promise<AgeKeyPair> {
  const identity = await (postQuantum ? generateHybridIdentity() : generateX25519Identity());
  const recipient = await identityToRecipient(identity);
  const when = created.toISOString().replace(/\.\d+Z$/, 'Z');
  const text = `# created: ${when}\n# public key: ${recipient}\n${identity}\n`;
  return { keyFile: Plaintext.fromText(text), recipient };
}
