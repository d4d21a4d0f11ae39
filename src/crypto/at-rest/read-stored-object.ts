import { shownUtf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { readJsonObject } from './json-object.ts';
import { addPlaintext, readObjectMeta } from './object-meta.ts';
import { protobufFields } from './protobuf.ts';
import { readStoredMark } from './stored-mark.ts';
import type { StoredObject } from './stored-object.ts';

const magicBytes = 4;

/**
 * Reads the object in a value of etcd that is not, or no longer, encrypted: protobuf behind `k8s\0`
 * (k8s.io/apimachinery, runtime/serializer/protobuf) or JSON. A line break that `etcdctl get` added is not minded.
 * @throws Failure `stored.malformed`
 */
export function readStoredObject(plaintext: Plaintext): StoredObject {
  const bytes = plaintext.expose();
  const { form } = readStoredMark(bytes);
  if (form === 'json') return readJsonObject(plaintext);
  if (form !== 'protobuf') throw malformed(form === 'cbor' ? 'it is CBOR' : 'it is no Kubernetes object');
  try {
    return readProtobufObject(bytes);
  } catch (error) {
    if (bytes.at(-1) !== 0x0a) throw error;
    return readProtobufObject(bytes.subarray(0, -1));
  }
}

/** `runtime.Unknown`: what kind of object it is, and the object. */
function readProtobufObject(bytes: Uint8Array): StoredObject {
  const failure = malformed('it is not the protobuf message that it should be');
  let [apiVersion, kind] = ['', ''];
  let raw: Uint8Array = new Uint8Array();
  for (const field of protobufFields(bytes.subarray(magicBytes), failure)) {
    if (field.number === 2) raw = field.bytes;
    if (field.number !== 1) continue;
    for (const { number, bytes: text } of protobufFields(field.bytes, failure)) {
      if (number === 1) apiVersion = shownUtf8(text);
      else if (number === 2) kind = shownUtf8(text);
    }
  }
  if (kind === '' || raw.byteLength === 0) throw failure;
  const isSecret = apiVersion === 'v1' && kind === 'Secret';
  return { form: 'protobuf', apiVersion, kind, ...readFields(raw, isSecret, failure) };
}

/** Every kind that is stored has its metadata in field 1. */
function readFields(
  raw: Uint8Array,
  isSecret: boolean,
  failure: Error,
): Pick<StoredObject, 'metadata' | 'secret'> {
  let metadata = readObjectMeta(new Uint8Array(), failure);
  let [type, immutable] = ['', false];
  const data = new Map<string, Plaintext>();
  for (const { number, varint, bytes } of protobufFields(raw, failure)) {
    if (number === 1) metadata = readObjectMeta(bytes, failure);
    if (!isSecret) break;
    if (number === 2) addPlaintext(data, bytes, failure);
    else if (number === 3) type = shownUtf8(bytes);
    else if (number === 5) immutable = varint !== 0;
  }
  return { metadata, secret: isSecret ? { type, immutable, data } : undefined };
}

/** A stored Secret as a manifest in JSON, as `kubectl get -o json` would print it. Of other kinds only what was read. */
export function manifestOf({ apiVersion, kind, metadata, secret }: StoredObject): Plaintext {
  const { labels, annotations, ...named } = metadata;
  const shown = Object.entries(named).filter(([, text]) => text !== '');
  const notes = [...annotations].map(([name, text]) => [name, shownUtf8(text.expose())]);
  const manifest = {
    apiVersion,
    kind,
    metadata: {
      ...Object.fromEntries(shown),
      ...(labels.size > 0 && { labels: Object.fromEntries(labels) }),
      ...(annotations.size > 0 && { annotations: Object.fromEntries(notes) }),
    },
    ...(secret && {
      type: secret.type,
      ...(secret.immutable && { immutable: true }),
      data: Object.fromEntries([...secret.data].map(([key, value]) => [key, base64(value)])),
    }),
  };
  return Plaintext.fromText(JSON.stringify(manifest, null, 2));
}

function base64(value: Plaintext): string {
  return Buffer.from(value.expose()).toString('base64');
}

function malformed(reason: string): Failure<'stored.malformed'> {
  return new Failure('stored.malformed', { provider: 'identity', reason });
}
