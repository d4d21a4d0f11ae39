import { stringify } from 'yaml';
import type { OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { chooseContext } from './contexts.ts';
import type { Cluster, Exec, Impersonation, User } from './kubeconfig.ts';
import { contentOf } from './material.ts';
import { readKubeconfig } from './read-kubeconfig.ts';
import { readToken } from './token-file.ts';

/**
 * A kubeconfig with nothing but one context, and what its files hold put inside: fit for being kept as one secret. A plugin stays a
 * plugin. Throws `kubeconfig.…`.
 */
export async function standaloneKubeconfig(opened: OpenedKubeconfig, context: string): Promise<Plaintext> {
  const { name, namespace, cluster, user } = chooseContext(readKubeconfig(opened), context);
  const names = { cluster: name, ...(user === undefined ? {} : { user: name }) };
  const written = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: await writtenCluster(cluster) }],
    users: user === undefined ? [] : [{ name, user: await writtenUser(user) }],
    contexts: [{ name, context: { ...names, namespace } }],
    'current-context': name,
  };
  return Plaintext.fromText(stringify(written, { lineWidth: 0, aliasDuplicateObjects: false }));
}

async function writtenCluster(cluster: Cluster) {
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.insecure || undefined,
    'certificate-authority-data': encoded(await contentOf(cluster.certificateAuthority, cluster.origin)),
    'proxy-url': cluster.proxyUrl,
    extensions:
      cluster.execConfig === undefined
        ? undefined
        : [{ name: 'client.authentication.k8s.io/exec', extension: cluster.execConfig }],
  };
}

async function writtenUser(user: User) {
  const { origin, tokenFile, username, password, impersonation, exec, authProvider } = user;
  return {
    'client-certificate-data': encoded(await contentOf(user.certificate, origin)),
    'client-key-data': encoded(await contentOf(user.key, origin)),
    token: tokenFile === undefined ? user.token : await readToken(origin, tokenFile),
    username,
    password,
    ...writtenImpersonation(impersonation),
    exec: exec && writtenExec(exec),
    'auth-provider': authProvider && {
      name: authProvider.name,
      config: Object.fromEntries(authProvider.config),
    },
  };
}

function writtenImpersonation(impersonation: Impersonation | undefined) {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  return {
    as: user,
    'as-uid': uid,
    'as-groups': groups.length === 0 ? undefined : groups,
    'as-user-extra': extra.size === 0 ? undefined : Object.fromEntries(extra),
  };
}

function writtenExec({ env, args, ...exec }: Exec) {
  return { ...exec, args, env: env.map(([name, value]) => ({ name, value })) };
}

function encoded(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('base64');
}
