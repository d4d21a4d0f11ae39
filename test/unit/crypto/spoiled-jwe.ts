import { generateKeyPairSync } from 'node:crypto';
import { FlattenedEncrypt, type FlattenedJWE } from 'jose';
import { bytes, type rsa } from './jwe-keys.ts';

export type Header = Record<string, unknown>;

export const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
/** A part of a token. */
export const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const headerOf = (token: FlattenedJWE): Header =>
  JSON.parse(Buffer.from(token.protected ?? '', 'base64url').toString()) as Header;
export const compact = ({
  protected: header,
  encrypted_key: wrapped = '',
  iv,
  ciphertext,
  tag,
}: FlattenedJWE) => [header, wrapped, iv, ciphertext, tag].join('.');

/** A good token, to be spoiled. */
export function sealed(
  pair: typeof rsa | Buffer,
  header: { alg: string; enc: string },
): Promise<FlattenedJWE> {
  return new FlattenedEncrypt(bytes('hunter2'))
    .setProtectedHeader(header)
    .encrypt(Buffer.isBuffer(pair) ? pair : pair.publicKey);
}
