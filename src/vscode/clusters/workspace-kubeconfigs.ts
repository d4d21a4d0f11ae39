import { type Disposable, type Event, EventEmitter, type Memento, Uri, workspace } from 'vscode';
import type { SealedKubeconfig } from '../../app/clusters/kubeconfig-source.ts';
import { isValueScheme } from '../../schemes/registry.ts';
import { Disposables } from '../disposables.ts';
import type { Findings } from '../findings.ts';

const memory = 'purser.kubeconfigs';

/**
 * The kubeconfigs that stand encrypted in the workspace: what the scan finds by name, and what a person added that has
 * another name. Places are remembered, never content.
 */
export class WorkspaceKubeconfigs implements Disposable {
  readonly #own = new Disposables();
  readonly #findings: Findings;
  readonly #state: Memento;
  readonly #found = new Map<string, readonly SealedKubeconfig[]>();
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(findings: Findings, state: Memento) {
    this.#findings = findings;
    this.#state = state;
    for (const { uri } of findings.files()) this.#update(uri);
    this.#own.add(
      findings.onDidChange((uris) => {
        const changed = uris.filter((uri) => this.#update(uri));
        if (changed.length > 0) this.#changed.fire();
      }),
    );
  }

  /** In order of path, and within a file as they stand there. */
  list(): readonly SealedKubeconfig[] {
    const all = new Map([...this.#found.values()].flat().map((sealed) => [placeOf(sealed), sealed]));
    for (const sealed of this.#remembered()) if (!all.has(placeOf(sealed))) all.set(placeOf(sealed), sealed);
    return [...all.values()].toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  /** Lists one that the scan did not find. */
  async remember(sealed: SealedKubeconfig): Promise<void> {
    if (this.list().some((other) => placeOf(other) === placeOf(sealed))) return;
    await this.#state.update(memory, [...this.#remembered(), sealed]);
    this.#changed.fire();
  }

  /** Whether it is listed only because a person wants it to be. */
  isAdded(sealed: SealedKubeconfig): boolean {
    return ![...this.#found.values()].flat().some((found) => placeOf(found) === placeOf(sealed));
  }

  /** Takes back `remember`; what the scan finds is listed nevertheless. */
  async forget(sealed: SealedKubeconfig): Promise<void> {
    const left = this.#remembered().filter((other) => placeOf(other) !== placeOf(sealed));
    await this.#state.update(memory, left);
    this.#changed.fire();
  }

  dispose(): void {
    this.#own.dispose();
  }

  /** Whether a file's kubeconfigs are others than before. */
  #update(uri: Uri): boolean {
    const id = uri.toString();
    const before = this.#found.get(id) ?? [];
    const now = this.#findings.kubeconfigsIn(uri);
    if (now.length > 0) this.#found.set(id, now);
    else this.#found.delete(id);
    return (before.length > 0 || now.length > 0) && JSON.stringify(before) !== JSON.stringify(now);
  }

  /** What stands outside of the open folders is not this workspace's. */
  #remembered(): readonly SealedKubeconfig[] {
    const kept = this.#state.get<unknown>(memory);
    return (Array.isArray(kept) ? kept : [])
      .filter(isSealedKubeconfig)
      .filter(({ path }) => workspace.getWorkspaceFolder(Uri.file(path)) !== undefined);
  }
}

function placeOf({ path, object, entry }: SealedKubeconfig): string {
  return JSON.stringify([path, object, entry]);
}

/** What is kept may be of another version. */
function isSealedKubeconfig(kept: unknown): kept is SealedKubeconfig {
  if (typeof kept !== 'object' || kept === null || !('path' in kept) || !('scheme' in kept)) return false;
  const { path, scheme } = kept;
  return typeof path === 'string' && typeof scheme === 'string' && isValueScheme(scheme);
}
