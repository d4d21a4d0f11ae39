import { findOnPath } from './find-program.ts';

/** The git on the PATH, outside of `folder`. */
export function findGit(env: NodeJS.ProcessEnv, folder: string): string | undefined {
  return findOnPath('git', env, folder);
}
