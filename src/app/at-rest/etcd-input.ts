import { fromBase64, shownUtf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { readStoredMark } from '../../crypto/at-rest/stored-mark.ts';

/** A raw value of etcd, and the key under which it stands there, where that came with it. */
export interface EtcdValue {
  readonly etcdKey: string | undefined;
  readonly value: Uint8Array;
}

const slash = 0x2f;
const openingBrace = 0x7b;
const lineBreak = 0x0a;

/**
 * The values of etcd in what a person has at hand: the raw bytes of one; what `etcdctl get` prints, with or without `-w json`,
 * `--hex` and `--print-value-only`; or their base64. What an API server stores begins as none of the others do, and they are taken
 * for one of them only where such a value comes out, so that nothing is guessed. In anything else there is none: whoever is told
 * that it is stored in plaintext would take that for the state of a cluster.
 */
export function readEtcdInput(input: Uint8Array): readonly EtcdValue[] {
  const listed = etcdctlJson(input) ?? [keyAndValue(input)];
  const alone = isStored(input) ? input : fromText(input);
  return listed.flatMap((one) => one ?? (alone === undefined ? [] : { etcdKey: undefined, value: alone }));
}

/**
 * The one that is asked for, by its key or because there is no other.
 * @throws Failure `stored.absent`, `stored.several`
 */
export function chooseValue(values: readonly EtcdValue[], etcdKey: string | undefined): EtcdValue {
  const fitting = values.filter((one) => etcdKey === undefined || (one.etcdKey ?? etcdKey) === etcdKey);
  const [first, ...others] = fitting;
  if (first === undefined) throw new Failure('stored.absent', { etcdKey });
  if (others.length > 0) throw new Failure('stored.several', { count: fitting.length });
  return { etcdKey: first.etcdKey ?? etcdKey, value: first.value };
}

/** `etcdctl get -w json`: keys and values in base64. A custom resource is JSON too, and has a kind. */
function etcdctlJson(input: Uint8Array): readonly EtcdValue[] | undefined {
  if (input[0] !== openingBrace) return undefined;
  const answer = fields(parse(input));
  if ('kind' in answer || !('header' in answer)) return undefined;
  const kvs: readonly unknown[] = Array.isArray(answer['kvs']) ? answer['kvs'] : [];
  return kvs.flatMap((kv) => {
    const { key, value } = fields(kv);
    const [path, bytes] = [bytesOf(key), bytesOf(value)];
    return path === undefined || bytes === undefined ? [] : [{ etcdKey: shownUtf8(path), value: bytes }];
  });
}

function parse(input: Uint8Array): unknown {
  try {
    return JSON.parse(shownUtf8(input));
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function bytesOf(base64: unknown): Uint8Array | undefined {
  return typeof base64 === 'string' ? fromBase64(base64) : undefined;
}

/** `etcdctl get KEY`: the key on a line of its own. With `--hex` both are in hex. */
function keyAndValue(input: Uint8Array): EtcdValue | undefined {
  const end = input.indexOf(lineBreak);
  if (end === -1) return undefined;
  const lines = [input.subarray(0, end), input.subarray(end + 1)];
  const [key, value] = input[0] === slash ? lines : lines.map(fromHex);
  if (key?.[0] !== slash || value === undefined || !isStored(value)) return undefined;
  return { etcdKey: shownUtf8(key), value };
}

/** Base64 or hex. */
function fromText(input: Uint8Array): Uint8Array | undefined {
  const base64 = fromBase64(shownUtf8(input).replace(/\s/g, ''));
  return [fromHex(input), base64].find((bytes) => bytes !== undefined && isStored(bytes));
}

/** Hex, also as `--hex` prints it: `\x6b\x38…`. */
function fromHex(input: Uint8Array): Uint8Array | undefined {
  const text = shownUtf8(input).replace(/\s|\\x/g, '');
  return /^(?:[0-9a-f]{2})+$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

function isStored(value: Uint8Array): boolean {
  const { form } = readStoredMark(value);
  return form !== 'other';
}
