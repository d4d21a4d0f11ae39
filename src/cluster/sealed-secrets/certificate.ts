import * as l10n from '@vscode/l10n';
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
  const path = controllerPath(controller, 'cert.pem');
  const asked = client.text({ method: 'GET', path, accept: 'application/x-pem-file', signal });
  const certificate = newestCertificate(await asked.catch((error: unknown) => unanswered(error, controller)));
  if (typeof certificate === 'string')
    throw new Failure('cluster.bad-answer', { server: client.server, reason: certificate });
  const { pem, subject, fingerprint, validFrom, validTo } = certificate;
  return { pem, subject, fingerprint, validFrom, validTo };
}

/** A path of the controller's own, through the API server's service proxy. */
export function controllerPath(
  { namespace, name, port }: Pick<SealedSecretsController, 'namespace' | 'name' | 'port'>,
  of: string,
): string {
  const service = [name, port].map(encodeSegment).join(':');
  return `/api/v1/namespaces/${encodeSegment(namespace)}/services/http:${service}/proxy/v1/${of}`;
}

/** The Service is there, since it was listed; what answers behind it is not. */
export function unanswered(error: unknown, { namespace, name }: SealedSecretsController): never {
  if (!Failure.is(error, 'cluster.not-found')) throw error;
  throw new Failure('cluster.not-found', {
    what: l10n.t('controller behind the service {0}', `${namespace}/${name}`),
  });
}
