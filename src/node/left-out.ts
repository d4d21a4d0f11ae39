import { sep } from 'node:path';
import { foldersAbove, isAtOrBelow, type ScanRoot } from '../app/workspace-scan.ts';
import { matchesGlob } from '../policy/glob.ts';

/** `**` and one name: what nearly every glob of `files.exclude` is. */
const anywhere = /^\*\*\/([^*?{}[\]/]+)$/;

/** Tells of a path below an open folder whether it is left out, given that the folders above it are not. */
export function leftOutOf({ folder, exclude }: ScanRoot): (path: string) => boolean {
  const names = new Set(exclude.flatMap((glob) => anywhere.exec(glob)?.[1] ?? []));
  const globs = exclude.filter((glob) => !anywhere.test(glob));
  const start = folder.endsWith(sep) ? folder.length : folder.length + 1;
  return (path) => {
    if (names.has(path.slice(path.lastIndexOf(sep) + 1))) return true;
    if (globs.length === 0) return false;
    const relative = path.slice(start).split(sep).join('/');
    return globs.some((glob) => matchesGlob(glob, relative));
  };
}

const kustomization = /^kustomization(?:\.ya?ml)?$/i;

/**
 * Tells of a path whether it leads to one of these, is one, or stands below one. Kustomizations on the way are wanted
 * too: they may make Secrets of what changed.
 */
export function onTheWayTo(wanted: readonly string[]): (path: string) => boolean {
  const ends = new Set(wanted);
  const above = new Set(wanted.flatMap((path) => [...foldersAbove(path)]));
  return (path) => {
    if (above.has(path) || isAtOrBelow(path, ends)) return true;
    const at = path.lastIndexOf(sep);
    return above.has(path.slice(0, at)) && kustomization.test(path.slice(at + 1));
  };
}
