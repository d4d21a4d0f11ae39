import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { GitFolder } from './git-folder.ts';
import { WorkTree } from './work-tree.ts';

const silent = () => undefined;

/**
 * Whether git tracks a file, or would with the next `git add`, told without running git. What only the person's own
 * `core.excludesFile` ignores counts as held: others who have the repository would add it.
 *
 * @param path the file's real path, below the root
 * @param root where the repository begins
 */
export function gitHolds(path: string, root: string): boolean {
  let at = realpathSync(root);
  const names = relative(at, dirname(path)).split(sep);
  if (WorkTree.at(at, silent) === undefined || names.includes('.git')) return false;
  let folder: GitFolder | undefined = GitFolder.first(at, silent);
  for (const name of names.filter((part) => part !== '')) {
    folder = folder?.listed(at, inside).folder(name);
    at = join(at, name);
  }
  return folder?.listed(at, inside).ignoresFile(basename(path)) === false;
}

/** What may stand in a folder and counts; each is looked for. */
const inside = ['.git', '.gitignore'];
