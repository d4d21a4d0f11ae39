import type { Files } from '../app/ports.ts';

/** Whether a path, which need not exist yet, is in a folder; what a symbolic link leads to counts, as far as the path exists. */
export async function leadsInside(path: string, folder: string, files: Files): Promise<boolean> {
  let existing = path;
  while (existing !== folder && !(await files.exists(existing))) existing = files.parent(existing);
  return files.contains(await files.realPath(folder), await files.realPath(existing));
}
