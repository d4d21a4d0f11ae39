import * as l10n from '@vscode/l10n';
import { type Fields, malformed } from './fields.ts';
import type { AuthProvider, Exec, Impersonation, Origin, User } from './kubeconfig.ts';
import { materialOf } from './read-cluster.ts';

/** An entry of `users`. Throws `kubeconfig.malformed`, also where it says two things that exclude each other, as kubectl does. */
export function readUser(user: Fields, origin: Origin): User {
  const read: User = {
    origin,
    certificate: materialOf(user, 'client-certificate'),
    key: materialOf(user, 'client-key'),
    token: user.text('token'),
    tokenFile: user.text('tokenFile'),
    username: user.text('username'),
    password: user.text('password'),
    impersonation: readImpersonation(user),
    exec: isThere(user, 'exec') ? readExec(user.fields('exec')) : undefined,
    authProvider: isThere(user, 'auth-provider') ? readAuthProvider(user.fields('auth-provider')) : undefined,
  };
  if ((read.token ?? read.tokenFile) !== undefined && (read.username ?? read.password) !== undefined)
    throw malformed(l10n.t('{0} has both a token and a username with password', user.path));
  if (read.exec !== undefined && read.authProvider !== undefined)
    throw malformed(l10n.t('{0} has both exec and auth-provider', user.path));
  return read;
}

function isThere(fields: Fields, key: string): boolean {
  return (fields.get(key) ?? undefined) !== undefined;
}

function readImpersonation(user: Fields): Impersonation | undefined {
  const name = user.text('as');
  const uid = user.text('as-uid');
  const groups = user.texts('as-groups');
  const extraFields = user.fields('as-user-extra');
  const extra = extraFields.map((key) => extraFields.texts(key));
  if (name !== undefined) return { user: name, uid, groups, extra };
  // kubectl goes on as the person himself, with more rights than the kubeconfig wants.
  if (uid !== undefined || groups.length > 0 || extra.size > 0)
    throw malformed(l10n.t('{0} is missing', user.at('as')));
  return undefined;
}

function readExec(exec: Fields): Exec {
  return {
    apiVersion: exec.required('apiVersion'),
    command: withoutNul(exec.required('command'), exec.at('command')),
    args: exec.texts('args').map((arg, index) => withoutNul(arg, `${exec.at('args')}[${index}]`)),
    env: exec.list('env').map((variable) => [nameOf(variable), valueOf(variable)] as const),
    interactiveMode: exec.text('interactiveMode'),
    provideClusterInfo: exec.flag('provideClusterInfo'),
  };
}

function nameOf(variable: Fields): string {
  const name = variable.required('name');
  if (/[=\0]/.test(name)) throw malformed(l10n.t('{0} is no name of a variable', variable.at('name')));
  return name;
}

function valueOf(variable: Fields): string {
  return withoutNul(variable.text('value') ?? '', variable.at('value'));
}

/** The system would end the text there; Node refuses it with an error that quotes it. */
function withoutNul(text: string, path: string): string {
  if (text.includes('\0')) throw malformed(l10n.t('{0} holds a NUL character', path));
  return text;
}

function readAuthProvider(provider: Fields): AuthProvider {
  const config = provider.fields('config');
  return { name: provider.required('name'), config: config.map((key) => config.text(key) ?? '') };
}
