import { createHash } from 'node:crypto';
import type { CredentialPlugin } from '../../app/clusters/kubeconfig.ts';
import { commandLineOf } from './command-line.ts';
import type { Exec, Origin } from './kubeconfig.ts';

/** What a person is asked about: the same hash means the same question. */
export function pluginOf(exec: Exec, program: string, { title }: Origin, server: URL): CredentialPlugin {
  const { apiVersion, command, args, env, provideClusterInfo } = exec;
  const same = [title, server.href, program, args, env, apiVersion, provideClusterInfo];
  return {
    command,
    program,
    commandLine: commandLineOf(exec),
    hash: createHash('sha256').update(JSON.stringify(same)).digest('hex'),
    kubeconfig: title,
    server: server.origin,
  };
}
