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

/** A hover is not worth waiting longer for. */
const longestMs = 3000;

/**
 * The commit that added a file, under whatever name it had then; `nobody` where no commit has it. Undefined where there is no git or
 * no repository, or where git did not tell in time.
 */
export async function addedBy(path: string, env: NodeJS.ProcessEnv): Promise<AddedBy | 'nobody' | undefined> {
  try {
    const git = Git.around(dirname(path), env);
    const format = '--format=%an%x00%h%x00%aI';
    const args = ['log', '--follow', '--diff-filter=A', '-1', format, '--no-show-signature', '--', path];
    const line = await lineOf(git, args);
    if (line === undefined) return undefined;
    const [name, commit, at] = line.trim().split('\0');
    return name === undefined || commit === undefined || at === undefined
      ? 'nobody'
      : { name, commit, at: new Date(at) };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Undefined where git fails, or takes too long. A repository without commits is one that git fails in. */
function lineOf(git: Git, args: readonly string[]): Promise<string | undefined> {
  const child = git.start(args);
  child.stdin.end();
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  return new Promise((resolve) => {
    const end = (code: number | null) => {
      clearTimeout(timer);
      resolve(code === 0 ? Buffer.concat(out).toString('utf8') : undefined);
    };
    child.on('error', () => end(null));
    child.on('close', end);
  });
}
