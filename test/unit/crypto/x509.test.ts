import { createHash, createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { fingerprintsEqual } from '../../../src/crypto/fingerprint.ts';
import {
  isOutdated,
  newestCertificate,
  readSealingCertificate,
  requireUnexpired,
  type SealingCertificate,
} from '../../../src/crypto/x509.ts';
import { describeTls } from '../../support/certificates.ts';

const day = 24 * 60 * 60 * 1000;
const after = (date: Date, days: number) => new Date(date.getTime() + days * day);

describeTls('a certificate to seal to', (make) => {
  let pem: string;
  let certificate: SealingCertificate;
  const read = (text: string) => readSealingCertificate(new TextEncoder().encode(text), 'prod.pem');

  beforeAll(() => {
    pem = make({ name: 'sealing.example', rsaBits: 2048, days: 90 }).cert;
    certificate = read(pem);
  });

  it('is known by the fingerprint that policies pin', () => {
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
    const pinned = `SHA256:${createHash('sha256').update(der).digest('base64url').replaceAll('-', '+').replaceAll('_', '/')}`;
    expect(fingerprintsEqual(certificate.fingerprint, pinned)).toBe(true);
    expect(certificate).toMatchObject({ bits: 2048, subject: 'CN=test' });
  });

  it('is written anew, without what stood around it', () => {
    expect(read(`# a comment\n${pem.replaceAll('\n', '\r\n')}junk`).pem).toBe(pem);
  });

  it('is refused once it has expired, and not before', () => {
    const { validTo } = certificate;
    expect(() => requireUnexpired(certificate, 'prod.pem', after(validTo, -1))).not.toThrow();
    const on = validTo.toISOString().slice(0, 10);
    expect(() => requireUnexpired(certificate, 'prod.pem', after(validTo, 1))).toThrow(
      expect.objectContaining({ code: 'certificate.expired', details: { ref: 'prod.pem', on } }),
    );
    const dateless = { ...certificate, validTo: new Date('?') };
    expect(() => requireUnexpired(dateless, 'prod.pem', new Date())).toThrow(Failure);
  });

  it('is outdated when controllers make a new key', () => {
    expect(isOutdated(certificate, after(certificate.validFrom, 29))).toBe(false);
    expect(isOutdated(certificate, after(certificate.validFrom, 31))).toBe(true);
  });

  it('is the newest of several', async () => {
    // A certificate's dates are whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const newer = make({ name: 'newer.example', rsaBits: 2048 }).cert;
    expect(read(pem + newer).pem).toBe(newer);
    expect(read(newer + pem).pem).toBe(newer);
  });

  it.each([
    ['nothing', () => '', 'it holds no certificate in PEM'],
    ['half of one', () => pem.slice(0, 300), 'it holds no certificate in PEM'],
    [
      'an end before its beginning',
      () => `-----END CERTIFICATE-----\n${pem.slice(0, 300)}`,
      'it holds no certificate in PEM',
    ],
    [
      'no base64',
      () => '-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----',
      'it holds a certificate that cannot be read',
    ],
    [
      'a damaged one beside a good one',
      () => `${pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      'it holds a certificate that cannot be read',
    ],
    ['an elliptic curve', () => make({ name: 'a' }).cert, 'its certificate is not one of RSA'],
    [
      'a short key',
      () => make({ name: 'a', rsaBits: 1024 }).cert,
      'its certificate is RSA with 1024 bits; 2048 are the least',
    ],
  ])('is refused where there is %s', (_name, text, reason) => {
    expect(newestCertificate(text())).toBe(reason);
    expect(() => read(text())).toThrow(
      expect.objectContaining({ code: 'key.unusable', details: { ref: 'prod.pem', reason } }),
    );
  });
});

describe('bytes that are no text', () => {
  it('hold no certificate', () => {
    expect(() => readSealingCertificate(Uint8Array.of(0xff, 0xfe, 0x30), 'x')).toThrow(Failure);
  });
});
