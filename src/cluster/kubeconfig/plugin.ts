import { createHash } from 'node:crypto';
import type { CredentialPlugin } from '../../app/clusters/kubeconfig.ts';
import { commandLineOf } from './command-line.ts';
import type { Cluster, Exec, Origin } from './kubeconfig.ts';

/** What a plugin is run for. */
export interface PluginUse {
  readonly exec: Exec;
  /** The kubeconfig that wants it. */
  readonly origin: Origin;
  readonly cluster: Cluster;
  readonly server: URL;
  readonly certificateAuthority: string | undefined;
}

/**
 * What a person is asked about: the same hash means the same question. To it belongs which way the credentials go: another proxy,
 * with another certificate authority, would get them from the very same command.
 */
export function pluginOf(use: PluginUse, program: string): CredentialPlugin {
  const { exec, origin, cluster, server, certificateAuthority } = use;
  const { apiVersion, command, args, env, provideClusterInfo } = exec;
  const { proxyUrl, tlsServerName, insecure, execConfig } = cluster;
  const runs = [program, args, env, apiVersion, provideClusterInfo, execConfig];
  const goes = [server.href, proxyUrl, tlsServerName, insecure, certificateAuthority];
  return {
    command,
    program,
    commandLine: commandLineOf(exec),
    hash: createHash('sha256')
      .update(JSON.stringify([origin.title, runs, goes]))
      .digest('hex'),
    kubeconfig: origin.title,
    server: server.origin,
  };
}
