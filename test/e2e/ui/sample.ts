import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { rsaPair } from '../../support/workspace.ts';

/** A repository like `examples/`, with a key made for this run. */
export interface Sample {
  /** `.purser.yaml` and the public key of `clusters/prod/`. */
  readonly files: Readonly<Record<string, string>>;
  /** The private half, for the key folder. */
  readonly keys: Readonly<Record<string, string>>;
  /** Seals as another program would: with jose, and no word of Purser's unless `boundTo` is given. */
  readonly seal: (plaintext: string, boundTo?: string) => Promise<string>;
  /** Opens as the cluster's webhook would: with jose alone. */
  readonly open: (token: string) => Promise<string>;
}

export async function makeSample(): Promise<Sample> {
  const { publicPem, privatePem } = rsaPair();
  const [publicKey, privateKey] = [createPublicKey(publicPem), createPrivateKey(privatePem)];
  return {
    files: {
      '.purser.yaml': await example('.purser.yaml'),
      '.purser/keys/prod.pub.pem': publicPem,
    },
    keys: { 'prod.pem': privatePem },
    seal: (plaintext, boundTo) =>
      new CompactEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({
          alg: 'RSA-OAEP-256',
          enc: 'A128CBC-HS256',
          ...(boundTo === undefined ? {} : { purser: { for: boundTo } }),
        })
        .encrypt(publicKey),
    open: async (token) => new TextDecoder().decode((await compactDecrypt(token, privateKey)).plaintext),
  };
}

/** A file of `examples/`. */
export function example(path: string): Promise<string> {
  return readFile(new URL(`../../../examples/${path}`, import.meta.url), 'utf8');
}

/** Every compact JWE in a text, in its order. */
export function tokensIn(text: string): readonly string[] {
  return text.match(/\beyJ[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+/g) ?? [];
}

/** The fingerprint of the sample's public key. */
export function fingerprintOf({ files }: Pick<Sample, 'files'>): string {
  return fingerprintOfPem(files['.purser/keys/prod.pub.pem'] ?? '');
}

/** SHA-256 of a public key's SPKI, as pins are written. */
export function fingerprintOfPem(pem: string): string {
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}
