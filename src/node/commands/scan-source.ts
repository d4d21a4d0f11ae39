import { existsSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import type { Files } from '../../app/ports.ts';
import type { FoundFile, ScanContext } from '../../app/repository-scan.ts';
import { kustomizationsAbout } from '../kustomizations-about.ts';
import { noSuchFile, walk } from '../walk.ts';
import type { WantedFiles } from '../wanted-files.ts';
import type { CliContext } from './context.ts';

/** What a scan goes through, and what is beside it. */
export interface ScanSource extends Pick<ScanContext, 'files' | 'keys' | 'policies' | 'repository'> {
  readonly found: Iterable<FoundFile> | AsyncIterable<FoundFile>;
  /** Whether findings in a file at this path are to be told: others are looked into only for what they point to. */
  readonly tells: (path: string) => boolean;
  /** Whether all there is was looked through, so that what was not met is not there. */
  readonly isWhole: boolean;
}

export interface SourceOptions {
  readonly paths: readonly string[];
  /** What is about to be committed. */
  readonly staged: boolean;
  /** What changed since a revision. */
  readonly since: string | undefined;
}

/** Throws `git.missing`, `git.no-work-tree`, `git.failed`, and for `since` what `changedFiles` throws. */
export async function openSource(options: SourceOptions, context: CliContext): Promise<ScanSource> {
  const { files, keys, policies, repository, terminal, env } = context;
  const onDisk = { files, keys, policies, repository };
  if (!options.staged && options.since === undefined) {
    const roots = options.paths.map((path) => resolve(terminal.cwd, path));
    const above = await kustomizationsAbove(roots, context);
    const tells = (path: string) => roots.length === 0 || roots.some((root) => isAtOrBelow(path, root));
    const isWhole = await holdRepositories(roots.length === 0 ? [terminal.cwd] : roots, context);
    return { ...onDisk, found: walkedFiles(roots, above, context), tells, isWhole };
  }
  const [{ Git }, { WantedFiles }] = await Promise.all([import('../git.ts'), import('../wanted-files.ts')]);
  const git = Git.around(terminal.cwd, env);
  const named = new NamedPaths(options.paths, terminal.cwd);
  const changed = new Set<string>();
  const among = (wanted: WantedFiles) => (path: string) => {
    changed.add(path);
    return named.hold(path, wanted);
  };
  const tells = (path: string) => changed.has(path) || named.names(path);
  if (options.since !== undefined) {
    const { changedFiles } = await import('../git-changed.ts');
    const wanted = among(new WantedFiles(policies, existsSync));
    const found = changedFiles(git, options.since, wanted, (path, name) => files.readNow(path, name));
    const all = withKustomizations(found, changed, git.root, files);
    return { ...onDisk, found: withMissing(all, named, context), tells, isWhole: false };
  }
  const [{ stagedFiles }, { IndexFiles }] = await Promise.all([
    import('../git-staged.ts'),
    import('../git-index-files.ts'),
  ]);
  const index = new IndexFiles(git);
  const overIndex = context.over(index);
  const wanted = among(new WantedFiles(overIndex.policies, (path) => index.has(path)));
  const all = withKustomizations(stagedFiles(git, wanted), changed, git.root, index);
  return { ...overIndex, repository: index, found: withMissing(all, named, context), tells, isWhole: false };
}

/** The kustomizations that may make Secrets of what stands at or below these paths, without being there themselves. */
async function kustomizationsAbove(
  roots: readonly string[],
  { policies }: CliContext,
): Promise<readonly string[]> {
  const above = new Set<string>();
  for (const root of roots) {
    const { root: top } = await policies.findPolicy(root);
    for (const path of kustomizationsAbout([root], top)) above.add(path);
  }
  return [...above].filter((path) => existsSync(path) && !roots.some((root) => isAtOrBelow(path, root)));
}

/** Whether each of these paths is a repository's folder, or above it. */
async function holdRepositories(roots: readonly string[], { policies }: CliContext): Promise<boolean> {
  const tops = await Promise.all(roots.map((root) => policies.findPolicy(resolve(root, 'any'))));
  return tops.every(({ root: top }, index) => isAtOrBelow(top, roots[index] ?? ''));
}

/** A file that two of the paths hold is looked at once. */
function* walkedFiles(
  roots: readonly string[],
  above: readonly string[],
  { files, terminal }: CliContext,
): Generator<FoundFile> {
  const listed = (folder: string, names: readonly string[]) => files.listed(folder, names);
  const seen = roots.length > 1 ? new Set<string>() : undefined;
  for (const root of roots.length === 0 ? [terminal.cwd] : roots) {
    for (const found of walk(root, listed)) {
      if (seen?.has(found.path) === true || (found.onlyWhole === true && roots.includes(found.path)))
        continue;
      seen?.add(found.path);
      yield { ...found, read: () => files.readNow(found.path) };
    }
  }
  for (const path of above) yield { path, problem: undefined, read: () => files.readNow(path) };
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The paths of a command line: of what git lists, only what they hold is looked at. */
class NamedPaths {
  readonly #paths: readonly string[];
  readonly #met = new Set<string>();

  constructor(paths: readonly string[], cwd: string) {
    this.#paths = paths.map((path) => resolve(cwd, path));
  }

  /** Whether a file is to be looked at: any that is named itself, and those below a path that are wanted. */
  hold(path: string, wanted: WantedFiles): boolean | Promise<boolean> {
    if (this.#paths.length === 0) return wanted.has(path);
    const above = this.#paths.filter((one) => isAtOrBelow(path, one));
    for (const one of above) this.#met.add(one);
    return above.includes(path) || (above.length > 0 && wanted.has(path));
  }

  /** Whether a path was named itself. */
  names(path: string): boolean {
    return this.#paths.includes(path);
  }

  /** The paths that held nothing so far. */
  unmet(): readonly string[] {
    return this.#paths.filter((path) => !this.#met.has(path));
  }
}

/** These files, and the unchanged kustomizations that may make Secrets of what changed. */
async function* withKustomizations(
  found: Iterable<FoundFile> | AsyncIterable<FoundFile>,
  changed: ReadonlySet<string>,
  root: string,
  files: Files,
): AsyncGenerator<FoundFile> {
  yield* found;
  for (const path of kustomizationsAbout(changed, root)) {
    if (changed.has(path) || !(await files.exists(path))) continue;
    const bytes = await files.read(path);
    yield { path, problem: undefined, read: () => bytes };
  }
}

/** These files, and a problem for each named path that is nowhere. */
async function* withMissing(
  found: Iterable<FoundFile> | AsyncIterable<FoundFile>,
  named: NamedPaths,
  { files }: CliContext,
): AsyncGenerator<FoundFile> {
  yield* found;
  for (const path of named.unmet()) {
    if (!(await files.exists(path))) yield { path, problem: noSuchFile(), read: () => files.readNow(path) };
  }
}
