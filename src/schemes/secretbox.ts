import { Plaintext } from '../core/plaintext.ts';
import type { SecretboxKey } from '../crypto/secretbox.ts';
import { readSecretboxToken, recogniseSecretbox } from '../crypto/secretbox-token.ts';
import type { Scheme } from './scheme.ts';
import { type CodecCrypto, valueScheme } from './value-scheme.ts';

/** NaCl secretbox under a named key, in kube-apiserver's own spelling. */
export function secretboxScheme(): Scheme {
  return valueScheme<SecretboxKey>({
    id: 'secretbox',
    title: 'Secretbox',
    sealsWith: 'symmetric',
    boundTo: 'nothing',
    recognise: recogniseSecretbox,
    describe(token) {
      const { keyName, ciphertextBytes } = readSecretboxToken(token);
      return {
        algorithm: 'XSalsa20-Poly1305',
        recipient: keyName,
        bytes: ciphertextBytes,
        createdAt: undefined,
        boundTo: undefined,
      };
    },
    load: loadCrypto,
  });
}

async function loadCrypto(): Promise<CodecCrypto<SecretboxKey>> {
  const { generateSecretboxKey, openSecretbox, readSecretboxKey, sealSecretbox } = await import(
    '../crypto/secretbox.ts'
  );
  return {
    readKeys: ({ bytes, ref, name }) => [readSecretboxKey(bytes.expose(), ref, name)],
    facts: (key) => ({
      kind: 'symmetric',
      description: '256 bits',
      id: key.name,
      fingerprint: undefined,
      publicPem: undefined,
    }),
    seal: async (plaintext, key) => sealSecretbox(plaintext, key),
    // As kube-apiserver: a token names its key, and no other is tried. A key that has no name is asked to open anyway.
    open: async (token, key) =>
      key.name === undefined || key.name === readSecretboxToken(token).keyName
        ? openSecretbox(token, key)
        : undefined,
    generate: async () => ({
      secret: Plaintext.fromText(`${generateSecretboxKey()}\n`),
      publicPem: undefined,
      extension: 'secretbox',
    }),
  };
}
