import type { Judgement } from '../../../../../src/audit/judge/judge.ts';

/** One labelled value of a Secret and why it has that label. */
export interface Case {
  readonly expected: Judgement;
  readonly map: 'data' | 'stringData';
  readonly key: string;
  readonly text: string;
  readonly plain: boolean;
  readonly secretType: string | undefined;
  readonly why: string;
}

export function base64(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString('base64');
}

/** `stringData` with the text as the author wrote it. */
export function string(
  expected: Judgement,
  key: string,
  text: string,
  why: string,
  secretType?: string,
): Case {
  return { expected, map: 'stringData', key, text, plain: false, secretType, why };
}

/** `data` holding the base64 of a value. */
export function data(
  expected: Judgement,
  key: string,
  value: string | Uint8Array,
  why: string,
  secretType?: string,
): Case {
  return { expected, map: 'data', key, text: base64(value), plain: false, secretType, why };
}

/** `data` with a literal as the author wrote it, base64 or not. */
export function raw(expected: Judgement, key: string, text: string, why: string, secretType?: string): Case {
  return { expected, map: 'data', key, text, plain: true, secretType, why };
}

/** The same bytes on every run, without a pattern. */
export function noise(length: number, seed = 7): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Random-looking text of one alphabet: tokens are made here so that no scanner trips over this repository. */
export function token(length: number, alphabet = LETTERS_AND_DIGITS, seed = 11): string {
  let out = '';
  for (const byte of noise(length, seed)) out += alphabet.charAt(byte % alphabet.length);
  return out;
}

/** Token prefixes in two parts, so that scanners do not take the samples for real ones. */
export function joined(...parts: readonly string[]): string {
  return parts.join('');
}

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
export const HEX = '0123456789abcdef';
export const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const LOWER_AND_DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export function pem(label: string, length = 600, seed = 3): string {
  const body = (base64(noise(length, seed)).match(/.{1,64}/g) ?? []).join('\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

export function jwt(claims: object, seed = 5): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signature = Buffer.from(noise(32, seed)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
}
