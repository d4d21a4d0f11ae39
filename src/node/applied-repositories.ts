import { basename } from 'node:path';
import { type AppliedFile, AppliedRepository, type AppliedWay } from '../app/documents/applied-ways.ts';
import { fluxFacts, mayApply } from '../audit/flux-facts.ts';
import { isManifestName } from '../audit/looked-at.ts';
import { Failure } from '../core/errors.ts';
import { inTurns } from '../core/in-turns.ts';
import { textOf } from '../manifest/file-text.ts';
import { scan } from '../manifest/scan.ts';
import type { NodeFiles } from './node-files.ts';
import { walk } from './walk.ts';

/** Milliseconds for which what was found holds: sealing the Secrets of a hundred files looks through a repository once. */
const holdsFor = 1_000;

/** How repositories on this machine are built and applied, read from their kustomizations when asked. */
export class AppliedRepositories {
  readonly #files: NodeFiles;
  #known: { readonly root: string; readonly read: Promise<AppliedRepository>; until: number } | undefined;

  constructor(files: NodeFiles) {
    this.#files = files;
  }

  /** As `SealingPlaces.waysTo`. What cannot be read says nothing. */
  async waysTo(path: string, root: string): Promise<readonly AppliedWay[]> {
    const known = this.#known;
    if (known?.root === root && performance.now() < known.until)
      return (await known.read).waysTo(this.#files.relative(root, path));
    const now = { root, read: this.#read(root), until: Number.POSITIVE_INFINITY };
    this.#known = now;
    try {
      return (await now.read).waysTo(this.#files.relative(root, path));
    } finally {
      now.until = performance.now() + holdsFor;
    }
  }

  async #read(root: string): Promise<AppliedRepository> {
    const paths: string[] = [];
    const found = await inTurns(walk(root), new AbortController().signal, ({ path, problem }) => {
      if (problem !== undefined || !isManifestName(basename(path))) return undefined;
      const shown = this.#files.relative(root, path);
      paths.push(shown);
      return this.#appliedFile(path, shown);
    });
    return new AppliedRepository(
      found.filter((file) => file !== undefined),
      paths,
    );
  }

  #appliedFile(path: string, shown: string): AppliedFile | undefined {
    const name = basename(path);
    const bytes = this.#readNow(path);
    if (bytes === undefined || !mayApply(name, bytes)) return undefined;
    const text = textOf(bytes);
    const facts = text === undefined ? undefined : fluxFacts(scan(text), name);
    if (facts === undefined) return undefined;
    const { builds, changes, kustomizations } = facts;
    return { path: shown, builds, changes, kustomizations };
  }

  #readNow(path: string): Uint8Array | undefined {
    try {
      return this.#files.readNow(path);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }
}
