import { type Disposable, type Uri, workspace } from 'vscode';
import { isLookedAt } from '../audit/looked-at.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';

/** A checkout changes thousands of files one after the other. */
const delay = 300;

interface Listener {
  /** Files to look into again, and folders that came or went. */
  changed(paths: readonly string[]): void;
  /** Whether there is anything to say of a file, whatever its name. */
  isKnown(uri: Uri): boolean;
  /** What is to be looked into may be something else now. */
  allChanged(): void;
}

/** What happens to files on disk, told in batches. */
export class ChangedFiles implements Disposable {
  readonly #own = new Disposables();
  readonly #listener: Listener;
  readonly #telling = this.#own.add(new Debounce(delay));
  readonly #paths = new Set<string>();

  constructor(listener: Listener) {
    this.#listener = listener;
    const watcher = this.#own.add(workspace.createFileSystemWatcher('**/*'));
    // What comes or goes may be a folder, whose files are not told one by one.
    this.#own.add(watcher.onDidCreate((uri) => this.#note(uri, true)));
    this.#own.add(watcher.onDidDelete((uri) => this.#note(uri, true)));
    this.#own.add(watcher.onDidChange((uri) => this.#note(uri, false)));
  }

  dispose(): void {
    this.#own.dispose();
  }

  #note(uri: Uri, cameOrWent: boolean): void {
    const { scheme, path, fsPath } = uri;
    if (scheme !== 'file' || /\/(?:\.git|node_modules)(?:\/|$)/.test(path)) return;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name === '.gitignore') return this.#listener.allChanged();
    if (!cameOrWent && !isLookedAt(name) && !this.#listener.isKnown(uri)) return;
    this.#paths.add(fsPath);
    this.#telling.schedule(() => {
      const paths = [...this.#paths];
      this.#paths.clear();
      this.#listener.changed(paths);
    });
  }
}
