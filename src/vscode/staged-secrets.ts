import { commands, type Disposable, type Uri, workspace } from 'vscode';
import type { WorkspaceScanner } from '../app/workspace-scan.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { type FileFindings, findingsOnDisk, plaintextIn } from './file-findings.ts';
import { type GitRepository, gitApi } from './git-extension.ts';
import { StagedList } from './staged-list.ts';

/** Git's own extension looks at a repository first. */
const patience = 2500;
/** One git command of the person is several changes of state. */
const settling = 400;

/** A repository that is watched. */
interface Watched {
  readonly repository: GitRepository;
  readonly list: StagedList;
  readonly changes: Disposable;
  stop: AbortController;
}

/**
 * Secrets in plaintext that the next commit would hold: the index is looked at, as the hook does, and Source Control lists
 * them. Git is asked, so this waits for the workspace to be trusted.
 */
export class StagedSecrets implements Disposable {
  readonly #own = new Disposables();
  readonly #scanner: WorkspaceScanner;
  readonly #tellFailure: (error: unknown) => void;
  readonly #watched = new Map<string, Watched>();
  readonly #starting = this.#own.add(new Debounce(patience));
  readonly #settling = this.#own.add(new Debounce(settling));

  constructor(scanner: WorkspaceScanner, tellFailure: (error: unknown) => void) {
    this.#scanner = scanner;
    this.#tellFailure = tellFailure;
    const start = () => this.#starting.schedule(() => this.#start());
    if (workspace.isTrusted) start();
    else this.#own.add(workspace.onDidGrantWorkspaceTrust(start));
  }

  dispose(): void {
    for (const watched of this.#watched.values()) forget(watched);
    this.#own.dispose();
  }

  /** The files that are listed, with the repository of each. */
  listed(): readonly { readonly uri: Uri; readonly repository: GitRepository }[] {
    return [...this.#watched.values()].flatMap(({ repository, list }) =>
      list.files.map(({ uri }) => ({ uri, repository })),
    );
  }

  async #start(): Promise<void> {
    const api = (workspace.workspaceFolders ?? []).length === 0 ? undefined : await gitApi();
    if (api === undefined) return;
    this.#own.add(api.onDidOpenRepository((repository) => this.#watch(repository)));
    this.#own.add(api.onDidCloseRepository(({ rootUri }) => this.#unwatch(rootUri)));
    for (const repository of api.repositories) this.#watch(repository);
  }

  #watch(repository: GitRepository): void {
    const id = repository.rootUri.toString();
    this.#unwatch(repository.rootUri);
    const look = () => this.#settling.schedule(() => this.#look(id), id);
    const changes = repository.state.onDidChange(look);
    const list = new StagedList(repository.rootUri);
    this.#watched.set(id, { repository, list, changes, stop: new AbortController() });
    look();
  }

  #unwatch(root: Uri): void {
    const id = root.toString();
    const watched = this.#watched.get(id);
    this.#watched.delete(id);
    this.#settling.cancel(id);
    if (watched !== undefined) forget(watched);
  }

  async #look(id: string): Promise<void> {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    const { repository, list } = watched;
    watched.stop.abort();
    watched.stop = new AbortController();
    const { signal } = watched.stop;
    const found: FileFindings[] = [];
    try {
      if (repository.state.indexChanges.length > 0)
        await this.#scanner.scan({ of: 'index', repository: repository.rootUri.fsPath }, signal, (files) =>
          found.push(...files.map(findingsOnDisk).filter((file) => plaintextIn(file) > 0)),
        );
    } catch (error) {
      return this.#tellFailure(error);
    }
    if (signal.aborted) return;
    list.show(found);
    void commands.executeCommand('setContext', 'purser.hasStagedPlaintext', this.listed().length > 0);
  }
}

function forget({ list, changes, stop }: Watched): void {
  stop.abort();
  changes.dispose();
  list.dispose();
}
