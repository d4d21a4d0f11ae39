import * as l10n from '@vscode/l10n';
import { Plaintext } from '../../core/plaintext.ts';
import { generate32ByteKey } from '../../crypto/symmetric-key.ts';
import type { EncryptionConfiguration, KeyedKind } from '../../manifest/at-rest/configuration.ts';
import { readersOf } from '../../manifest/at-rest/readers.ts';

/** What may write at the end of a rotation, the ones to be recommended first (kubernetes/website, encrypt-data.md). */
export const newKeyKinds: readonly KeyedKind[] = ['secretbox', 'aesgcm', 'aescbc'];

/** What writes now, as `Reader.id` spells it: a rotation goes from one of these. */
export function writersIn({ resources }: EncryptionConfiguration): readonly string[] {
  return unique(resources.flatMap(({ providers }) => readersOf(providers.items)[0]?.id ?? []));
}

/** What reads beside a key that writes: a rotation that somebody has begun goes to one of these. Plaintext always may be the end. */
export function targetsOf({ resources }: EncryptionConfiguration, from: string): readonly string[] {
  const rules = resources.map(({ providers }) => readersOf(providers.items).map(({ id }) => id));
  const beside = rules.filter(([first]) => first === from).flat();
  return unique([...beside, 'identity']).filter((id) => id !== from);
}

/** A name for a new key that says its age, and that no key of the file has: metrics tell keys apart by name alone. */
export function proposedKeyName(configuration: EncryptionConfiguration, today: Date): string {
  const taken = keyNamesIn(configuration);
  const base = `key-${today.toISOString().slice(0, 10)}`;
  for (let at = 1; ; at++) {
    const name = at === 1 ? base : `${base}-${at}`;
    if (!taken.has(name)) return name;
  }
}

/** What is wrong with a name for a new key, in one sentence; undefined for nothing. A colon would end it too early in etcd. */
export function problemWithKeyName(name: string, configuration: EncryptionConfiguration): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name))
    return l10n.t('A name is letters, digits, dots, hyphens and underscores, 63 at most.');
  return keyNamesIn(configuration).has(name)
    ? l10n.t('A key of this file has that name: old values and backups would be taken for its own.')
    : undefined;
}

/** A random key in base64 as EncryptionConfigurations have it: 32 bytes do for every provider. */
export function newKeySecret(): Plaintext {
  return Plaintext.fromText(Buffer.from(generate32ByteKey(), 'base64url').toString('base64'));
}

function keyNamesIn({ resources }: EncryptionConfiguration): ReadonlySet<string> {
  return new Set(resources.flatMap(({ providers }) => readersOf(providers.items).map(({ name }) => name)));
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
