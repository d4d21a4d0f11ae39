/**
 * Decrypted or not yet encrypted bytes that do not print: `toString`, `JSON.stringify` and `util.inspect` show
 * `[plaintext]`. `expose()` is the one exit, so searching for it lists every place that touches a secret.
 */
export class Plaintext {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  static fromText(text: string): Plaintext {
    return new Plaintext(new TextEncoder().encode(text));
  }

  get byteLength(): number {
    return this.#bytes.byteLength;
  }

  expose(): Uint8Array {
    return this.#bytes;
  }

  /** The bytes as text, or undefined where they are not UTF-8. A leading BOM is kept: it is part of the value. */
  exposeText(): string | undefined {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#bytes);
    } catch {
      return undefined;
    }
  }

  equals(other: Plaintext): boolean {
    return Buffer.compare(this.#bytes, other.#bytes) === 0;
  }

  toString(): string {
    return '[plaintext]';
  }

  toJSON(): string {
    return '[plaintext]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[plaintext]';
  }
}
