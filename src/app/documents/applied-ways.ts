import type { FluxFacts, PlaceChange } from '../../audit/flux-facts.ts';
import { sourcesOfThis } from '../flux-findings.ts';
import { joined } from '../flux-tree.ts';

/** What a file adds to how the repository is applied. `path` is from the repository's folder, with `/`. */
export interface AppliedFile extends Pick<FluxFacts, 'builds' | 'changes' | 'kustomizations'> {
  readonly path: string;
}

/** A change, and the file that makes it. */
export interface FiledChange extends PlaceChange {
  readonly file: string;
}

/** One way in which the repository applies a file: through which kustomizations, and the changes they make, the first first. */
export interface AppliedWay {
  /** The file of the last of them. */
  readonly end: string;
  readonly changes: readonly FiledChange[];
}

/** What builds or applies something, and what it is built or applied as. */
interface Step {
  readonly file: string;
  /** The folder it stands in; undefined for Flux, which nothing builds on. */
  readonly folder: string | undefined;
  readonly changes: readonly PlaceChange[];
}

/** No repository is built in more ways; whoever writes one that is gets no end of them. */
const mostWays = 64;
const mostSteps = 10_000;

/** How a repository is built by kustomize and applied by Flux. */
export class AppliedRepository {
  readonly #folders: ReadonlySet<string>;
  /** The folders with a kustomization. */
  readonly #kustomizations = new Map<string, AppliedFile>();
  /** By what it names: a file, or a folder. */
  readonly #builtBy = new Map<string, Step[]>();
  /** By the folder that Flux is told to apply. */
  readonly #appliedBy = new Map<string, Step[]>();

  /** @param paths of every manifest in it, from its folder, with `/` */
  constructor(files: readonly AppliedFile[], paths: Iterable<string>) {
    this.#folders = foldersOf(paths);
    for (const file of files) if (file.builds !== undefined) this.#addKustomization(file, file.builds);
    const flux = files.flatMap((file) => file.kustomizations.map((one) => ({ ...one, file: file.path })));
    const own = sourcesOfThis(this.#folders, flux);
    for (const { path, source, changes, file } of flux) {
      const folder = joined('', path);
      if (folder === undefined || source === undefined || !own.has(source)) continue;
      push(this.#appliedBy, folder, { file, folder: undefined, changes });
    }
  }

  /** Every way in which a file is applied; none where neither kustomize nor Flux gets to it. */
  waysTo(path: string): readonly AppliedWay[] {
    const ways: AppliedWay[] = [];
    const todo: { readonly steps: readonly Step[]; readonly next: readonly Step[] }[] = [
      { steps: [], next: this.#after(path, parentOf(path)) },
    ];
    for (let taken = 0; taken < mostSteps && ways.length < mostWays; taken++) {
      const at = todo.pop();
      if (at === undefined) break;
      const last = at.steps.at(-1);
      if (last !== undefined && at.next.length === 0) ways.push(wayThrough(at.steps, last));
      for (const step of at.next) {
        if (at.steps.includes(step)) continue;
        todo.push({ steps: [...at.steps, step], next: this.#next(step) });
      }
    }
    return ways;
  }

  #addKustomization(file: AppliedFile, builds: readonly string[]): void {
    const folder = parentOf(file.path);
    this.#kustomizations.set(folder, file);
    const step = { file: file.path, folder, changes: file.changes };
    for (const path of new Set(builds.map((part) => joined(folder, part)))) {
      if (path !== undefined && path !== folder) push(this.#builtBy, path, step);
    }
  }

  #next({ folder }: Step): readonly Step[] {
    if (folder === undefined) return [];
    const direct = this.#appliedBy.get(folder) ?? [];
    return [...direct, ...(folder === '' ? [] : this.#after(folder, parentOf(folder)))];
  }

  /** What builds a file or folder, and what Flux sweeps up with its folder where no kustomization says what belongs to it. */
  #after(path: string, folder: string): readonly Step[] {
    return [...(this.#builtBy.get(path) ?? []), ...this.#sweeping(folder)];
  }

  #sweeping(folder: string): readonly Step[] {
    const found: Step[] = [];
    for (let at = folder; !this.#kustomizations.has(at); at = parentOf(at)) {
      found.push(...(this.#appliedBy.get(at) ?? []));
      if (at === '') break;
    }
    return found;
  }
}

function wayThrough(steps: readonly Step[], last: Step): AppliedWay {
  const changes = steps.flatMap((step) => step.changes.map((change) => ({ ...change, file: step.file })));
  return { end: last.file, changes };
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = parentOf(path); !folders.has(at); at = parentOf(at)) folders.add(at);
  }
  return folders;
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
