import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { delimiter, extname, isAbsolute, join, normalize, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { Host } from './host.ts';
import type { Origin } from './kubeconfig.ts';
import { isBelow } from './paths.ts';

const onWindows = process.platform === 'win32';

/**
 * The file that a command of a kubeconfig means, or why there is none. A name is looked for on the PATH, a relative path from where
 * the kubeconfig stands, as in kubectl; but nothing of a workspace is run for a kubeconfig that came with one. What a person allows
 * is a path, and tomorrow's file of that path would be somebody else's.
 */
export async function findProgram(
  command: string,
  { files }: Origin,
  host: Host,
): Promise<{ readonly program: string } | { readonly reason: string }> {
  if (!isPath(command)) {
    const found = await findOnPath(command, host);
    return found === undefined ? { reason: l10n.t('it is not found on the PATH') } : { program: found };
  }
  const own = files?.anywhere === true;
  if (!isAbsolute(command) && !own)
    return { reason: l10n.t('it stands beside a kubeconfig that is not your own') };
  if (!own && isElsewhere(command)) return { reason: l10n.t('it is on another computer') };
  const program = resolve(files?.base ?? files?.folder ?? '', command);
  if (!own && (await isInside(program, host.workspace)))
    return { reason: l10n.t('it belongs to the workspace') };
  return (await isProgram(program)) ? { program } : { reason: l10n.t('there is no such program') };
}

/** Go's `exec.LookPath`, but for relative entries of the PATH and what belongs to the workspace, which are passed over. */
export async function findOnPath(command: string, { env, workspace }: Host): Promise<string | undefined> {
  if (isPath(command))
    return isAbsolute(command) && (await isProgram(command)) ? normalize(command) : undefined;
  const path = (onWindows ? (env['Path'] ?? env['PATH']) : env['PATH']) ?? '';
  for (const entry of path.split(delimiter)) {
    if (!isAbsolute(entry) || (await isInside(entry, workspace))) continue;
    for (const name of namesOf(command)) {
      const program = join(entry, name);
      if ((await isProgram(program)) && !(await isInside(program, workspace))) return program;
    }
  }
  return undefined;
}

function isPath(command: string): boolean {
  return command.includes('/') || (onWindows && /[\\:]/.test(command));
}

/** `\\host\share` of Windows, however its slashes lean: only to look at it is to sign in there, before anybody was asked. */
function isElsewhere(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/** `.cmd` and `.bat` are left out: they start a shell, which takes arguments apart anew. */
function namesOf(command: string): readonly string[] {
  return onWindows && extname(command) === '' ? [`${command}.exe`, `${command}.com`] : [command];
}

async function isInside(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => path);
  for (const folder of folders) {
    const realFolder = await realpath(folder).catch(() => folder);
    if (isBelow(folder, path) || isBelow(realFolder, real)) return true;
  }
  return false;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
