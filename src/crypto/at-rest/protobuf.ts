/** One field of a protobuf message: what its wire type does not use is 0 or empty. */
export interface ProtobufField {
  readonly number: number;
  /** A varint as a signed 64-bit number; exact up to 2^53. */
  readonly varint: number;
  /** The content of a string, bytes or message field: a view, not a copy. */
  readonly bytes: Uint8Array;
}

/**
 * The fields of a protobuf message, in order, unknown ones included. Linear, and it keeps nothing. Throws the given failure
 * where the message breaks off or is none (https://protobuf.dev/programming-guides/encoding).
 */
export function* protobufFields(bytes: Uint8Array, failure: Error): Generator<ProtobufField> {
  const nothing = bytes.subarray(0, 0);
  let at = 0;
  const varint = () => {
    const read = readVarint(bytes, at);
    if (read === undefined) throw failure;
    at = read.end;
    return read.value;
  };
  const take = (length: number) => {
    if (length < 0 || length > bytes.byteLength - at) throw failure;
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.byteLength) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag & 7;
    if (number < 1 || number > 0x1fffffff) throw failure;
    if (wire === 0) yield { number, varint: varint(), bytes: nothing };
    else if (wire === 1) yield { number, varint: 0, bytes: take(8) };
    else if (wire === 2) yield { number, varint: 0, bytes: take(varint()) };
    else if (wire === 5) yield { number, varint: 0, bytes: take(4) };
    else throw failure;
  }
}

/** A varint of at most 64 bits, signed, and the offset behind it; undefined where it breaks off. */
export function readVarint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let low = 0;
  let high = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    const seven = byte & 0x7f;
    if (index < 4) low |= seven << (7 * index);
    else if (index === 4) {
      low |= seven << 28;
      high |= seven >> 4;
    } else high |= index < 9 ? seven << (7 * index - 32) : seven << 31;
    if (byte < 0x80) return { value: high * 0x1_0000_0000 + (low >>> 0), end: start + index + 1 };
  }
  return undefined;
}
