import { Failure } from '../core/errors.ts';
import { isPasswordAlgorithm, weaknessOf } from './jwe-algorithms.ts';
import { decodeHeader, type JweHeader, readHeader, withoutWhiteSpace } from './jwe-header.ts';
import { readJson } from './jwe-json.ts';
import { check, type JweToken, malformed, type Reading } from './jwe-shape.ts';
import type { Recognition } from './recognition.ts';

const no: Reading = { is: 'no' };

/**
 * Whether the text is a JWE: compact, flattened or general JSON, white space anywhere.
 * Linear in the text and free of cryptography: it runs on every keystroke. An algorithm that Purser refuses to
 * open is recognised all the same. Signed tokens (JWS, so ordinary JWTs) are `no`.
 */
export function recogniseJwe(text: string): Recognition {
  const reading = read(text);
  return reading.is === 'yes' ? { is: 'yes' } : reading;
}

/**
 * Reads a JWE without opening it.
 * @throws Failure `ciphertext.malformed`
 */
export function readJweToken(text: string): JweToken {
  const reading = read(text);
  if (reading.is === 'yes') return reading.token;
  const reason = reading.is === 'malformed' ? reading.reason : 'it is not a JWE';
  throw new Failure('ciphertext.malformed', { scheme: 'jwe', reason });
}

/** What a header's `alg` tells people: what is out of date about it, and whether a password opens it. */
export function sealedHow({ alg }: JweHeader): {
  readonly weakness: string | undefined;
  readonly withPassword: boolean;
} {
  return { weakness: weaknessOf(alg), withPassword: isPasswordAlgorithm(alg) };
}

function read(text: string): Reading {
  if (text.trimStart().startsWith('{')) {
    const meant = text.includes('"ciphertext"') || text.includes('"protected"');
    return meant ? readJson(text) : no;
  }
  return readCompact(text);
}

/** RFC 7516 §7.1. The first part alone decides for nearly every text that is none, so the rest stays untouched. */
function readCompact(text: string): Reading {
  const dot = text.indexOf('.');
  if (dot === -1) return no;
  const encoded = withoutWhiteSpace(text.slice(0, dot));
  const members = decodeHeader(encoded);
  const header = members && readHeader(members, members);
  if (header === undefined && !encoded.startsWith('eyJ')) return no;
  const dense = withoutWhiteSpace(text);
  const [, key = '', iv = '', ciphertext = '', tag = ''] = dense.split('.', 6);
  const count = dense.split('.', 6).length;
  if (header === undefined)
    return count === 5 ? malformed('its header cannot be read, or names one thing twice') : no;
  if (count > 5) return malformed('it has more than the five parts of a compact JWE');
  if (count < 5) return malformed(`it has ${count} of the five parts of a compact JWE`);
  const parts = { protected: encoded, ...(key === '' ? {} : { encrypted_key: key }), iv, ciphertext, tag };
  return check('compact', header, parts, dense.length);
}
