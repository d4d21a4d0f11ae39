import { type Disposable, type Event, EventEmitter, type Uri, workspace } from 'vscode';
import type { PolicyAnswer, PolicyFinder } from '../app/policy-finder.ts';
import { Failure } from '../core/errors.ts';
import { Disposables } from './disposables.ts';

/** Policy answers by file, kept until a policy file changes, or a key or certificate that is kept beside it. */
export class Policies implements Disposable {
  readonly #own = new Disposables();
  readonly #finder: PolicyFinder;
  readonly #answers = new Map<string, Promise<PolicyAnswer>>();
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(finder: PolicyFinder) {
    this.#finder = finder;
    const watcher = this.#own.add(
      workspace.createFileSystemWatcher('**/{.purser.yaml,.sops.yaml,.purser/**}'),
    );
    this.#own.add(watcher.onDidCreate(() => this.refresh()));
    this.#own.add(watcher.onDidChange(() => this.refresh()));
    this.#own.add(watcher.onDidDelete(() => this.refresh()));
    this.#own.add(
      workspace.onDidSaveTextDocument(
        ({ fileName }) => /\.(?:purser|sops)\.yaml$/.test(fileName) && this.refresh(),
      ),
    );
  }

  /** What policy says of a document; undefined for one that is no file, or whose policy cannot be read. */
  async find(uri: Uri): Promise<PolicyAnswer | undefined> {
    try {
      return uri.scheme === 'file' ? await this.require(uri) : undefined;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** As `find`, but tells what is wrong. */
  require(uri: Uri): Promise<PolicyAnswer> {
    const known = this.#answers.get(uri.fsPath);
    if (known !== undefined) return known;
    const answer = this.#finder.find(uri.fsPath);
    this.#answers.set(uri.fsPath, answer);
    return answer;
  }

  /** Reads every policy anew when it is next asked for, and says so. */
  refresh(): void {
    this.#answers.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#own.dispose();
  }
}
