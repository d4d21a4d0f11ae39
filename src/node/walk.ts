import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { sep } from 'node:path';
import { sentenceOf } from '../app/messages.ts';
import { isLookedAt } from '../audit/looked-at.ts';
import { GitFolder } from './git-folder.ts';
import { unreadable } from './node-files.ts';

/** Folders that hold no manifests of this repository. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);

export const noSuchFile = 'there is no such file';

export interface Found {
  readonly path: string;
  /** Why it was not looked into, where it was not. */
  readonly problem: string | undefined;
}

type Listed = (folder: string, names: readonly string[]) => void;
type IsLeftOut = (path: string) => boolean;

/**
 * The files below a path that an audit looks into, in order of name; a path that is a file is taken whatever it is
 * called. What git ignores is passed over, but nothing that it tracks, and neither the path itself. Symbolic links below
 * it are not followed, so no circle and nothing outside is entered.
 *
 * @param listed is told what is in each folder before anything of it is found
 * @param isLeftOut tells what to pass over: a file, or a folder with all that is in it. It is not asked for the path itself
 */
export function* walk(
  path: string,
  listed: Listed = () => undefined,
  isLeftOut: IsLeftOut = () => false,
): Generator<Found> {
  const facts = factsOf(path);
  if (facts === undefined) yield { path, problem: noSuchFile };
  else if (facts.isDirectory()) yield* new TreeWalk(listed, isLeftOut).below(path);
  else yield { path, problem: undefined };
}

/** Undefined for what is not there, a path through a file and a circle of links included. */
function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Without links, so that the folders above it are those that git sees. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A folder that is being walked. */
interface OpenFolder {
  /** Its path, with a separator at the end. */
  readonly prefix: string;
  readonly git: GitFolder;
  readonly entries: readonly Dirent[];
  next: number;
}

class TreeWalk {
  readonly #listed: Listed;
  readonly #isLeftOut: IsLeftOut;
  /** The way to where it is: folders nested more deeply than functions can be are walked too. */
  readonly #open: OpenFolder[] = [];
  readonly #problems: Found[] = [];

  constructor(listed: Listed, isLeftOut: IsLeftOut) {
    this.#listed = listed;
    this.#isLeftOut = isLeftOut;
  }

  *below(start: string): Generator<Found> {
    this.#enter(start, GitFolder.first(realPathOf(start), this.#report));
    for (let folder = this.#open.at(-1); folder !== undefined; folder = this.#open.at(-1)) {
      // What was found out on the way is told in its place.
      if (this.#problems.length > 0) yield* this.#problems.splice(0);
      const entry = folder.entries[folder.next++];
      if (entry === undefined) this.#open.pop();
      else if (entry.isDirectory()) this.#enterEntry(entry.name, folder);
      else if (entry.isFile() && isLookedAt(entry.name) && !folder.git.ignoresFile(entry.name)) {
        // What `join` would normalise is normal already, and it is done for every file.
        const path = folder.prefix + entry.name;
        if (!this.#isLeftOut(path) && this.#canBeNamed(entry.name, path)) yield { path, problem: undefined };
      }
    }
    yield* this.#problems;
  }

  #enterEntry(name: string, { prefix, git }: OpenFolder): void {
    if (skipped.has(name)) return;
    const path = prefix + name;
    const inside = this.#isLeftOut(path) ? undefined : git.folder(name);
    if (inside !== undefined && this.#canBeNamed(name, path)) this.#enter(path, inside);
  }

  #enter(path: string, git: GitFolder): void {
    const entries = this.#entriesOf(path);
    if (entries === undefined) return;
    const names = entries.map(({ name }) => name);
    this.#listed(path, names);
    const prefix = path.endsWith(sep) ? path : path + sep;
    this.#open.push({ prefix, git: git.listed(path, names), entries, next: 0 });
  }

  #entriesOf(path: string): readonly Dirent[] | undefined {
    try {
      return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#report(path, sentenceOf(unreadable(path, error)));
      return undefined;
    }
  }

  /** A name that is no UTF-8 cannot be opened by what Node makes of it. */
  #canBeNamed(name: string, path: string): boolean {
    if (!name.includes('\ufffd') || existsSync(path)) return true;
    this.#report(path, 'its name is not valid UTF-8, so it is not looked into; rename it');
    return false;
  }

  readonly #report = (path: string, problem: string): void => {
    this.#problems.push({ path, problem });
  };
}
