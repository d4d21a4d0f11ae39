import { X509Certificate } from 'node:crypto';
import type { Certificate, SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import { spkiFingerprint } from '../../crypto/fingerprint.ts';
import type { ApiClient } from '../api/api.ts';
import { encodeSegment } from '../api/selection.ts';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/**
 * The certificate that a Sealed Secrets controller wants to be sealed to, asked for as kubeseal does: through the API server's
 * service proxy (cmd/kubeseal of bitnami/sealed-secrets). Throws `cluster.…`; `cluster.bad-answer` for what is no RSA certificate.
 */
export async function fetchCertificate(
  client: ApiClient,
  controller: SealedSecretsController,
  signal: AbortSignal,
): Promise<Certificate> {
  const namespace = encodeSegment(controller.namespace);
  const service = [controller.name, controller.port].map(encodeSegment).join(':');
  const path = `/api/v1/namespaces/${namespace}/services/http:${service}/proxy/v1/cert.pem`;
  const asked = client.text({ method: 'GET', path, accept: 'application/x-pem-file', signal });
  const certificate = readCertificate(await asked.catch((error: unknown) => rethrow(error, controller)));
  if (typeof certificate === 'string')
    throw new Failure('cluster.bad-answer', { server: client.server, reason: certificate });
  return certificate;
}

/** The Service is there, since it was listed; what answers behind it is not. */
function rethrow(error: unknown, { namespace, name }: SealedSecretsController): never {
  if (!Failure.is(error, 'cluster.not-found')) throw error;
  throw new Failure('cluster.not-found', { what: `controller behind the service ${namespace}/${name}` });
}

/** The first certificate of a PEM text, or what is wrong with it. */
export function readCertificate(text: string): Certificate | string {
  const start = text.indexOf(begin);
  const stop = text.indexOf(end, start);
  if (start === -1 || stop === -1) return 'the controller gave no certificate in PEM';
  const certificate = parse(text.slice(start, stop + end.length));
  if (certificate === undefined) return 'the controller gave a certificate that cannot be read';
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa') return 'the certificate of the controller is not one of RSA';
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < 2048) return `the certificate of the controller is RSA with ${bits} bits; 2048 are the least`;
  const [validFrom, validTo] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (Number.isNaN(validFrom.getTime()) || Number.isNaN(validTo.getTime()))
    return 'the certificate of the controller does not say when it is valid';
  return {
    // Written anew: what else stood between the lines does not get into a file.
    pem: certificate.toString(),
    // The controllers' own certificates have none, and Node gives undefined for it.
    subject: certificate.subject ?? '',
    fingerprint: spkiFingerprint(publicKey),
    validFrom,
    validTo,
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
