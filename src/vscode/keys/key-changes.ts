import {
  type Disposable,
  type Event,
  EventEmitter,
  RelativePattern,
  type SecretStorage,
  Uri,
  workspace,
} from 'vscode';
import { Disposables } from '../disposables.ts';

/** Tells when the person's own keys may have changed: here, in another window, or at the command line. */
export class KeyChanges implements Disposable {
  readonly #own = new Disposables();
  readonly #folder: () => string;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChange: Event<void> = this.#changed.event;
  #watcher: Disposable;

  /** @param folder the key folder; asked again where the setting is changed */
  constructor(secrets: Pick<SecretStorage, 'onDidChange'>, folder: () => string) {
    this.#folder = folder;
    this.#watcher = this.#watch();
    this.#own.add(secrets.onDidChange(() => this.#changed.fire()));
    this.#own.add(workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()));
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('purser.keys.folder') && this.#move(),
      ),
    );
  }

  dispose(): void {
    this.#watcher.dispose();
    this.#own.dispose();
  }

  #move(): void {
    this.#watcher.dispose();
    this.#watcher = this.#watch();
    this.#changed.fire();
  }

  #watch(): Disposable {
    const own = new Disposables();
    const files = new RelativePattern(Uri.file(this.#folder()), '*');
    const watcher = own.add(workspace.createFileSystemWatcher(files));
    own.add(watcher.onDidCreate(() => this.#changed.fire()));
    own.add(watcher.onDidChange(() => this.#changed.fire()));
    own.add(watcher.onDidDelete(() => this.#changed.fire()));
    return own;
  }
}
