import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';

/**
 * A certificate like those of Sealed Secrets controllers: self-signed, for ten years, of nobody by name. By hand, because Node only
 * reads certificates (RFC 5280 section 4.1).
 *
 * @param {string} privatePem an RSA key
 * @returns {string} PEM
 */
export function sealingCertificate(privatePem) {
  const key = createPrivateKey(privatePem);
  const algorithm = sequence(objectId(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), element(0x05));
  const nobody = sequence();
  const from = new Date();
  const to = new Date(from.getTime() + 10 * 365 * 24 * 60 * 60 * 1000);
  const version = element(0xa0, integer(Buffer.of(2)));
  // Positive, and never zero.
  const serial = integer(Buffer.concat([Buffer.of(1), randomBytes(8)]));
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const content = sequence(
    version,
    serial,
    algorithm,
    nobody,
    sequence(time(from), time(to)),
    nobody,
    publicKey,
  );
  const signature = element(0x03, Buffer.of(0), sign('sha256', content, key));
  const base64 = sequence(content, algorithm, signature).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

/** @param {Buffer[]} parts */
function sequence(...parts) {
  return element(0x30, ...parts);
}

/** @param {Buffer} bytes */
function integer(bytes) {
  return element(0x02, bytes);
}

/** @param {number[]} bytes */
function objectId(...bytes) {
  return element(0x06, Buffer.from(bytes));
}

/** UTCTime, which ends in 2049. @param {Date} date */
function time(date) {
  const digits = date.toISOString().replace(/\..*|\D/g, '');
  return element(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** @param {number} tag @param {Buffer[]} parts */
function element(tag, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

/** @param {number} length */
function lengthOf(length) {
  if (length < 0x80) return Buffer.of(length);
  const bytes = length < 0x100 ? Buffer.of(length) : Buffer.of(length >> 8, length & 0xff);
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}
