import { existsSync, lstatSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import { sentenceOf } from '../app/messages.ts';
import { Failure } from '../core/errors.ts';
import { IgnorePatterns } from './git-ignore.ts';
import { NodeFiles } from './node-files.ts';
import { TrackedPaths } from './tracked-paths.ts';

/** Is told of a file that could not be made use of, in one sentence. */
export type Report = (path: string, problem: string) => void;

const megabyte = 1024 * 1024;
/** More patterns than anyone writes; each may have to be tried on each file. */
const patternsLimit = megabyte;
/** Half a million files. */
const indexLimit = 64 * megabyte;
const pointerLimit = 4096;

function unknownIndex(): string {
  return l10n.t(
    'this is no index that Purser can read, so what .gitignore names is passed over even where git tracks it; run git status',
  );
}

/**
 * What git keeps of a work tree, read without running git: where a repository is only looked at, no program is run, and
 * git need not be there.
 */
export class WorkTree {
  readonly #gitFolder: string;
  readonly #report: Report;
  #indexes: readonly TrackedPaths[] | undefined;

  private constructor(gitFolder: string, report: Report) {
    this.#gitFolder = gitFolder;
    this.#report = report;
  }

  /** The work tree that a folder is the root of; undefined where it is none. */
  static at(root: string, report: Report): WorkTree | undefined {
    const gitFolder = gitFolderOf(root);
    return gitFolder === undefined ? undefined : new WorkTree(gitFolder, report);
  }

  /** `.git/info/exclude`. */
  excludes(): IgnorePatterns | undefined {
    const common = pointedTo(join(this.#gitFolder, 'commondir'), this.#gitFolder, '') ?? this.#gitFolder;
    const path = join(common, 'info', 'exclude');
    return existsSync(path) ? readPatterns(path, this.#report) : undefined;
  }

  /**
   * Whether git tracks a file, or a folder as a submodule. Nothing is tracked where that cannot be read, which is when
   * this is first asked.
   *
   * @param path a byte string, from the root
   */
  tracks(path: string): boolean {
    this.#indexes ??= this.#readIndexes();
    return this.#indexes.some((index) => index.has(path));
  }

  /** Whether it tracks anything in a folder, which is given with its slash. */
  tracksBelow(folder: string): boolean {
    this.#indexes ??= this.#readIndexes();
    return this.#indexes.some((index) => index.hasBelow(folder));
  }

  /** The index and, where it is split, its base. What it takes away from that counts too: better one file too many. */
  #readIndexes(): readonly TrackedPaths[] {
    const index = this.#readIndex('index');
    const base = index?.base === undefined ? undefined : this.#readIndex(index.base);
    return [index, base].filter((one) => one !== undefined);
  }

  #readIndex(name: string): TrackedPaths | undefined {
    const path = join(this.#gitFolder, name);
    const bytes = existsSync(path) ? readNow(path, indexLimit, this.#report) : undefined;
    if (bytes === undefined) return undefined;
    const index = TrackedPaths.read(bytes);
    if (index === undefined) this.#report(path, unknownIndex());
    return index;
  }
}

/**
 * A .gitignore file; undefined where there is none that counts. As in git, a symbolic link is not followed, and a folder
 * of that name is nothing.
 */
export function readGitIgnore(path: string, report: Report): IgnorePatterns | undefined {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined || facts.isDirectory()) return undefined;
  if (!facts.isSymbolicLink()) return readPatterns(path, report);
  report(path, l10n.t('it is a symbolic link, which git does not follow here; put a file in its place'));
  return undefined;
}

function readPatterns(path: string, report: Report): IgnorePatterns | undefined {
  const bytes = readNow(path, patternsLimit, report);
  const patterns = bytes && new IgnorePatterns(bytes.toString('latin1'));
  return patterns?.isEmpty === false ? patterns : undefined;
}

function readNow(path: string, limit: number, report: Report): Buffer | undefined {
  try {
    const bytes = new NodeFiles().readNow(path, path, limit);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    report(path, sentenceOf(error));
    return undefined;
  }
}

/** The folder `.git`, or the one that a file of that name points to, as in submodules and linked work trees. */
function gitFolderOf(root: string): string | undefined {
  const path = join(root, '.git');
  const facts = statSync(path, { throwIfNoEntry: false });
  const folder = facts?.isDirectory() === true ? path : facts && pointedTo(path, root, 'gitdir: ');
  return folder !== undefined && existsSync(join(folder, 'HEAD')) ? folder : undefined;
}

/** The folder that a file of git's names after a word. */
function pointedTo(path: string, from: string, word: string): string | undefined {
  const content = existsSync(path)
    ? readNow(path, pointerLimit, () => undefined)?.toString('utf8')
    : undefined;
  if (content?.startsWith(word) !== true) return undefined;
  const target = content.slice(word.length).replace(/[\r\n]+$/, '');
  // Windows would log in at whatever server this names.
  return /^[\\/]{2}/.test(target) ? undefined : resolve(from, target);
}
