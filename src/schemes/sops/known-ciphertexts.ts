import type { SopsValue } from '../../crypto/sops/value.ts';

/**
 * Ciphertexts of one data key that were opened or made just now. What AES-GCM opens is settled by key, ciphertext and
 * additional data: where all three are the same, so is the value, and comparing takes a fraction of opening. Anything
 * else, be it one byte or the place, is not known and must be opened.
 */
export class KnownCiphertexts {
  readonly #values = new Map<string, { readonly aad: string; readonly value: SopsValue }>();

  add(ciphertext: string, aad: string, value: SopsValue): void {
    this.#values.set(ciphertext, { aad, value });
  }

  valueOf(ciphertext: string, aad: string): SopsValue | undefined {
    const known = this.#values.get(ciphertext);
    return known?.aad === aad ? known.value : undefined;
  }
}
