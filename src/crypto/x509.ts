import { type KeyObject, X509Certificate } from 'node:crypto';
import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { spkiFingerprint } from './fingerprint.ts';
import { unusable } from './unusable.ts';

/** A certificate that Sealed Secrets are sealed to: a carrier of an RSA public key, and of its dates. Nobody signs for it. */
export interface SealingCertificate {
  /** Written anew: nothing of what stood around it. */
  readonly pem: string;
  /** Empty in the controllers' own. */
  readonly subject: string;
  readonly publicKey: KeyObject;
  /** Of the modulus. */
  readonly bits: number;
  /** Of the public key, as policies pin it (see `spkiFingerprint`). */
  readonly fingerprint: string;
  readonly validFrom: Date;
  readonly validTo: Date;
}

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const leastBits = 2048;
/** Controllers make a new key every 30 days (`--key-renew-period` of bitnami/sealed-secrets); older ones still open. */
const renewedAfterMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The certificate to seal to in a file with one or several: the newest, as controllers tell it, by the start of its validity.
 * @throws Failure `key.unusable`
 */
export function readSealingCertificate(bytes: Uint8Array, ref: string): SealingCertificate {
  const certificate = newestCertificate(utf8(bytes) ?? '');
  if (typeof certificate === 'string') throw unusable(ref, certificate);
  return certificate;
}

/** `readSealingCertificate` of a text, or what is wrong with it. */
export function newestCertificate(text: string): SealingCertificate | string {
  const blocks = text.match(block) ?? [];
  const certificates = blocks.map(parse);
  if (certificates.length === 0) return 'it holds no certificate in PEM';
  let newest: X509Certificate | undefined;
  for (const certificate of certificates) {
    if (certificate === undefined) return 'it holds a certificate that cannot be read';
    if (newest === undefined || startOf(certificate) > startOf(newest)) newest = certificate;
  }
  return newest === undefined ? 'it holds no certificate in PEM' : checked(newest);
}

/**
 * Refuses a certificate that has expired, as kubeseal does.
 * @throws Failure `certificate.expired`
 */
export function requireUnexpired({ validTo }: SealingCertificate, ref: string, now: Date): void {
  // A date that cannot be read compares with nothing.
  if (now <= validTo) return;
  const on = Number.isNaN(validTo.getTime()) ? 'an unknown day' : validTo.toISOString().slice(0, 10);
  throw new Failure('certificate.expired', { ref, on });
}

/** Whether the controller has a newer certificate by now, unless it was told not to renew. This one still opens. */
export function isOutdated({ validFrom }: SealingCertificate, now: Date): boolean {
  return now.getTime() - validFrom.getTime() > renewedAfterMs;
}

function checked(certificate: X509Certificate): SealingCertificate | string {
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa') return 'its certificate is not one of RSA';
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < leastBits) return `its certificate is RSA with ${bits} bits; ${leastBits} are the least`;
  return {
    pem: certificate.toString(),
    // Node gives undefined where there is none.
    subject: certificate.subject ?? '',
    publicKey,
    bits,
    fingerprint: spkiFingerprint(publicKey),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

function parse(pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    // Throws where OpenSSL does not know the algorithm.
    return certificate.publicKey.type === 'public' ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function startOf({ validFrom }: X509Certificate): number {
  return new Date(validFrom).getTime();
}
