import { basename, dirname, join } from 'node:path';
import type { IgnorePatterns } from './git-ignore.ts';
import { type Report, readGitIgnore, WorkTree } from './work-tree.ts';

/** Patterns, and behind them those that count less. */
interface Patterns {
  readonly own: IgnorePatterns;
  /** How much of a path from the root of the work tree is the folder they stand in, its slash included. */
  readonly base: number;
  readonly outer: Patterns | undefined;
}

interface Place {
  /** Undefined outside of a repository. */
  readonly workTree: WorkTree | undefined;
  /** From the root of the work tree, a byte string; with its slash, or empty. */
  readonly path: string;
  readonly patterns: Patterns | undefined;
  /** Whether git ignores the folder: then only what it tracks counts. */
  readonly ignored: boolean;
}

const nowhere: Place = { workTree: undefined, path: '', patterns: undefined, ignored: false };
const nonAscii = /[^\x00-\x7f]/;

/**
 * A folder of a walk as git sees it: what is ignored in it. What git tracks is never ignored, whatever .gitignore says.
 * Outside of a repository, .gitignore files count from where the walk begins.
 */
export class GitFolder {
  readonly #place: Place;
  readonly #report: Report;

  private constructor(place: Place, report: Report) {
    this.#place = place;
    this.#report = report;
  }

  /**
   * Where a walk begins. It counts as not ignored, because somebody named it.
   *
   * @param folder its real path
   */
  static first(folder: string, report: Report): GitFolder {
    const names: string[] = [];
    let root = folder;
    while (WorkTree.at(root, report) === undefined) {
      if (dirname(root) === root) return new GitFolder(nowhere, report);
      names.unshift(basename(root));
      root = dirname(root);
    }
    let at = new GitFolder(nowhere, report);
    let path = root;
    for (const name of names) {
      at = at.listed(path, ['.git', '.gitignore']).#inside(bytesOf(name), false);
      path = join(path, name);
    }
    return at;
  }

  /** The same folder, once its names are known: the root of another work tree, or with patterns of its own. */
  listed(path: string, names: readonly string[]): GitFolder {
    const workTree = names.includes('.git') ? WorkTree.at(path, this.#report) : undefined;
    const place = workTree === undefined ? this.#place : rootOf(workTree);
    // What is ignored as a whole cannot be taken out of that from within.
    const own =
      names.includes('.gitignore') && !place.ignored
        ? readGitIgnore(join(path, '.gitignore'), this.#report)
        : undefined;
    if (own !== undefined) return new GitFolder(withPatterns(place, own), this.#report);
    return place === this.#place ? this : new GitFolder(place, this.#report);
  }

  ignoresFile(name: string): boolean {
    const { workTree, path, patterns, ignored } = this.#place;
    if (patterns === undefined && !ignored) return false;
    const bytes = bytesOf(name);
    if (!ignored && !matches(patterns, bytes, path, false)) return false;
    return workTree?.tracks(path + bytes) !== true;
  }

  /** A folder in this one; undefined where git ignores it and tracks nothing in it. */
  folder(name: string): GitFolder | undefined {
    const { workTree, path, patterns, ignored } = this.#place;
    const bytes = bytesOf(name);
    if (!ignored && !matches(patterns, bytes, path, true)) return this.#inside(bytes, false);
    // A folder that is tracked itself is a submodule.
    const tracked =
      workTree?.tracksBelow(`${path}${bytes}/`) === true || workTree?.tracks(path + bytes) === true;
    return tracked ? this.#inside(bytes, true) : undefined;
  }

  #inside(name: string, ignored: boolean): GitFolder {
    const { workTree, path, patterns } = this.#place;
    return new GitFolder({ workTree, path: `${path}${name}/`, patterns, ignored }, this.#report);
  }
}

function rootOf(workTree: WorkTree): Place {
  const excludes = workTree.excludes();
  return excludes === undefined ? { ...nowhere, workTree } : withPatterns({ ...nowhere, workTree }, excludes);
}

function withPatterns(place: Place, own: IgnorePatterns): Place {
  return { ...place, patterns: { own, base: place.path.length, outer: place.patterns } };
}

/** The innermost patterns that say anything decide. */
function matches(patterns: Patterns | undefined, name: string, folder: string, isFolder: boolean): boolean {
  for (let at = patterns; at !== undefined; at = at.outer) {
    const ignores = at.own.ignores(name, folder, at.base, isFolder);
    if (ignores !== undefined) return ignores;
  }
  return false;
}

/** The bytes of a name, one a character, as git has it. */
function bytesOf(name: string): string {
  return nonAscii.test(name) ? Buffer.from(name).toString('latin1') : name;
}
