import { fromBase64 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { StoredObject } from './stored-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a stored object that is JSON, as custom resources are.
 * @throws Failure `stored.malformed`
 */
export function readJsonObject(plaintext: Plaintext): StoredObject {
  const object = parse(plaintext);
  const metadata = fields(object['metadata']);
  const [apiVersion, kind] = [text(object['apiVersion']), text(object['kind'])];
  if (kind === '') throw malformed('it is JSON, but no Kubernetes object');
  const annotations = entries(metadata['annotations'], (value) => Plaintext.fromText(text(value)));
  const isSecret = apiVersion === 'v1' && kind === 'Secret';
  return {
    form: 'json',
    apiVersion,
    kind,
    metadata: {
      name: text(metadata['name']),
      namespace: text(metadata['namespace']),
      uid: text(metadata['uid']),
      resourceVersion: text(metadata['resourceVersion']),
      creationTimestamp: text(metadata['creationTimestamp']),
      labels: entries(metadata['labels'], text),
      annotations,
    },
    secret: isSecret
      ? {
          type: text(object['type']),
          immutable: object['immutable'] === true,
          data: entries(object['data'], bytesOf),
        }
      : undefined,
  };
}

function parse(plaintext: Plaintext): Fields {
  try {
    return fields(JSON.parse(plaintext.exposeText() ?? ''));
  } catch {
    // The parser's own message quotes what it read.
    throw malformed('it is not valid JSON');
  }
}

function bytesOf(value: unknown): Plaintext {
  const bytes = fromBase64(text(value));
  if (bytes === undefined) throw malformed('a value of its data is not base64');
  return new Plaintext(bytes);
}

function entries<T>(value: unknown, read: (value: unknown) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(fields(value)).map(([key, item]) => [key, read(item)]));
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function malformed(reason: string): Failure<'stored.malformed'> {
  return new Failure('stored.malformed', { provider: 'identity', reason });
}
