import { type Event, Uri, workspace } from 'vscode';
import type { OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import type { SealedKubeconfig } from '../../app/clusters/kubeconfig-source.ts';
import type { OwnKubeconfig } from '../../app/clusters/own-kubeconfig.ts';
import { shown } from '../../app/messages.ts';
import { confirmMovedFrom, keysFor, requireTrust } from '../opening.ts';
import type { Services } from '../services.ts';
import type { KubeconfigSources, RootSource } from './cluster.ts';
import type { WorkspaceKubeconfigs } from './workspace-kubeconfigs.ts';

type Opening = Pick<Services, 'files' | 'policies' | 'keys' | 'registry'>;

/** The kubeconfigs that stand encrypted in the workspace, and the person's own. In Restricted Mode there are none. */
export class FoundKubeconfigs implements KubeconfigSources {
  readonly #sealed: WorkspaceKubeconfigs;
  readonly #ownKubeconfig: OwnKubeconfig;
  readonly #services: Opening;
  readonly onDidChange: Event<void>;

  constructor(sealed: WorkspaceKubeconfigs, ownKubeconfig: OwnKubeconfig, services: Opening) {
    this.#sealed = sealed;
    this.#ownKubeconfig = ownKubeconfig;
    this.#services = services;
    this.onDidChange = sealed.onDidChange;
  }

  async list(): Promise<readonly RootSource[]> {
    if (!workspace.isTrusted) return [];
    const sealed = this.#sealed.list();
    const there = await Promise.all(sealed.map(({ path }) => this.#services.files.exists(path)));
    const inWorkspace = sealed
      .filter((_, index) => there[index])
      .map((one): RootSource => {
        const source = { from: 'workspace', sealed: one } as const;
        return this.#sealed.isAdded(one) ? { ...source, added: true } : source;
      });
    return (await this.#ownKubeconfig.exists()) ? [...inWorkspace, { from: 'own' }] : inWorkspace;
  }

  async open(source: RootSource, signal: AbortSignal): Promise<readonly OpenedKubeconfig[]> {
    requireTrust();
    signal.throwIfAborted();
    const opened =
      source.from === 'own' ? await this.#ownKubeconfig.read() : await this.#openSealed(source.sealed);
    signal.throwIfAborted();
    return opened === undefined ? [] : [opened];
  }

  async #openSealed(sealed: SealedKubeconfig): Promise<OpenedKubeconfig> {
    const { files, policies, registry } = this.#services;
    const uri = Uri.file(sealed.path);
    // It reads YAML with a parser that is not loaded until then.
    const { openKubeconfig } = await import('../../app/clusters/open-kubeconfig.ts');
    const text = await openKubeconfig(sealed, await files.read(sealed.path), {
      registry,
      keysFor: keysFor({ uri }, this.#services),
      mayOpenMoved: confirmMovedFrom,
    });
    if (text === undefined) throw new DOMException('declined', 'AbortError');
    const { root } = await policies.require(uri);
    return {
      title: titleOf(sealed),
      text,
      files: { folder: root, anywhere: false, base: files.parent(sealed.path) },
    };
  }
}

/** `access/ci.kubeconfig.enc`, `apps/remote.yaml stringData.kubeconfig`. */
export function titleOf({ path, entry }: SealedKubeconfig): string {
  const file = workspace.asRelativePath(Uri.file(path));
  return shown(entry === undefined ? file : `${file} ${entry}`);
}
