import { fromBase64Url } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { Recognition } from './recognition.ts';

/** What a Fernet token says without a key. */
export interface FernetFacts {
  /** Whole seconds. Authenticated, but only someone with the key can know that it is true. */
  readonly createdAt: Date;
  /** Length of the token as text. */
  readonly bytes: number;
  readonly ciphertextBytes: number;
}

/** A token taken apart (Fernet spec, "Token Format"). */
export interface FernetParts {
  /** What the HMAC covers: all before it. */
  readonly signed: Uint8Array;
  readonly seconds: number;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly hmac: Uint8Array;
}

/** Version 0x80 and a time before the year 4147, in base64url. */
const prefix = 'gAAAAA';
const headBytes = 1 + 8 + 16;
const hmacBytes = 32;

type Reading = { readonly is: 'yes'; readonly parts: FernetParts } | Exclude<Recognition, { is: 'yes' }>;

/** Whether the text is a Fernet token, white space around it ignored. Linear and free of cryptography. */
export function recogniseFernet(text: string): Recognition {
  const reading = read(text);
  return reading.is === 'yes' ? { is: 'yes' } : reading;
}

/**
 * What the token says of itself.
 * @throws Failure `ciphertext.malformed`
 */
export function describeFernetToken(text: string): FernetFacts {
  const { seconds, ciphertext } = readFernetToken(text);
  return {
    createdAt: new Date(seconds * 1000),
    bytes: text.trim().length,
    ciphertextBytes: ciphertext.byteLength,
  };
}

/**
 * Takes a token apart.
 * @throws Failure `ciphertext.malformed`
 */
export function readFernetToken(text: string): FernetParts {
  const reading = read(text);
  if (reading.is === 'yes') return reading.parts;
  const reason = reading.is === 'malformed' ? reading.reason : 'it is not a Fernet token';
  throw new Failure('ciphertext.malformed', { scheme: 'fernet', reason });
}

function read(text: string): Reading {
  const token = text.trim();
  if (!token.startsWith(prefix)) return { is: 'no' };
  if (token.length % 4 !== 0)
    return { is: 'malformed', reason: 'it is cut short, or its base64 padding is missing' };
  const bytes = fromBase64Url(token);
  if (bytes === undefined) return { is: 'malformed', reason: 'it is not URL-safe base64' };
  const end = bytes.byteLength - hmacBytes;
  if (end - headBytes < 16) return { is: 'malformed', reason: 'it is cut short' };
  if ((end - headBytes) % 16 !== 0) return { is: 'malformed', reason: 'its ciphertext is not whole blocks' };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    is: 'yes',
    parts: {
      signed: bytes.subarray(0, end),
      seconds: Number(view.getBigUint64(1)),
      iv: bytes.subarray(9, headBytes),
      ciphertext: bytes.subarray(headBytes, end),
      hmac: bytes.subarray(end),
    },
  };
}
