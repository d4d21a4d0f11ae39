import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { utf8 } from '../../core/bytes.ts';
import { malformed } from './fields.ts';
import type { Cluster, Material, Origin, User } from './kubeconfig.ts';
import { readReferenced } from './referenced-file.ts';

/** A client certificate with what it was issued with, and its private key, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What stands in a kubeconfig or in the file it names; undefined where it has neither. Throws `kubeconfig.file-refused`. */
export async function contentOf(
  { data, file, field }: Material,
  origin: Origin,
): Promise<Uint8Array | undefined> {
  return data ?? (file === undefined ? undefined : readReferenced(origin, field, file));
}

/** The PEM certificates that a server's must lead to. Throws `kubeconfig.malformed`, `kubeconfig.file-refused`. */
export async function certificateAuthorityOf(cluster: Cluster): Promise<string | undefined> {
  const content = await contentOf(cluster.certificateAuthority, cluster.origin);
  if (content === undefined) return undefined;
  const certificates = certificatesIn(content);
  if (certificates.length === 0)
    throw malformed(`${labelOf(cluster.certificateAuthority)} is no certificate`);
  return certificates.join('\n');
}

/** Throws `kubeconfig.malformed`, `kubeconfig.file-refused`. */
export async function clientCertificateOf(user: User): Promise<ClientCertificate | undefined> {
  const certificate = await contentOf(user.certificate, user.origin);
  if (certificate === undefined) return undefined;
  const key = await contentOf(user.key, user.origin);
  if (key === undefined) throw malformed('client-key-data is missing');
  const labels = [labelOf(user.certificate), labelOf(user.key)] as const;
  const pair = pairOf(certificate, key, labels);
  if (typeof pair === 'string') throw malformed(pair);
  return pair;
}

/**
 * A certificate and its key, or why they are none; the reason quotes nothing.
 *
 * @param labels how to call them
 */
export function pairOf(
  certificate: Uint8Array,
  key: Uint8Array,
  labels: readonly [certificate: string, key: string],
): ClientCertificate | string {
  const certificates = certificatesIn(certificate);
  const [first] = certificates;
  if (first === undefined) return `${labels[0]} is no certificate`;
  const privateKey = privateKeyIn(key);
  if (privateKey === undefined) return `${labels[1]} is no private key, or has a passphrase`;
  if (!new X509Certificate(first).checkPrivateKey(privateKey))
    return `${labels[1]} does not belong to ${labels[0]}`;
  return { cert: certificates.join('\n'), key: utf8(key) ?? '' };
}

function labelOf({ field, data }: Material): string {
  return data === undefined ? field : `${field}-data`;
}

/** Each PEM certificate that can be read; what else stands there is passed over, as in Go. */
function certificatesIn(bytes: Uint8Array): readonly string[] {
  const text = utf8(bytes) ?? '';
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).filter(
    isCertificate,
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function privateKeyIn(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey(Buffer.from(bytes));
  } catch {
    return undefined;
  }
}
