import type { FluxReport } from './flux-report.ts';

/** What a file adds to what is built. */
export type TreeFile = Pick<FluxReport, 'path' | 'builds' | 'sealed'>;

/** A folder of a repository, as far as something in it matters to Flux. */
interface Folder<F> {
  /** Files with Secrets that SOPS encrypted. */
  readonly sealed: F[];
  readonly folders: Set<string>;
  /** What its kustomization builds, where it has one. */
  builds: readonly string[] | undefined;
}

/**
 * What Flux builds from the folders of one repository (fluxcd/pkg, kustomize): what a folder's kustomization names, else every
 * manifest at and below it. Each folder is looked into once.
 */
export class FluxTree<F extends TreeFile> {
  readonly #folders = new Map<string, Folder<F>>();
  readonly #sealed = new Map<string, F>();
  /** The first such file that a folder builds; undefined for none, and while it is looked for. */
  readonly #first = new Map<string, F | undefined>();

  /** @param files all of them of one repository */
  constructor(files: Iterable<F>) {
    for (const file of files) {
      const folder = this.#folder(parentOf(file.path));
      if (file.builds !== undefined) folder.builds = file.builds;
      if (!file.sealed) continue;
      // Of JSON, Flux builds what is named.
      if (!file.path.endsWith('.json')) folder.sealed.push(file);
      this.#sealed.set(file.path, file);
    }
  }

  /** Whether anything that matters to Flux stands at or below a folder. */
  has(folder: string): boolean {
    return this.#folders.has(folder);
  }

  /** A file with a Secret that SOPS encrypted, among what a folder builds. `folder` is from the root, with `/`; the root is empty. */
  firstSealed(folder: string): F | undefined {
    if (this.#first.has(folder)) return this.#first.get(folder);
    this.#first.set(folder, undefined);
    const found = this.#lookFor(folder);
    this.#first.set(folder, found);
    return found;
  }

  /** Every such file that a folder builds, each once. */
  sealedIn(folder: string): readonly F[] {
    const found = new Set<F>();
    const seen = new Set<string>();
    const todo = [folder];
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      const file = this.#sealed.get(path);
      if (file !== undefined) found.add(file);
      const known = this.#folders.get(path);
      if (known === undefined || seen.has(path)) continue;
      seen.add(path);
      if (known.builds === undefined) for (const each of known.sealed) found.add(each);
      const own = path;
      todo.push(...(known.builds?.flatMap((part) => joined(own, part) ?? []) ?? known.folders));
    }
    return [...found];
  }

  #lookFor(folder: string): F | undefined {
    const known = this.#folders.get(folder);
    if (known === undefined) return undefined;
    if (known.builds === undefined && known.sealed[0] !== undefined) return known.sealed[0];
    const parts = known.builds?.map((part) => joined(folder, part)) ?? known.folders;
    for (const part of parts) {
      const found = part === undefined ? undefined : (this.#sealed.get(part) ?? this.firstSealed(part));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #folder(path: string): Folder<F> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const folder: Folder<F> = { sealed: [], folders: new Set(), builds: undefined };
    this.#folders.set(path, folder);
    if (path !== '') this.#folder(parentOf(path)).folders.add(path);
    return folder;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path from the root; undefined for one that leads out of the repository. */
export function joined(folder: string, path: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
