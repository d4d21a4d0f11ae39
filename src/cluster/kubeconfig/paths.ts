import { isAbsolute, relative, sep } from 'node:path';

/** Whether a path is `folder` or below it, as they are spelled: symlinks are the caller's. */
export function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  // On another drive of Windows, the relative path is absolute.
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
