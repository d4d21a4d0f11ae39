import * as l10n from '@vscode/l10n';
import { shown } from '../sentence.ts';
import type { KeyId } from './key-uses.ts';

/** What wrote a value, to stand in a table: `secretbox key1`, `KMS vault (v2)`, `plaintext`. */
export function keyInWords({ provider, keyName }: KeyId): string {
  if (provider === 'identity') return l10n.t('plaintext');
  const name = shown(keyName ?? '?');
  if (provider === 'kms v1' || provider === 'kms v2') return `KMS ${name} (${provider.slice(-2)})`;
  return provider === 'unknown' ? l10n.t('an unknown provider') : `${provider} ${name}`;
}

/** The same as a sentence about one value. */
export function writerInWords(writer: KeyId, kmsKeyId?: string): string {
  const { provider, keyName } = writer;
  if (provider === 'identity') return l10n.t('stored in plaintext (identity)');
  if (provider === 'unknown') return l10n.t('written by a provider that Purser does not know');
  if (keyName === undefined) return l10n.t('written by {0}, with a key whose name is cut short', provider);
  if (provider !== 'kms v1' && provider !== 'kms v2')
    return l10n.t('written with the {0} key {1}', provider, shown(keyName));
  return kmsKeyId === undefined
    ? l10n.t('written through the {0}', keyInWords(writer))
    : l10n.t('written through the {0}, with its key {1}', keyInWords(writer), shown(kmsKeyId));
}
