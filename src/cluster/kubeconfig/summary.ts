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
    ...(insecure ? ['its certificate is not checked'] : []),
    ...(proxyUrl === undefined ? [] : ['through a proxy']),
    ...(tlsServerName === undefined ? [] : [`as ${tlsServerName}`]),
  ];
}

/** In the order in which clients prefer them. */
function credentialsOf(user: User): readonly string[] {
  const { certificate, key, token, tokenFile, username, exec, authProvider, impersonation } = user;
  const kinds = [
    ...(has(certificate) && has(key) ? ['client certificate'] : []),
    ...(token === undefined ? [] : ['token']),
    ...(tokenFile === undefined ? [] : ['token in a file']),
    ...(username === undefined ? [] : [`password of ${username}`]),
    ...(exec === undefined ? [] : [`the program ${exec.command}`]),
    ...(authProvider === undefined ? [] : [`auth provider ${authProvider.name}`]),
  ];
  return [...kinds, ...(impersonation === undefined ? [] : [`acting as ${impersonation.user}`])];
}

function has({ data, file }: User['key']): boolean {
  return data !== undefined || file !== undefined;
}
