import { shownUtf8 } from '../../core/bytes.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { protobufFields } from './protobuf.ts';

/** An object's metadata, as much of it as is shown. What was not stored is empty. */
export interface StoredMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** RFC 3339, in UTC; empty where it is not set. */
  readonly creationTimestamp: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Their values are plaintext too: `kubectl apply` keeps the whole Secret in one. */
  readonly annotations: ReadonlyMap<string, Plaintext>;
}

/** Reads `ObjectMeta` (k8s.io/apimachinery, meta/v1/generated.proto). Throws the given failure where it is none. */
export function readObjectMeta(message: Uint8Array, failure: Error): StoredMetadata {
  const text = new Map<number, string>();
  const labels = new Map<string, string>();
  const annotations = new Map<string, Plaintext>();
  let creationTimestamp = '';
  for (const { number, bytes } of protobufFields(message, failure)) {
    if (number === 1 || number === 3 || number === 5 || number === 6) text.set(number, shownUtf8(bytes));
    else if (number === 8) creationTimestamp = readTime(bytes, failure);
    else if (number === 11) addLabel(labels, bytes, failure);
    else if (number === 12) addPlaintext(annotations, bytes, failure);
  }
  return {
    name: text.get(1) ?? '',
    namespace: text.get(3) ?? '',
    uid: text.get(5) ?? '',
    resourceVersion: text.get(6) ?? '',
    creationTimestamp,
    labels,
    annotations,
  };
}

function addLabel(labels: Map<string, string>, entry: Uint8Array, failure: Error): void {
  const { key, value } = readMapEntry(entry, failure);
  labels.set(key, shownUtf8(value));
}

/** Adds an entry of a `map<string, bytes>` or `map<string, string>`; its value is copied. */
export function addPlaintext(into: Map<string, Plaintext>, entry: Uint8Array, failure: Error): void {
  const { key, value } = readMapEntry(entry, failure);
  into.set(key, new Plaintext(new Uint8Array(value)));
}

function readMapEntry(
  entry: Uint8Array,
  failure: Error,
): { readonly key: string; readonly value: Uint8Array } {
  let key = '';
  let value: Uint8Array = new Uint8Array();
  for (const { number, bytes } of protobufFields(entry, failure)) {
    if (number === 1) key = shownUtf8(bytes);
    else if (number === 2) value = bytes;
  }
  return { key, value };
}

function readTime(message: Uint8Array, failure: Error): string {
  let seconds = 0;
  for (const { number, varint } of protobufFields(message, failure)) if (number === 1) seconds = varint;
  const time = new Date(seconds * 1000);
  const shown = seconds === 0 || Number.isNaN(time.getTime());
  return shown ? '' : time.toISOString().replace('.000Z', 'Z');
}
