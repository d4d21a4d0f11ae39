import * as l10n from '@vscode/l10n';
import type { ConnectionConsent } from '../../app/clusters/kubeconfig.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiAccess } from '../api/api.ts';
import type { ChosenContext } from './contexts.ts';
import { type Credentials, fixed } from './credential.ts';
import { ExecCredentials, requireKnownProtocol } from './exec-credentials.ts';
import type { Host } from './host.ts';
import { impersonationHeaders } from './impersonation.ts';
import type { Cluster, User } from './kubeconfig.ts';
import { KubeconfigAccess } from './kubeconfig-access.ts';
import { type ClientCertificate, certificateAuthorityOf, clientCertificateOf } from './material.ts';
import { ownCredentials } from './own-credentials.ts';
import { isLoopback, proxyOf, serverOf } from './server.ts';

/**
 * How to reach the cluster of a context. Reads the files that the kubeconfig names; connects to nothing and runs nothing: plugins run
 * in `headers`. Throws `kubeconfig.…` and the signal's reason.
 */
export async function accessOf(
  { cluster, user }: ChosenContext,
  consent: ConnectionConsent,
  host: Host,
  signal: AbortSignal,
): Promise<ApiAccess> {
  const server = serverOf(cluster);
  const proxy = proxyOf(cluster);
  const ca = await certificateAuthorityOf(cluster);
  const certificate = user === undefined ? undefined : await clientCertificateOf(user);
  const impersonation = impersonationHeaders(user?.impersonation);
  const credentials =
    user === undefined ? undefined : credentialsOf(user, { cluster, server, ca, certificate, consent, host });
  const stays = isLoopback(server) && (proxy === undefined || isLoopback(proxy));
  const plain = server.protocol === 'http:' && !stays;
  if (plain && credentials !== undefined) throw inTheClear();
  const insecure = plain || (cluster.insecure && server.protocol === 'https:');
  if (insecure && !(await consent.mayGoUnchecked(server.origin, cluster.origin.title)))
    throw new Failure('kubeconfig.unchecked', { server: server.host });
  signal.throwIfAborted();
  const tls = { ca, servername: cluster.tlsServerName, rejectUnauthorized: !insecure };
  return KubeconfigAccess.presenting(certificate, {
    server,
    tls,
    proxy,
    credentials: credentials ?? nobody,
    impersonation,
  });
}

const nobody = fixed({ authorization: undefined, certificate: undefined });

function credentialsOf(
  user: User,
  known: {
    readonly cluster: Cluster;
    readonly server: URL;
    readonly ca: string | undefined;
    readonly certificate: ClientCertificate | undefined;
    readonly consent: ConnectionConsent;
    readonly host: Host;
  },
): Credentials | undefined {
  const own = ownCredentials(user, known.certificate, Date.now());
  if (own !== undefined || user.exec === undefined) return own;
  requireKnownProtocol(user.exec);
  const { cluster, server, ca, consent, host } = known;
  const use = { exec: user.exec, origin: user.origin, cluster, server, certificateAuthority: ca };
  return new ExecCredentials(use, consent, host);
}

function inTheClear(): Failure {
  return new Failure('kubeconfig.unsupported', {
    reason: l10n.t('its server is http, and its credentials would leave this computer in the clear'),
    todo: l10n.t('correct the server to https'),
  });
}
