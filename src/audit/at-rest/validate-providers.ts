import {
  type ConfiguredKey,
  type KeyedKind,
  type KeyedProvider,
  kindsOf,
  type ListOf,
  type ProviderElement,
} from '../../manifest/at-rest/configuration.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import { formatDuration } from '../../manifest/at-rest/go-duration.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';
import { invalid, required } from './field-error.ts';

const lengths: Readonly<Record<KeyedKind, readonly number[]>> = {
  aesgcm: [16, 24, 32],
  aescbc: [16, 24, 32],
  secretbox: [32],
};
const none =
  'provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity';
const several =
  'more than one provider specified in a single element, should split into different list elements';

/** Whether an element of `providers` is one provider (`validateSingleProvider`). */
export function validateSingle(element: ProviderElement, path: string): readonly SaidAt[] {
  const found = kindsOf(element).length;
  return found === 1 ? [] : [invalid(element, path, inGo(element), found === 0 ? none : several)];
}

/** The keys of a provider (`validateKeys`). */
export function validateKeys(keys: ListOf<ConfiguredKey>, path: string, kind: KeyedKind): readonly SaidAt[] {
  if (keys.items.length === 0) return [required(keys, path, 'at least one keys is required')];
  return keys.items.flatMap((key, index) => keyErrors(key, `${path}[${index}]`, lengths[kind]));
}

function keyErrors(key: ConfiguredKey, path: string, expected: readonly number[]): readonly SaidAt[] {
  const unnamed =
    key.name.text === '' ? [required(key.name, `${path}.name`, 'name is a mandatory field for a key')] : [];
  return [...unnamed, ...secretErrors(key, `${path}.secret`, expected)];
}

function secretErrors(
  { secret }: ConfiguredKey,
  path: string,
  expected: readonly number[],
): readonly SaidAt[] {
  if (secret.text.byteLength === 0) return [required(secret, path, 'secret is a mandatory field for a key')];
  const bytes = keyBytes(secret);
  if (bytes === undefined) return [invalid(secret, path, 'REDACTED', 'secrets must be base64 encoded')];
  if (expected.includes(bytes.byteLength)) return [];
  const detail = `secret is not of the expected length, got ${bytes.byteLength}, expected one of [${expected.join(' ')}]`;
  return [invalid(secret, path, 'REDACTED', detail)];
}

/** The element as Go prints its struct. Go prints the keys with it, in clear; this does not. */
function inGo({ aesgcm, aescbc, secretbox, identity, kms }: ProviderElement): unknown {
  return {
    AESGCM: keysInGo(aesgcm),
    AESCBC: keysInGo(aescbc),
    Secretbox: keysInGo(secretbox),
    Identity: identity === undefined ? null : {},
    KMS:
      kms === undefined
        ? null
        : {
            APIVersion: kms.apiVersion.text,
            Name: kms.name.text,
            CacheSize: kms.cacheSize?.value ?? (kms.apiVersion.text === 'v1' ? 1000 : null),
            Endpoint: kms.endpoint.text,
            Timeout: formatDuration(kms.timeout.nanoseconds),
          },
  };
}

function keysInGo(provider: KeyedProvider | undefined): unknown {
  if (provider === undefined) return null;
  if (provider.keys.isNull) return { Keys: null };
  return { Keys: provider.keys.items.map(({ name }) => ({ Name: name.text, Secret: 'REDACTED' })) };
}
