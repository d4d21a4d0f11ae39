import type { Certificate, SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import { newestCertificate } from '../../crypto/x509.ts';
import type { ApiClient } from '../api/api.ts';
import { encodeSegment } from '../api/selection.ts';

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
  const certificate = newestCertificate(await asked.catch((error: unknown) => rethrow(error, controller)));
  if (typeof certificate === 'string')
    throw new Failure('cluster.bad-answer', { server: client.server, reason: certificate });
  const { pem, subject, fingerprint, validFrom, validTo } = certificate;
  return { pem, subject, fingerprint, validFrom, validTo };
}

/** The Service is there, since it was listed; what answers behind it is not. */
function rethrow(error: unknown, { namespace, name }: SealedSecretsController): never {
  if (!Failure.is(error, 'cluster.not-found')) throw error;
  throw new Failure('cluster.not-found', { what: `controller behind the service ${namespace}/${name}` });
}
