import { utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { SopsValue } from '../../crypto/sops/value.ts';
import type { SopsValueType } from '../../crypto/sops-token.ts';
import { parseRfc3339 } from '../../manifest/go-time.ts';
import { formatGoFloat, readGoScalar } from '../../manifest/go-yaml-scalar.ts';

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const untruths: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/**
 * A decrypted value as SOPS hashes it: other writers spell numbers and booleans in other ways, and SOPS reads them before
 * it hashes (aes/cipher.go, sops.go).
 * @throws Failure `ciphertext.malformed` for a text that is not of its type
 */
export function canonicalValue(value: SopsValue): SopsValue {
  if (value.type === 'str' || value.type === 'bytes' || value.type === 'comment') return value;
  const text = utf8(value.bytes) ?? '';
  const canonical = canonicalText(value.type, text);
  if (canonical === undefined)
    throw new Failure('ciphertext.malformed', {
      scheme: 'sops',
      reason: `what is in it is no ${value.type}`,
    });
  return canonical === text ? value : { type: value.type, bytes: new TextEncoder().encode(canonical) };
}

function canonicalText(type: 'int' | 'float' | 'bool' | 'time', text: string): string | undefined {
  if (type === 'float') return canonicalFloat(text);
  if (type === 'time') return parseRfc3339(text);
  if (type === 'int')
    return /^[-+]?\d{1,19}$/.test(text) ? BigInt(text.replace(/^\+/, '')).toString() : undefined;
  if (truths.has(text)) return 'True';
  return untruths.has(text) ? 'False' : undefined;
}

function canonicalFloat(text: string): string | undefined {
  if (/^[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?$/.test(text)) return formatGoFloat(Number(text));
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? '-Inf' : '+Inf';
  return /^nan$/i.test(text) ? 'NaN' : undefined;
}

/** A text that a person gives for a value: of the type that the value had, if Go reads it as that, and a string if not. */
export function typedLike(type: SopsValueType, text: string): SopsValue {
  const typed = readGoScalar(text, { plain: true, tag: undefined });
  if (typed.type === type && type !== 'str') return { type, bytes: typed.bytes };
  return { type: 'str', bytes: new TextEncoder().encode(text) };
}
