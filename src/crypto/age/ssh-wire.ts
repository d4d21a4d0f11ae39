/** Reads SSH's binary encoding (RFC 4251, section 5) and throws the given failure where it breaks off or is not canonical. */
export class SshReader {
  readonly #bytes: Uint8Array;
  readonly #failure: Error;
  #at = 0;

  constructor(bytes: Uint8Array, failure: Error) {
    this.#bytes = bytes;
    this.#failure = failure;
  }

  uint32(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#take(4);
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  string(): Uint8Array {
    return this.#take(this.uint32());
  }

  text(): string {
    return Buffer.from(this.string()).toString('latin1');
  }

  /** A positive integer, big-endian, without the zero byte that keeps it positive. */
  mpint(): Uint8Array {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    const needless = first === 0 && (bytes.byteLength < 2 || second < 0x80);
    if (needless || first >= 0x80) throw this.#failure;
    return first === 0 ? bytes.subarray(1) : bytes;
  }

  rest(): Uint8Array {
    return this.#take(this.#bytes.byteLength - this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.byteLength) throw this.#failure;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.byteLength - this.#at) throw this.#failure;
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}

/** SSH strings, one after the other. */
export function sshStrings(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const chunks = parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    return [length, bytes];
  });
  return new Uint8Array(Buffer.concat(chunks));
}

/** A positive integer as SSH writes it: with a zero byte where it would read as negative. */
export function sshInteger(bytes: Uint8Array): Uint8Array {
  return (bytes[0] ?? 0) >= 0x80 ? new Uint8Array([0, ...bytes]) : bytes;
}
