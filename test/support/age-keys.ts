import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { AgeKey } from '../../src/crypto/age/age-key.ts';
import { unwrapDataKey, wrapDataKey } from '../../src/crypto/age/data-key.ts';
import { readAgeKeyFile } from '../../src/crypto/age/key-file.ts';
import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import { readAgeRecipient } from '../../src/crypto/age/recipient.ts';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** For keys that need no passphrase. */
export const neverAsked = (): Promise<never> => Promise.reject(new Error('a passphrase was asked for'));

export async function nativeIdentity(postQuantum = false): Promise<string> {
  const { keyFile } = await generateAgeKey(new Date(0), { postQuantum });
  return keyFile.exposeText()?.split('\n')[2] ?? '';
}

/** Seals to a recipient as it is written. */
export async function wrapFor(recipient: string, dataKey: Uint8Array): Promise<string> {
  return wrapDataKey(new Plaintext(dataKey), readAgeRecipient(recipient, 'recipient'));
}

/** What these keys open; throws as `unwrapDataKey` does. */
export async function unwrapWith(enc: string, keys: readonly AgeKey[]): Promise<Uint8Array | undefined> {
  return (await unwrapDataKey(enc, keys))?.expose();
}

/** The only key of a file. */
export async function keyOf(file: string | Uint8Array, ref = 'k'): Promise<AgeKey> {
  const bytes = typeof file === 'string' ? bytesOf(file) : file;
  const { keys } = await readAgeKeyFile(bytes, ref, neverAsked);
  if (keys[0] === undefined || keys.length > 1) throw new Error(`${keys.length} keys`);
  return keys[0];
}

export function rsaKey(bits = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

export function ed25519Key(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}

export function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** One key of each kind that age seals to. */
export async function keyOfEachKind(): Promise<readonly AgeKey[]> {
  return Promise.all([
    nativeIdentity().then((text) => keyOf(text, 'x25519')),
    nativeIdentity(true).then((text) => keyOf(text, 'hybrid')),
    keyOf(pkcs8(ed25519Key()), 'ssh-ed25519'),
    keyOf(pkcs8(rsaKey()), 'ssh-rsa'),
  ]);
}
