import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { failed, ok, type Result } from '../../core/result.ts';
import type { StoredValueKey } from '../../crypto/at-rest/stored-key.ts';
import { readStoredMark } from '../../crypto/at-rest/stored-mark.ts';
import { openStoredValue, readStoredValue, type StoredValue } from '../../crypto/at-rest/stored-value.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { rulesOf } from '../../manifest/at-rest/coverage.ts';
import { allKeysOf, keyNamesOf, keysFor } from './configured-keys.ts';
import { storedAt } from './etcd-path.ts';
import type { KeyId } from './key-uses.ts';

/** What a raw value of etcd tells. */
export interface StoredReading {
  /** Its key's name is undefined for `identity`, and where the value breaks off before the end of it. */
  readonly writer: KeyId;
  /** As the KMS calls the key that it used; of kms v2 only. */
  readonly kmsKeyId: string | undefined;
  readonly opened: Result<Plaintext>;
}

/**
 * Tells what wrote a value, and opens it where the configuration has the key. Throws no `Failure`: why a value does not open is a
 * part of the answer.
 *
 * @param etcdKey the whole path in etcd, such as `/registry/secrets/default/db`: what aesgcm sealed is bound to it
 */
export function readEtcdValue(
  value: Uint8Array,
  etcdKey: string,
  configuration: EncryptionConfiguration | undefined,
): StoredReading {
  const names = configuration && keyNamesOf(configuration);
  const { provider, keyName } = readStoredMark(value, names);
  const writer = { provider, keyName };
  let read: StoredValue | undefined;
  try {
    read = readStoredValue(value, names);
    if (read.is === 'sealed' && configuration === undefined)
      throw new Failure('stored.no-configuration', { provider, keyName: read.keyName });
    const keys = configuration === undefined ? [] : keysAt(configuration, etcdKey);
    const { plaintext } = openStoredValue(value, keys, etcdKey);
    return { writer, kmsKeyId: undefined, opened: ok(plaintext) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { writer, kmsKeyId: kmsKeyIdOf(read), opened: failed(error) };
  }
}

function kmsKeyIdOf(read: StoredValue | undefined): string | undefined {
  return read?.is === 'kms' && read.envelope.version === 'v2' ? read.envelope.keyId : undefined;
}

/**
 * The keys that kube-apiserver would try for this path. Where the configuration says nothing of its resource, or the path is below a
 * prefix that hides which resource it is, all keys are: whoever reads a value wants to see it.
 */
function keysAt(configuration: EncryptionConfiguration, etcdKey: string): readonly StoredValueKey[] {
  const at = storedAt(etcdKey);
  const isSaid = at !== undefined && rulesOf(configuration, at).length > 0;
  return isSaid ? keysFor(configuration, at) : allKeysOf(configuration);
}
