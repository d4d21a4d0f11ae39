import { fromBase64 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { Recognition } from './recognition.ts';

/** A secretbox value taken apart: `k8s:enc:secretbox:v1:<key name>:<base64(nonce ‖ box)>`. */
export interface SecretboxToken {
  readonly keyName: string;
  /** Length of the ciphertext alone, in bytes: that of what is sealed. */
  readonly ciphertextBytes: number;
  readonly nonce: Uint8Array;
  /** Authenticator (16 bytes) and ciphertext. */
  readonly box: Uint8Array;
}

/** kube-apiserver's own prefix for its secretbox provider (k8s.io/apiserver, encryptionconfig/config.go). */
export const secretboxPrefix = 'k8s:enc:secretbox:v1:';

const nonceBytes = 24;
const authenticatorBytes = 16;

type Reading = { readonly is: 'yes'; readonly token: SecretboxToken } | Exclude<Recognition, { is: 'yes' }>;

/** Whether the text is a secretbox value, white space around it ignored. Linear and free of cryptography. */
export function recogniseSecretbox(text: string): Recognition {
  const reading = read(text);
  return reading.is === 'yes' ? { is: 'yes' } : reading;
}

/**
 * Takes a secretbox value apart.
 * @throws Failure `ciphertext.malformed`
 */
export function readSecretboxToken(text: string): SecretboxToken {
  const reading = read(text);
  if (reading.is === 'yes') return reading.token;
  const reason = reading.is === 'malformed' ? reading.reason : 'it is not a secretbox value';
  throw new Failure('ciphertext.malformed', { scheme: 'secretbox', reason });
}

/** Whether a key of this name can be told in a token: not empty, printable, no colon. */
export function isSecretboxKeyName(name: string): boolean {
  return /^[!-9;-~]{1,253}$/.test(name);
}

function read(text: string): Reading {
  const value = text.trim();
  if (!value.startsWith(secretboxPrefix)) return { is: 'no' };
  const colon = value.indexOf(':', secretboxPrefix.length);
  if (colon === -1) return { is: 'malformed', reason: 'its key name or its payload is missing' };
  const keyName = value.slice(secretboxPrefix.length, colon);
  if (!isSecretboxKeyName(keyName)) return { is: 'malformed', reason: 'its key name is not one' };
  const payload = fromBase64(value.slice(colon + 1));
  if (payload === undefined) return { is: 'malformed', reason: 'its payload is not standard base64' };
  if (payload.byteLength < nonceBytes + authenticatorBytes) {
    return { is: 'malformed', reason: 'its payload is cut short' };
  }
  const nonce = payload.subarray(0, nonceBytes);
  const box = payload.subarray(nonceBytes);
  return { is: 'yes', token: { keyName, ciphertextBytes: box.byteLength - authenticatorBytes, nonce, box } };
}
