import type { Plaintext } from '../../core/plaintext.ts';
import { unusable } from '../unusable.ts';
import type { StaticProvider } from './stored-mark.ts';

/** A key of an EncryptionConfiguration. */
export interface StoredValueKey {
  readonly provider: StaticProvider;
  readonly name: string;
  /** 32 bytes; 16, 24 or 32 for aescbc and aesgcm. They do not print. */
  readonly key: Plaintext;
}

/**
 * A key of the lengths that kube-apiserver's validation takes.
 * @throws Failure `key.unusable`
 */
export function storedValueKey(provider: StaticProvider, name: string, key: Plaintext): StoredValueKey {
  const lengths = provider === 'secretbox' ? [32] : [16, 24, 32];
  if (!lengths.includes(key.byteLength))
    throw unusable(`${provider}/${name}`, `it has ${key.byteLength} bytes instead of ${lengths.join(', ')}`);
  return { provider, name, key };
}
