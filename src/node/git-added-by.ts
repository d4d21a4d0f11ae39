import { dirname } from 'node:path';
import { Failure } from '../core/errors.ts';
import { Git } from './git.ts';

/** Who brought a file into the repository, as git has it. */
export interface AddedBy {
  /** As the commit says, which nobody has checked. */
  readonly name: string;
  readonly commit: string;
  readonly at: Date;
}

/**
 * The commit that added a file, under whatever name it had then. Undefined where there is no git, no repository, or where the file is
 * not in it.
 */
export function addedBy(path: string, env: NodeJS.ProcessEnv): AddedBy | undefined {
  try {
    const git = Git.around(dirname(path), env);
    const format = '--format=%an%x00%h%x00%aI';
    const args = ['log', '--follow', '--diff-filter=A', '-1', format, '--no-show-signature', '--', path];
    const [name, commit, at] = git.line(args).split('\0');
    if (name === undefined || commit === undefined || at === undefined) return undefined;
    return { name, commit, at: new Date(at) };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
