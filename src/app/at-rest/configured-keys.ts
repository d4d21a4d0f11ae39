import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { type StoredValueKey, storedValueKey } from '../../crypto/at-rest/stored-key.ts';
import type { StoredKeyName } from '../../crypto/at-rest/stored-mark.ts';
import type {
  EncryptionConfiguration,
  KeyedKind,
  ProviderElement,
} from '../../manifest/at-rest/configuration.ts';
import { coverageOf } from '../../manifest/at-rest/coverage.ts';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';
import type { KeyId } from './key-uses.ts';

const keyed: readonly KeyedKind[] = ['secretbox', 'aescbc', 'aesgcm'];

/**
 * The keys of a configuration that may open a value of this resource, in the order in which kube-apiserver tries them.
 * @throws Failure `key.unusable`
 */
export function keysFor(configuration: EncryptionConfiguration, resource: GroupResource): StoredValueKey[] {
  return coverageOf(configuration, resource).readers.flatMap(keysOf);
}

/**
 * All keys of a configuration, in its order.
 * @throws Failure `key.unusable`
 */
export function allKeysOf({ resources }: EncryptionConfiguration): StoredValueKey[] {
  return resources.flatMap(({ providers }) => providers.items.flatMap(keysOf));
}

function keysOf(element: ProviderElement): StoredValueKey[] {
  return keyed.flatMap((provider) =>
    (element[provider]?.keys.items ?? []).map(({ name, secret }) => {
      const bytes = keyBytes(secret);
      if (bytes !== undefined) return storedValueKey(provider, name.text, bytes);
      const reason = l10n.t('it is not base64');
      throw new Failure('key.unusable', { ref: `${provider}/${name.text}`, reason });
    }),
  );
}

/** The names of all keys and KMS of a configuration, in its order. */
export function keyNamesOf({ resources }: EncryptionConfiguration): StoredKeyName[] {
  return resources.flatMap(({ providers }) => providers.items.flatMap(namesOf));
}

/** The key that writes a resource by this configuration; `identity` where nothing does. */
export function writerOf(configuration: EncryptionConfiguration, resource: GroupResource): KeyId {
  const { writer } = coverageOf(configuration, resource);
  const [first] = writer === undefined ? [] : namesOf(writer);
  return first === undefined
    ? { provider: 'identity', keyName: undefined }
    : { provider: first.provider, keyName: first.name };
}

/** All that may read a resource by this configuration; `identity` alone where nothing is said of it. */
export function readersFor(
  configuration: EncryptionConfiguration,
  resource: GroupResource,
): readonly KeyId[] {
  const plain: KeyId = { provider: 'identity', keyName: undefined };
  const { readers } = coverageOf(configuration, resource);
  if (readers.length === 0) return [plain];
  return readers.flatMap((element) => [
    ...(element.identity === undefined ? [] : [plain]),
    ...namesOf(element).map(({ provider, name }) => ({ provider, keyName: name })),
  ]);
}

function namesOf(element: ProviderElement): StoredKeyName[] {
  const { kms } = element;
  if (kms !== undefined)
    return [{ provider: kms.apiVersion.text === 'v2' ? 'kms v2' : 'kms v1', name: kms.name.text }];
  return keyed.flatMap((provider) =>
    (element[provider]?.keys.items ?? []).map(({ name }) => ({ provider, name: name.text })),
  );
}
