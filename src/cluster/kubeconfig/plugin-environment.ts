import type { Host } from './host.ts';
import type { Cluster, Exec } from './kubeconfig.ts';

/** Of the editor's own process: they would turn Node programs into something else, or let them talk to the editor. */
const editors = /^(?:ELECTRON_|VSCODE_|NODE_OPTIONS$|NODE_TLS_REJECT_UNAUTHORIZED$)/i;

/** The environment of a plugin: the person's, what the kubeconfig adds, and KUBERNETES_EXEC_INFO, as kubectl gives it. */
export function pluginEnvironment(
  exec: Exec,
  cluster: Cluster,
  certificateAuthority: string | undefined,
  { env }: Host,
): Readonly<Record<string, string>> {
  const inherited = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || editors.test(name) ? [] : [[name, value] as const],
  );
  const spec = {
    interactive: false,
    ...(exec.provideClusterInfo ? { cluster: infoOf(cluster, certificateAuthority) } : {}),
  };
  const info = { kind: 'ExecCredential', apiVersion: exec.apiVersion, spec };
  return Object.fromEntries([...inherited, ...exec.env, ['KUBERNETES_EXEC_INFO', JSON.stringify(info)]]);
}

/** `Cluster` of client.authentication.k8s.io. */
function infoOf(cluster: Cluster, certificateAuthority: string | undefined) {
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.insecure || undefined,
    'certificate-authority-data':
      certificateAuthority === undefined ? undefined : Buffer.from(certificateAuthority).toString('base64'),
    'proxy-url': cluster.proxyUrl,
    config: cluster.execConfig ?? undefined,
  };
}
