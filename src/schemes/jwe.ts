import { Plaintext } from '../core/plaintext.ts';
import type { JweKey } from '../crypto/jwe-key.ts';
import { readJweToken, recogniseJwe, sealedHow } from '../crypto/jwe-token.ts';
import type { Scheme } from './scheme.ts';
import { type CodecCrypto, valueScheme } from './value-scheme.ts';

/** JSON Web Encryption (RFC 7516), opened in the cluster by an admission webhook. */
export function jweScheme(): Scheme {
  return valueScheme<JweKey>({
    id: 'jwe',
    title: 'JWE',
    sealsWith: 'public',
    boundTo: 'entry',
    recognise: recogniseJwe,
    describe(token) {
      const { header, recipients, ciphertextBytes: bytes } = readJweToken(token);
      const facts = { bytes, createdAt: undefined, boundTo: header.boundTo };
      if (recipients > 1) return { ...facts, algorithm: header.alg, recipient: undefined, recipients };
      return { ...facts, algorithm: header.alg, recipient: header.kid, ...sealedHow(header) };
    },
    load: loadCrypto,
  });
}

async function loadCrypto(): Promise<CodecCrypto<JweKey>> {
  const [{ sealJwe, openJwe, requireOpenableJwe }, { readJweKeys, publicKeyPem }, { generateJweKey }] =
    await Promise.all([
      import('../crypto/jwe.ts'),
      import('../crypto/jwe-key.ts'),
      import('../crypto/jwe-keygen.ts'),
    ]);
  return {
    readKeys: ({ bytes, ref }) => readJweKeys(bytes.expose(), ref),
    facts: (key) => ({
      kind: key.kind,
      description: key.description,
      id: key.kid,
      fingerprint: key.fingerprint,
      publicPem: key.kind === 'symmetric' ? undefined : publicKeyPem(key),
    }),
    seal: (plaintext, key, binding) => sealJwe(plaintext, key, { for: binding }),
    requireOpenable: requireOpenableJwe,
    open: openJwe,
    async generate() {
      const { privatePem, publicPem } = await generateJweKey();
      return { secret: Plaintext.fromText(privatePem), publicPem, extension: 'pem' };
    },
  };
}
