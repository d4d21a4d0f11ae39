import { shown } from '../sentence.ts';
import type { KeyId } from './key-uses.ts';

/** What wrote a value, to stand in a table: `secretbox key1`, `KMS vault (v2)`, `plaintext`. */
export function keyInWords({ provider, keyName }: KeyId): string {
  if (provider === 'identity') return 'plaintext';
  const name = shown(keyName ?? '?');
  if (provider === 'kms v1' || provider === 'kms v2') return `KMS ${name} (${provider.slice(-2)})`;
  return provider === 'unknown' ? 'an unknown provider' : `${provider} ${name}`;
}

/** The same as a sentence about one value. */
export function writerInWords(writer: KeyId, kmsKeyId?: string): string {
  const { provider, keyName } = writer;
  if (provider === 'identity') return 'stored in plaintext (identity)';
  if (provider === 'unknown') return 'written by a provider that Purser does not know';
  if (keyName === undefined) return `written by ${provider}, with a key whose name is cut short`;
  if (provider !== 'kms v1' && provider !== 'kms v2')
    return `written with the ${provider} key ${shown(keyName)}`;
  const key = kmsKeyId === undefined ? '' : `, with its key ${shown(kmsKeyId)}`;
  return `written through the ${keyInWords(writer)}${key}`;
}
