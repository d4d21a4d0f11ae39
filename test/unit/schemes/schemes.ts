import { randomBytes } from 'node:crypto';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { fernetScheme } from '../../../src/schemes/fernet.ts';
import { jweScheme } from '../../../src/schemes/jwe.ts';
import type { KeyMaterial } from '../../../src/schemes/keys.ts';
import type { Scheme } from '../../../src/schemes/scheme.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { allSchemes } from '../../support/schemes.ts';
import { ecPair, rsaPair, symmetricKey } from '../../support/workspace.ts';

const noon = new Date('2026-03-01T12:00:00Z');

export function keyMaterial(content: string, name?: string): KeyMaterial {
  return { ref: name === undefined ? 'a.key' : `local:${name}`, name, bytes: Plaintext.fromText(content) };
}

/** One scheme with what tests need to know of it: a key that seals, one that opens, and one of its kind that does not. */
export interface SchemeCase {
  readonly title: string;
  readonly scheme: Scheme;
  readonly seals: KeyMaterial;
  readonly opens: KeyMaterial;
  readonly other: KeyMaterial;
  readonly recipient: RegExp | undefined;
}

const [rsa, otherRsa, ec, otherEc] = [rsaPair(), rsaPair(), ecPair(), ecPair()];
const jwk = (k = randomBytes(32)) =>
  keyMaterial(JSON.stringify({ kty: 'oct', kid: 'shared', k: k.toString('base64url') }));
const [fernet, box, oct] = [keyMaterial(symmetricKey()), keyMaterial(symmetricKey(), 'dev'), jwk()];

/** Every scheme; a new one is a row here. */
export const schemeCases: readonly SchemeCase[] = [
  {
    title: 'jwe with RSA',
    scheme: jweScheme(),
    seals: keyMaterial(rsa.publicPem),
    opens: keyMaterial(rsa.privatePem),
    other: keyMaterial(otherRsa.privatePem),
    recipient: /^[\w-]{43}$/,
  },
  {
    title: 'jwe with EC',
    scheme: jweScheme(),
    seals: keyMaterial(ec.publicPem),
    opens: keyMaterial(ec.privatePem),
    other: keyMaterial(otherEc.privatePem),
    recipient: /^[\w-]{43}$/,
  },
  {
    title: 'jwe with a shared key',
    scheme: jweScheme(),
    seals: oct,
    opens: oct,
    other: jwk(),
    recipient: /^shared$/,
  },
  {
    title: 'fernet',
    scheme: fernetScheme(() => noon),
    seals: fernet,
    opens: fernet,
    other: keyMaterial(symmetricKey()),
    recipient: undefined,
  },
  {
    title: 'secretbox',
    scheme: secretboxScheme(),
    seals: box,
    opens: box,
    other: keyMaterial(symmetricKey(), 'dev'),
    recipient: /^dev$/,
  },
];

export const registry = allSchemes(() => noon);
export const signal = new AbortController().signal;
