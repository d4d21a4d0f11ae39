import { randomBytes } from 'node:crypto';
import { Plaintext } from '../../core/plaintext.ts';

/**
 * HashiCorp Vault's Shamir secret sharing, which SOPS uses for key groups: one polynomial a byte over GF(2^8) with the
 * modulus 0x11b. A share is the y of each byte, and the x in one more byte at the end (getsops/sops shamir/shamir.go).
 *
 * @param threshold how many shares give the secret back: 2 to `count`
 * @param count 2 to 255
 */
export function splitSecret(secret: Plaintext, count: number, threshold: number): readonly Plaintext[] {
  if (count < 2 || count > 255 || threshold < 2 || threshold > count)
    throw new RangeError('a secret is split into 2 to 255 shares, and 2 of them at least give it back');
  const bytes = secret.expose();
  const shares = Array.from({ length: count }, (_, index) => {
    const share = new Uint8Array(bytes.length + 1);
    share[bytes.length] = index + 1;
    return share;
  });
  for (const [index, byte] of bytes.entries()) {
    const coefficients = Uint8Array.from([byte, ...randomBytes(threshold - 1)]);
    for (const share of shares) share[index] = evaluate(coefficients, share[bytes.length] ?? 0);
  }
  return shares.map((share) => new Plaintext(share));
}

/** The secret behind shares, or undefined where they cannot be shares of one. Too few of them give a wrong secret. */
export function combineShares(shares: readonly Plaintext[]): Plaintext | undefined {
  const all = shares.map((share) => share.expose());
  const length = all[0]?.length ?? 0;
  const xs = all.map((share) => share[length - 1] ?? 0);
  const distinct = new Set(xs).size === xs.length && !xs.includes(0);
  if (all.length < 2 || length < 2 || !distinct || all.some((share) => share.length !== length))
    return undefined;
  const weights = xs.map((x, at) => lagrangeAtZero(x, xs.toSpliced(at, 1)));
  const secret = new Uint8Array(length - 1);
  for (const [at, share] of all.entries()) {
    for (let i = 0; i < secret.length; i++)
      secret[i] = (secret[i] ?? 0) ^ multiply(share[i] ?? 0, weights[at] ?? 0);
  }
  return new Plaintext(secret);
}

/** The weight of one share where the polynomial meets zero. */
function lagrangeAtZero(x: number, others: readonly number[]): number {
  return others.reduce((product, other) => multiply(product, divide(other, other ^ x)), 1);
}

/** Horner's rule. */
function evaluate(coefficients: Uint8Array, x: number): number {
  return coefficients.reduceRight((sum, coefficient) => multiply(sum, x) ^ coefficient, 0);
}

/** Without a branch on its arguments: both are secret. */
function multiply(a: number, b: number): number {
  let product = 0;
  let power = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= power & -((b >> bit) & 1);
    power = ((power << 1) ^ (0x11b & -(power >> 7))) & 0xff;
  }
  return product;
}

/** By the inverse of b, which is b to the power of 254. */
function divide(a: number, b: number): number {
  let inverse = 1;
  for (let i = 0; i < 254; i++) inverse = multiply(inverse, b);
  return multiply(a, inverse);
}
