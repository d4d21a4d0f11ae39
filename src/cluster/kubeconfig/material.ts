import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import * as l10n from '@vscode/l10n';
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
    throw malformed(l10n.t('{0} is no certificate', labelOf(cluster.certificateAuthority)));
  return certificates.join('\n');
}

/** Throws `kubeconfig.malformed`, `kubeconfig.file-refused`. */
export async function clientCertificateOf(user: User): Promise<ClientCertificate | undefined> {
  const certificate = await contentOf(user.certificate, user.origin);
  if (certificate === undefined) return undefined;
  const key = await contentOf(user.key, user.origin);
  if (key === undefined) throw malformed(l10n.t('client-key-data is missing'));
  const pair = pairOf(certificate, key, reasonsFor(labelOf(user.certificate), labelOf(user.key)));
  if (typeof pair === 'string') throw malformed(pair);
  return pair;
}

/** Why a certificate and a key are none, or do not belong together. */
export interface PairReasons {
  readonly noCertificate: () => string;
  readonly noKey: () => string;
  readonly noPair: () => string;
}

function reasonsFor(certificate: string, key: string): PairReasons {
  return {
    noCertificate: () => l10n.t('{0} is no certificate', certificate),
    noKey: () => l10n.t('{0} is no private key, or has a passphrase', key),
    noPair: () => l10n.t('{0} does not belong to {1}', key, certificate),
  };
}

/**
 * A certificate and its key, or why they are none.
 *
 * @param reasons quote nothing
 */
export function pairOf(
  certificate: Uint8Array,
  key: Uint8Array,
  reasons: PairReasons,
): ClientCertificate | string {
  const certificates = certificatesIn(certificate);
  const [first] = certificates;
  if (first === undefined) return reasons.noCertificate();
  const privateKey = privateKeyIn(key);
  if (privateKey === undefined) return reasons.noKey();
  if (!new X509Certificate(first).checkPrivateKey(privateKey)) return reasons.noPair();
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
