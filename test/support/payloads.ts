import { randomBytes } from 'node:crypto';

/** What a Secret's value may be: nothing, text, text that is no UTF-8, whole cipher blocks, and a long one. */
export const payloads: readonly Uint8Array[] = [
  '',
  'hunter2',
  'P@ssword01\n',
  '\u00fc\u{1f511}\r\n\0',
  new Uint8Array([0, 255, 254, 128, 10, 13]),
  'sixteen bytes ok',
  randomBytes(100_000),
].map((value) => new Uint8Array(Buffer.from(value)));
