import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * A program of this name on the PATH. Relative entries and those in or below `folder` are passed over: what a repository brings
 * along is never run, and Windows is never asked, which would look into the current folder first.
 */
export function findOnPath(name: string, env: NodeJS.ProcessEnv, folder: string): string | undefined {
  const windows = process.platform === 'win32';
  const path = (windows ? (env['Path'] ?? env['PATH']) : env['PATH']) ?? '';
  for (const entry of path.split(windows ? ';' : ':')) {
    if (!isAbsolute(entry) || isBelow(folder, entry)) continue;
    const program = join(entry, windows ? `${name}.exe` : name);
    if (isProgram(program)) return program;
  }
  return undefined;
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether a path is a folder or below it. */
function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
