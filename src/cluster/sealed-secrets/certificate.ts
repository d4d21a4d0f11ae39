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
  const service = [controller.name, controller.port].map(encodeURIComponent).join(':');
  const answer = await client.text({
    method: 'GET',
    path: `/api/v1/namespaces/${namespace}/services/http:${service}/proxy/v1/cert.pem`,
    accept: 'application/x-pem-file',
    signal,
  });
  const certificate = newestCertificate(answer);
  if (typeof certificate === 'string')
    throw new Failure('cluster.bad-answer', { server: client.server, reason: certificate });
  const { pem, subject, fingerprint, validFrom, validTo } = certificate;
  return { pem, subject, fingerprint, validFrom, validTo };
}
