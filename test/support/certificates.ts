import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateOptions {
  /** A DNS name or an IP address. */
  readonly name: string;
  /** Negative: it has expired. */
  readonly days?: number;
  /** RSA of this size in place of an elliptic curve. */
  readonly rsaBits?: number;
}

/** A self-signed certificate, made by `openssl`. */
export type MakeCertificate = (options: CertificateOptions) => TestCertificate;

/** A `describe` whose body makes certificates. Where there is no `openssl` it is skipped, and its name says so. */
export function describeTls(name: string, body: (make: MakeCertificate) => void): void {
  const found = spawnSync('openssl', ['version']).status === 0;
  if (found) describe(name, () => body(makeCertificate));
  else describe.skip(`${name} (no openssl found)`, () => body(() => ({ cert: '', key: '' })));
}

function makeCertificate({ name, days = 2, rsaBits }: CertificateOptions): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'purser-tls-'));
  try {
    const kind = /^[\d.]+$/.test(name) ? 'IP' : 'DNS';
    const key = join(folder, 'key.pem');
    const request = join(folder, 'request.pem');
    const cert = join(folder, 'cert.pem');
    if (rsaBits === undefined) openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key);
    else openssl('genrsa', '-out', key, String(rsaBits));
    const extension = `subjectAltName=${kind}:${name}`;
    openssl('req', '-new', '-key', key, '-subj', '/CN=test', '-addext', extension, '-out', request);
    const sign = ['-req', '-signkey', key, '-copy_extensions', 'copy', '-days', String(days)];
    openssl('x509', ...sign, '-in', request, '-out', cert);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0] ?? ''}: ${stderr}`);
}
