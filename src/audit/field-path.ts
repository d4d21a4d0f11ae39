import type { FieldPath } from '../manifest/fields.ts';

/** Keys from a root, letter for letter; `*` stands for any one key or list position. */
export type PathPattern = readonly string[];

/** Whether a path is one that a pattern describes, from its beginning to its end. */
export function matchesPath(path: FieldPath, pattern: PathPattern): boolean {
  return path.length === pattern.length && startsWithPath(path, pattern);
}

/** Whether a path is one that a pattern describes or stands below it. */
export function startsWithPath(path: FieldPath, pattern: PathPattern): boolean {
  if (path.length < pattern.length) return false;
  return pattern.every((part, index) => part === '*' || part === path[index]);
}
