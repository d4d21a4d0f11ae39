import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../core/errors.ts';
import { Git } from './git.ts';

/** Who brought what a file holds into the repository, as git has it. */
export interface AddedBy {
  /** As the commit says, which nobody has checked. */
  readonly name: string;
  readonly commit: string;
  readonly at: Date;
}

/** A hover is not worth waiting longer for. */
const longestMs = 3000;

/**
 * The commit that brought in what a file holds, under whatever name it stood then: whoever put another key in its place is named, not
 * who added the one before. `nobody` where no commit has it. Undefined where there is no git or no repository, or where git did not
 * tell in time.
 */
export async function addedBy(path: string, env: NodeJS.ProcessEnv): Promise<AddedBy | 'nobody' | undefined> {
  try {
    const git = Git.around(dirname(path), env);
    const found = await outputOf(git, logOf(path));
    if (found === undefined) return undefined;
    const [name, commit, at, change = ''] = found.toString('utf8').split('\0');
    if (name === undefined || commit === undefined || at === undefined) return 'nobody';
    const object = /^:\d+ \d+ [\da-f]+ ([\da-f]+) /m.exec(change)?.[1] ?? '';
    const committed = await outputOf(git, ['cat-file', 'blob', object]);
    if (committed === undefined) return undefined;
    return isSameText(committed, await contentOf(path)) ? { name, commit, at: new Date(at) } : 'nobody';
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** The last change of what is in the file: a rename that changes nothing is followed, any other adds a file. */
function logOf(path: string): readonly string[] {
  const changes = ['--follow', '-M100%', '--diff-filter=AMT', '-1', '--root', '--raw', '--no-abbrev'];
  const harmless = ['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-notes', '--no-color'];
  const format = '--format=%an%x00%h%x00%aI%x00';
  return ['--literal-pathspecs', 'log', ...changes, ...harmless, format, '--', path];
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    // What is gone, or may not be read, is in no commit that could be told.
    return undefined;
  }
}

/** Git may be told to write lines in the way of the system. */
function isSameText(committed: Buffer, now: Buffer | undefined): boolean {
  const text = (bytes: Buffer) => bytes.toString('latin1').replaceAll('\r\n', '\n');
  return now !== undefined && text(committed) === text(now);
}

/** Undefined where git fails, or takes too long. A repository without commits is one that git fails in. */
function outputOf(git: Git, args: readonly string[]): Promise<Buffer | undefined> {
  const child = git.start(args);
  // A git that does not run reads nothing.
  child.stdin.on('error', () => undefined);
  child.stdin.end();
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
  return new Promise((resolve) => {
    const end = (code: number | null) => {
      clearTimeout(timer);
      resolve(code === 0 ? Buffer.concat(out) : undefined);
    };
    child.on('error', () => end(null));
    child.on('close', end);
  });
}
