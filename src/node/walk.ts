import { type Dirent, existsSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import { sentenceOf } from '../app/messages.ts';
import type { FoundFile } from '../app/repository-scan.ts';
import { isLookedAt } from '../audit/looked-at.ts';
import { GitFolder } from './git-folder.ts';
import { unreadable } from './node-files.ts';
import { GovernedFolders, policyName } from './wanted-files.ts';

/** Folders that hold no manifests of this repository. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);

export function noSuchFile(): string {
  return l10n.t('there is no such file');
}

type Found = Omit<FoundFile, 'read'>;

type Listed = (folder: string, names: readonly string[]) => void;
type IsLeftOut = (path: string) => boolean;

/**
 * The files below a path that an audit looks into, in order of name; a path that is a file is taken whatever it is
 * called. Where a policy stands, it may want any file sealed as a whole, so all others come too, as such. What git ignores
 * is passed over, but nothing that it tracks, and neither the path itself. Symbolic links below it are not followed, so no
 * circle and nothing outside is entered; those that lead nowhere or to what stands in the same repository are passed over.
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
  if (facts === undefined) yield { path, problem: noSuchFile() };
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

/** The repository around a folder, or where there is none the folder itself. */
function treeAround(folder: string): string {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) if (existsSync(join(at, '.git'))) return at;
  return folder;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A name that is no UTF-8 cannot be opened by what Node makes of it. */
function canBeNamed(name: string, path: string): boolean {
  return !name.includes('\ufffd') || existsSync(path);
}

function unnameable(): string {
  return l10n.t('its name is not valid UTF-8, so it is not looked into; rename it');
}

function leadsOut(): string {
  return l10n.t(
    'this symbolic link leads out of the repository, so it is not looked into; scan what it leads to where that stands',
  );
}

function notRegular(): string {
  return l10n.t('it is not a regular file, so it is not looked into; take it out of the repository');
}

/** A folder that is being walked. */
interface OpenFolder {
  /** Its path, with a separator at the end. */
  readonly prefix: string;
  readonly git: GitFolder;
  /** Whether a policy stands in it or above. */
  readonly governed: boolean;
  readonly entries: readonly Dirent[];
  next: number;
}

class TreeWalk {
  readonly #listed: Listed;
  readonly #isLeftOut: IsLeftOut;
  /** The way to where it is: folders nested more deeply than functions can be are walked too. */
  readonly #open: OpenFolder[] = [];
  readonly #problems: Found[] = [];
  /** Links that lead out of this folder are problems. */
  #tree = '';

  constructor(listed: Listed, isLeftOut: IsLeftOut) {
    this.#listed = listed;
    this.#isLeftOut = isLeftOut;
  }

  *below(start: string): Generator<Found> {
    const real = realPathOf(start);
    this.#tree = treeAround(real);
    this.#enter(start, GitFolder.first(real, this.#report), new GovernedFolders(existsSync).has(start));
    for (let folder = this.#open.at(-1); folder !== undefined; folder = this.#open.at(-1)) {
      // What was found out on the way is told in its place.
      if (this.#problems.length > 0) yield* this.#problems.splice(0);
      const entry = folder.entries[folder.next++];
      if (entry === undefined) this.#open.pop();
      else if (entry.isDirectory()) this.#enterEntry(entry.name, folder);
      else {
        const found = this.#foundAt(entry, folder);
        if (found !== undefined) yield found;
      }
    }
    yield* this.#problems;
  }

  #foundAt(entry: Dirent, { prefix, git, governed }: OpenFolder): Found | undefined {
    const { name } = entry;
    const onlyWhole = !isLookedAt(name);
    if ((onlyWhole && !governed) || git.ignoresFile(name)) return undefined;
    // What `join` would normalise is normal already, and it is done for every file.
    const path = prefix + name;
    if (this.#isLeftOut(path)) return undefined;
    if (!canBeNamed(name, path)) return { path, problem: unnameable(), onlyWhole };
    if (entry.isFile()) return { path, problem: undefined, onlyWhole };
    const problem = entry.isSymbolicLink() ? this.#problemOfLink(path) : notRegular();
    return problem === undefined ? undefined : { path, problem, onlyWhole };
  }

  /** Undefined for what leads nowhere, and for what is looked at where it stands. */
  #problemOfLink(path: string): string | undefined {
    try {
      return isBelow(realpathSync(path), this.#tree) ? undefined : leadsOut();
    } catch (error) {
      const leadsNowhere = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return leadsNowhere ? undefined : sentenceOf(unreadable(path, error));
    }
  }

  #enterEntry(name: string, { prefix, git, governed }: OpenFolder): void {
    if (skipped.has(name)) return;
    const path = prefix + name;
    const inside = this.#isLeftOut(path) ? undefined : git.folder(name);
    if (inside === undefined) return;
    if (canBeNamed(name, path)) this.#enter(path, inside, governed);
    else this.#report(path, unnameable());
  }

  #enter(path: string, git: GitFolder, isBelowPolicy: boolean): void {
    const entries = this.#entriesOf(path);
    if (entries === undefined) return;
    const names = entries.map(({ name }) => name);
    this.#listed(path, names);
    const prefix = path.endsWith(sep) ? path : path + sep;
    const governed = isBelowPolicy || names.includes(policyName);
    this.#open.push({ prefix, git: git.listed(path, names), governed, entries, next: 0 });
  }

  #entriesOf(path: string): readonly Dirent[] | undefined {
    try {
      return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      this.#report(path, sentenceOf(unreadable(path, error)));
      return undefined;
    }
  }

  readonly #report = (path: string, problem: string): void => {
    this.#problems.push({ path, problem });
  };
}
