import { Plaintext } from '../core/plaintext.ts';
import type { FernetKey } from '../crypto/fernet.ts';
import { describeFernetToken, recogniseFernet } from '../crypto/fernet-token.ts';
import type { Scheme } from './scheme.ts';
import { type CodecCrypto, valueScheme } from './value-scheme.ts';

/** Fernet, as flux-orchestrator and Python's cryptography use it. The time goes into each token. */
export function fernetScheme(now: () => Date): Scheme {
  return valueScheme<FernetKey>({
    id: 'fernet',
    title: 'Fernet',
    sealsWith: 'symmetric',
    boundTo: 'nothing',
    recognise: recogniseFernet,
    describe(token) {
      const { createdAt, ciphertextBytes } = describeFernetToken(token);
      return {
        algorithm: 'Fernet',
        recipient: undefined,
        bytes: ciphertextBytes,
        createdAt,
        boundTo: undefined,
      };
    },
    load: () => loadCrypto(now),
  });
}

async function loadCrypto(now: () => Date): Promise<CodecCrypto<FernetKey>> {
  const { generateFernetKey, openFernet, readFernetKey, sealFernet } = await import('../crypto/fernet.ts');
  return {
    readKeys: ({ bytes, ref }) => [readFernetKey(bytes.expose(), ref)],
    facts: () => ({
      kind: 'symmetric',
      description: '256 bits',
      id: undefined,
      fingerprint: undefined,
      publicPem: undefined,
    }),
    seal: async (plaintext, key) => sealFernet(plaintext, key, { now: now() }),
    open: async (token, key) => openFernet(token, key),
    generate: async () => ({
      secret: Plaintext.fromText(`${generateFernetKey()}\n`),
      publicPem: undefined,
      extension: 'fernet',
    }),
  };
}
