import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Plaintext } from '../../core/plaintext.ts';
import { readSopsToken, type SopsValueType, writeSopsToken } from '../sops-token.ts';

/** A value as SOPS encrypts and hashes it: `True`, `511`, `2020-01-02T00:00:00Z`. */
export interface SopsValue {
  readonly type: SopsValueType;
  readonly bytes: Uint8Array;
}

export interface SealSopsValueOptions {
  /** 32 bytes, of `SopsIvs` or a published vector. Random where it is not given: used twice, it gives the plaintexts away. */
  readonly iv?: Uint8Array;
}

const ivBytes = 32;
const drawnAtOnce = 64;

/** Random IVs for many values, each given out once. To draw them one by one takes a quarter of the time that sealing does. */
export class SopsIvs {
  #drawn: Uint8Array = new Uint8Array();

  next(): Uint8Array {
    if (this.#drawn.length === 0) this.#drawn = new Uint8Array(randomBytes(ivBytes * drawnAtOnce));
    const iv = this.#drawn.subarray(0, ivBytes);
    this.#drawn = this.#drawn.subarray(ivBytes);
    return iv;
  }
}

/** What ties a ciphertext to its place: the mapping keys above it. Positions in lists add nothing (aes/cipher.go, sops.go). */
export function sopsAad(path: readonly string[]): string {
  return `${path.join(':')}:`;
}

/** Encrypts one value (AES-256-GCM, an IV of 32 bytes). Empty ones stay empty, as SOPS leaves them. */
export function sealSopsValue(
  value: SopsValue,
  dataKey: Plaintext,
  aad: string,
  options: SealSopsValueOptions = {},
): string {
  if (value.bytes.length === 0) return '';
  const iv = options.iv ?? new Uint8Array(randomBytes(ivBytes));
  const cipher = createCipheriv('aes-256-gcm', dataKey.expose(), iv);
  cipher.setAAD(Buffer.from(aad));
  const data = Buffer.concat([cipher.update(value.bytes), cipher.final()]);
  return writeSopsToken({ data, iv, tag: cipher.getAuthTag(), type: value.type });
}

/**
 * Decrypts one value. Undefined means: not sealed with this data key for this place, or altered.
 * @throws Failure `ciphertext.malformed`
 */
export function openSopsValue(token: string, dataKey: Plaintext, aad: string): SopsValue | undefined {
  if (token === '') return { type: 'str', bytes: new Uint8Array() };
  const { data, iv, tag, type } = readSopsToken(token);
  const decipher = createDecipheriv('aes-256-gcm', dataKey.expose(), iv, { authTagLength: tag.length });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(tag);
  const bytes = decipher.update(data);
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return { type, bytes: new Uint8Array(bytes) };
}
