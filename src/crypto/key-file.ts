import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { utf8 } from '../core/bytes.ts';
import type { Failure } from '../core/errors.ts';
import { type KeyMaterial, readJwks } from './jwk.ts';
import { lockOf } from './key-lock.ts';
import { unusable } from './unusable.ts';

type Importer = (bytes: Uint8Array) => KeyObject;

/** PEM labels (RFC 7468) that hold a key, the private ones first: in a file with both, the private key is meant. */
const pemLabels: ReadonlyMap<string, Importer> = new Map<string, Importer>([
  ['PRIVATE KEY', (pem) => createPrivateKey(Buffer.from(pem))],
  ['RSA PRIVATE KEY', (pem) => createPrivateKey(Buffer.from(pem))],
  ['EC PRIVATE KEY', (pem) => createPrivateKey(Buffer.from(pem))],
  ['PUBLIC KEY', (pem) => createPublicKey(Buffer.from(pem))],
  ['RSA PUBLIC KEY', (pem) => createPublicKey(Buffer.from(pem))],
  ['CERTIFICATE', (pem) => new X509Certificate(pem).publicKey],
]);

const derForms: readonly Importer[] = [
  (der) => new X509Certificate(der).publicKey,
  ...(['pkcs8', 'pkcs1', 'sec1'] as const).map(
    (type): Importer =>
      (der) =>
        createPrivateKey({ key: Buffer.from(der), format: 'der', type }),
  ),
  ...(['spki', 'pkcs1'] as const).map(
    (type): Importer =>
      (der) =>
        createPublicKey({ key: Buffer.from(der), format: 'der', type }),
  ),
];

/** No honest key file is longer. */
const largest = 65_536;

/**
 * Reads a key file: PEM or DER (SPKI, PKCS#8, PKCS#1, SEC1, X.509), a JWK, or a JWK Set, which alone may hold several.
 * Certificates are carriers of a key here: neither their dates nor their issuer count.
 * @throws Failure `key.unusable`
 */
export function readKeyFile(bytes: Uint8Array, ref: string): readonly KeyMaterial[] {
  if (bytes.byteLength > largest) throw unusable(ref, `it is larger than ${largest} bytes`);
  if (lockOf(bytes)?.needs === 'passphrase') throw unusable(ref, 'it is protected by a passphrase');
  const unknown = unusable(ref, 'it is neither PEM, DER nor JWK');
  if (bytes[0] === 0x30) return [firstImport(derForms, bytes, unknown)];
  const text = utf8(bytes)?.trim();
  if (text?.startsWith('{')) return readJwks(text, ref);
  if (text?.includes('-----BEGIN ')) return [readPem(text, ref)];
  throw unknown;
}

function readPem(text: string, ref: string): KeyMaterial {
  for (const [label, importer] of pemLabels) {
    const block = pemBlock(text, label);
    if (block === undefined) continue;
    const damaged = unusable(ref, `its ${label} block is damaged`);
    return firstImport([importer], new TextEncoder().encode(block), damaged);
  }
  throw unusable(ref, 'it holds no key or certificate that Purser can use');
}

/** The first block of this label in a text, or undefined. */
export function pemBlock(text: string, label: string): string | undefined {
  const start = text.indexOf(`-----BEGIN ${label}-----`);
  const closing = `-----END ${label}-----`;
  const end = text.indexOf(closing, start);
  return start === -1 || end === -1 ? undefined : `${text.slice(start, end + closing.length)}\n`;
}

function firstImport(importers: readonly Importer[], bytes: Uint8Array, failure: Failure): KeyMaterial {
  for (const importer of importers) {
    try {
      return { key: importer(bytes) };
    } catch {
      // Each form is tried in turn, and what the importer says may quote the key.
    }
  }
  throw failure;
}
