import { readFile } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import * as l10n from '@vscode/l10n';
import { Fields } from './fields.ts';
import { findOnPath } from './find-program.ts';
import type { Host } from './host.ts';
import { configSizeLimit, readYaml } from './read-yaml.ts';

/** `credentialPluginPolicy` of kubectl's preferences, with what it allows. */
type PluginPolicy =
  | { readonly type: 'AllowAll' }
  | { readonly type: 'DenyAll' }
  | { readonly type: 'Allowlist'; readonly commands: readonly string[] };

const supported = /^kubectl\.config\.k8s\.io\/v1(?:alpha1|beta1)$/;

/**
 * Why kubectl's preferences (`KUBERC`, else `~/.kube/kuberc`) forbid a credential plugin; undefined where they do not. Preferences
 * that cannot be read or understood forbid all of them; kubectl goes on without those it was not pointed to.
 *
 * Source: kubectl 1.36 pkg/kuberc and client-go plugin/pkg/client/auth/exec.
 */
export async function forbiddenByKuberc(
  { command, program }: { readonly command: string; readonly program: string },
  host: Host,
): Promise<string | undefined> {
  const policy = await readPluginPolicy(host);
  if (policy === undefined) return l10n.t('your kuberc cannot be read, which may forbid it');
  if (policy.type === 'AllowAll') return undefined;
  if (policy.type === 'DenyAll') return l10n.t('your kuberc denies all credential plugins');
  // A path is another file for each folder: only what it leads to counts.
  if (basename(command) === command && policy.commands.includes(command)) return undefined;
  for (const entry of policy.commands)
    if (basename(entry) === basename(program) && (await findOnPath(entry, host)) === program)
      return undefined;
  return l10n.t('it is not among the credential plugins that your kuberc allows');
}

async function readPluginPolicy({ env, home }: Host): Promise<PluginPolicy | undefined> {
  const named = env['KUBERC'];
  if (named === 'off') return { type: 'AllowAll' };
  const explicit = named !== undefined && named !== '';
  try {
    const bytes = await readFile(explicit ? named : join(home, '.kube', 'kuberc'));
    return bytes.length > configSizeLimit ? undefined : policyIn(bytes.toString());
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing && !explicit ? { type: 'AllowAll' } : undefined;
  }
}

/** Of the first document that is of a version known here, as kubectl takes it. Throws where a field is of the wrong type. */
function policyIn(text: string): PluginPolicy | undefined {
  const read = readYaml(text);
  if ('reason' in read) return undefined;
  if (read.documents.length === 0) return { type: 'AllowAll' };
  const preferences = read.documents
    .map((document) => new Fields(document, ''))
    .find(
      (fields) => fields.text('kind') === 'Preference' && supported.test(fields.text('apiVersion') ?? ''),
    );
  if (preferences === undefined) return undefined;
  const type = preferences.text('credentialPluginPolicy') ?? 'AllowAll';
  const list = preferences.get('credentialPluginAllowlist') ?? undefined;
  if (type === 'AllowAll' || type === 'DenyAll') return list === undefined ? { type } : undefined;
  if (type !== 'Allowlist') return undefined;
  const commands = preferences.list('credentialPluginAllowlist').map(commandOf);
  return commands.length > 0 && commands.every(isUsable) ? { type, commands } : undefined;
}

/** `name` until 1.35, `command` since. */
function commandOf(entry: Fields): string | undefined {
  const [name, command] = [entry.text('name'), entry.text('command')];
  return name !== undefined && command !== undefined && name !== command ? undefined : (command ?? name);
}

function isUsable(command: string | undefined): command is string {
  return command !== undefined && normalize(command) === command;
}
