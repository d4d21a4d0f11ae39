import type { Host } from './host.ts';
import type { Cluster } from './kubeconfig.ts';
import type { PluginUse } from './plugin.ts';

/** Of the editor's own process: they would turn Node programs into something else, or let them talk to the editor. */
const editors = /^(?:ELECTRON_|VSCODE_|NODE_OPTIONS$|NODE_TLS_REJECT_UNAUTHORIZED$)/i;

/** Keys themselves, as flux-orchestrator and SOPS take them: no kubeconfig of somebody else's needs them to log in. */
const keys: ReadonlySet<string> = new Set(['ENCRYPTION_KEY', 'SOPS_AGE_KEY']);

/**
 * The environment of a plugin: the person's, what the kubeconfig adds, and KUBERNETES_EXEC_INFO, as kubectl gives it. Programs for
 * logging in need much of it (`HOME`, `PATH`, `AWS_PROFILE`, `HTTPS_PROXY`), so nothing else is held back.
 */
export function pluginEnvironment(
  { exec, origin, cluster, certificateAuthority }: PluginUse,
  { env }: Host,
): Readonly<Record<string, string>> {
  const isOwn = origin.files?.anywhere === true;
  const inherited = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || editors.test(name) || (!isOwn && keys.has(name)) ? [] : [[name, value] as const],
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
