import type { TextField } from './configuration.ts';
import type { DecodeErrors, DecodePath } from './decode-context.ts';
import type { GoValue } from './go-value.ts';

/** A string; empty where it is none, which is said, and for null. */
export function decodeText(errors: DecodeErrors, value: GoValue, path: DecodePath): TextField {
  const { start, end } = value;
  if (value.is === 'string') return { start, end, text: value.text };
  if (value.is !== 'null') errors.wrongType(value, 'string', path);
  return { start, end, text: '' };
}
