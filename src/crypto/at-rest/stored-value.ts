import { shownUtf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { type KmsEnvelope, readKmsEnvelope } from './kms-envelope.ts';
import { lengthFault, openPayload } from './open-payload.ts';
import type { StoredValueKey } from './stored-key.ts';
import {
  type PlainForm,
  readStoredMark,
  type StaticProvider,
  type StoredKeyName,
  type StoredMark,
} from './stored-mark.ts';

/** A value of etcd, taken apart as far as that goes without keys. */
export type StoredValue =
  | { readonly is: 'plaintext'; readonly form: PlainForm; readonly plaintext: Plaintext }
  | {
      readonly is: 'sealed';
      readonly provider: StaticProvider;
      readonly keyName: string;
      readonly payload: Uint8Array;
    }
  | { readonly is: 'kms'; readonly kmsName: string; readonly envelope: KmsEnvelope };

/** A value that opened, and with which key; undefined for one that is stored in plaintext. */
export interface OpenedValue {
  readonly plaintext: Plaintext;
  readonly key: StoredValueKey | undefined;
}

/**
 * Takes a raw value of etcd apart.
 * @param names the names that the configuration knows, in its order: they settle where a name with colons ends
 * @throws Failure `stored.malformed`, `stored.unknown-provider`
 */
export function readStoredValue(value: Uint8Array, names: readonly StoredKeyName[] = []): StoredValue {
  const mark = readStoredMark(value, names);
  const { provider, form, keyName } = mark;
  if (form !== undefined) return { is: 'plaintext', form, plaintext: new Plaintext(value) };
  if (provider === 'identity' || provider === 'unknown') throw unknownProvider(value);
  if (keyName === undefined) throw malformed(mark, 'it ends within the name of its key');
  const payload = value.subarray(mark.payloadAt);
  if (provider === 'kms v1' || provider === 'kms v2') {
    const envelope = readKmsEnvelope(provider === 'kms v1' ? 'v1' : 'v2', payload);
    return { is: 'kms', kmsName: keyName, envelope };
  }
  return { is: 'sealed', provider, keyName, payload };
}

/**
 * Opens a value as kube-apiserver does: every key whose name fits is tried, in the order of the configuration, names with colons
 * included. What `etcdctl get --print-value-only` adds, one line break at the end, is taken off where the value opens without it.
 * @param keys in the order of the configuration
 * @param etcdKey the whole path in etcd, such as `/registry/secrets/default/db`: aesgcm is bound to it
 * @throws Failure `stored.malformed`, `stored.unknown-provider`, `stored.key-missing`, `stored.not-opened`, `stored.kms`
 */
export function openStoredValue(
  value: Uint8Array,
  keys: readonly StoredValueKey[],
  etcdKey: string,
): OpenedValue {
  const read = readStoredValue(value, keys);
  if (read.is === 'kms')
    throw new Failure('stored.kms', { name: read.kmsName, version: read.envelope.version });
  if (read.is === 'plaintext') return { plaintext: read.plaintext, key: undefined };
  const { provider, keyName } = read;
  const fitting = keys.filter((key) => readsAs(value, key));
  if (fitting.length === 0) throw new Failure('stored.key-missing', { provider, keyName });
  const opened = openWith(value, fitting, etcdKey) ?? openWith(withoutLineBreak(value), fitting, etcdKey);
  if (opened !== undefined) return opened;
  const reason = lengthFault(provider, read.payload);
  if (reason !== undefined) throw new Failure('stored.malformed', { provider, reason });
  throw new Failure('stored.not-opened', { provider, keyName, etcdKey });
}

function readsAs(value: Uint8Array, key: StoredValueKey): boolean {
  const mark = readStoredMark(value, [key]);
  return mark.provider === key.provider && mark.keyName === key.name;
}

/** The first that opens; aescbc has no authenticator, so there one that gives an object is taken before one that does not. */
function openWith(
  value: Uint8Array,
  keys: readonly StoredValueKey[],
  etcdKey: string,
): OpenedValue | undefined {
  const opened = keys.flatMap((key) => {
    const payload = value.subarray(readStoredMark(value, [key]).payloadAt);
    if (lengthFault(key.provider, payload) !== undefined) return [];
    const bytes = openPayload(payload, key, etcdKey);
    return bytes === undefined ? [] : [{ key, bytes }];
  });
  const chosen = opened.find(({ bytes }) => isObject(bytes)) ?? opened[0];
  return chosen === undefined ? undefined : { key: chosen.key, plaintext: new Plaintext(chosen.bytes) };
}

function isObject(bytes: Uint8Array): boolean {
  const { form } = readStoredMark(bytes);
  return form !== undefined && form !== 'other';
}

function withoutLineBreak(value: Uint8Array): Uint8Array {
  return value.at(-1) === 0x0a ? value.subarray(0, -1) : value;
}

function unknownProvider(value: Uint8Array): Failure<'stored.unknown-provider'> {
  const [, , name = '', version = ''] = shownUtf8(value.subarray(0, 64)).split(':');
  return new Failure('stored.unknown-provider', { provider: `${name} ${version}`.trim() });
}

function malformed({ provider }: StoredMark, reason: string): Failure<'stored.malformed'> {
  return new Failure('stored.malformed', { provider, reason });
}
