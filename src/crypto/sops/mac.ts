import { createHash, type Hash } from 'node:crypto';

/** SHA-256 of `sops`: makes a MAC over encrypted values alone differ from one over all (sops.go). */
const onlyEncryptedStart = createHash('sha256').update('sops').digest();

/** The MAC of a file: a SHA-512 over the plaintexts of its values in file order, without keys or separators. */
export class SopsMac {
  readonly #hash: Hash = createHash('sha512');

  constructor(options: { readonly onlyEncrypted: boolean }) {
    if (options.onlyEncrypted) this.#hash.update(onlyEncryptedStart);
  }

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** 128 hex digits in upper case. */
  digest(): string {
    return this.#hash.digest('hex').toUpperCase();
  }
}

/**
 * What the MAC is bound to: `lastmodified` as Go writes it after reading it (RFC 3339, whole seconds, `Z` for no offset).
 * Undefined where Go would not read it.
 */
export function macAad(lastModified: string): string | undefined {
  const [, time, offset] =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:[.,]\d+)?(Z|[-+]\d{2}:\d{2})$/.exec(lastModified) ?? [];
  if (time === undefined || offset === undefined) return undefined;
  return time + (/^[-+]00:00$/.test(offset) ? 'Z' : offset);
}
