import * as l10n from '@vscode/l10n';
import type { KubeconfigSummary } from '../../app/clusters/kubeconfig.ts';
import type { Cluster, Kubeconfig, User } from './kubeconfig.ts';
import { parseServer } from './server.ts';

/** What a kubeconfig leads to, and by what kind of credential; the credentials themselves are left out. */
export function summaryOf({ clusters, users, contexts, currentContext }: Kubeconfig): KubeconfigSummary {
  return {
    clusters: [...clusters].map(([name, cluster]) => ({
      name,
      server: parseServer(cluster.server)?.origin ?? '',
      notes: notesOf(cluster),
    })),
    users: [...users].map(([name, user]) => ({ name, credentials: credentialsOf(user) })),
    contexts: [...contexts].map(([name, { cluster, user, namespace }]) => {
      return {
        name,
        cluster,
        user: user ?? '',
        namespace: namespace ?? '',
        isCurrent: name === currentContext,
      };
    }),
  };
}

function notesOf({ insecure, proxyUrl, tlsServerName }: Cluster): readonly string[] {
  return [
    ...(insecure ? [l10n.t('its certificate is not checked')] : []),
    ...(proxyUrl === undefined ? [] : [l10n.t('through a proxy')]),
    ...(tlsServerName === undefined ? [] : [l10n.t('as {0}', tlsServerName)]),
  ];
}

/** In the order in which clients prefer them. */
function credentialsOf(user: User): readonly string[] {
  const { certificate, key, token, tokenFile, username, exec, authProvider, impersonation } = user;
  const kinds = [
    ...(has(certificate) && has(key) ? [l10n.t('client certificate')] : []),
    ...(token === undefined ? [] : [l10n.t('token')]),
    ...(tokenFile === undefined ? [] : [l10n.t('token in a file')]),
    ...(username === undefined ? [] : [l10n.t('password of {0}', username)]),
    ...(exec === undefined ? [] : [l10n.t('the program {0}', exec.command)]),
    ...(authProvider === undefined ? [] : [l10n.t('auth provider {0}', authProvider.name)]),
  ];
  return [...kinds, ...(impersonation === undefined ? [] : [l10n.t('acting as {0}', impersonation.user)])];
}

function has({ data, file }: User['key']): boolean {
  return data !== undefined || file !== undefined;
}
