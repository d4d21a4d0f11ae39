import { commands, type Disposable, window, workspace } from 'vscode';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { isSealable } from './file-findings.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';

/** `purser.hasSecret` and `purser.hasPlaintext`: what the active editor's menus depend on. */
export class ContextKeys implements Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #updating = this.#own.add(new Debounce(100));

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
    this.#own.add(window.onDidChangeActiveTextEditor(() => this.#schedule()));
    this.#own.add(
      workspace.onDidChangeTextDocument(
        ({ document }) => document === window.activeTextEditor?.document && this.#schedule(),
      ),
    );
    this.#schedule();
  }

  dispose(): void {
    this.#own.dispose();
  }

  #schedule(): void {
    this.#updating.schedule(() => this.#update());
  }

  #update(): void {
    const document = window.activeTextEditor?.document;
    const examined =
      document !== undefined && isManifestDocument(document) ? this.#manifests.examine(document) : undefined;
    const plaintext =
      examined?.findings.some(({ rule, place }) => isSealable({ rule, entry: place.entry })) ?? false;
    void commands.executeCommand('setContext', 'purser.hasPlaintext', plaintext);
    void commands.executeCommand(
      'setContext',
      'purser.hasSecret',
      plaintext || (examined?.groups.length ?? 0) > 0,
    );
  }
}
