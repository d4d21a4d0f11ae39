import { commands, type Disposable, type TextDocument, window, workspace } from 'vscode';
import { isSopsFile } from '../audit/flux-file-size.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { applyAction } from './apply-action.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { isSealable } from './file-findings.ts';
import { type Examined, isManifestDocument, type Manifests } from './manifests.ts';
import { spanOfToken } from './whole-file/span-of-token.ts';

/** `purser.isSealedFile`, `purser.hasSecret`, `purser.hasPlaintext`, `purser.hasSealedDocument`, `purser.isSopsFile`, `purser.isSealedSecret` and `purser.isOpenedByPipeline`: what the active editor's menus depend on. */
export class ContextKeys implements Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #registry: SchemeRegistry;
  readonly #updating = this.#own.add(new Debounce(100));

  constructor(manifests: Manifests, registry: SchemeRegistry) {
    this.#manifests = manifests;
    this.#registry = registry;
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
    const isSops = examined !== undefined && isSopsFile(examined.text);
    void commands.executeCommand('setContext', 'purser.isSopsFile', isSops);
    const documents = (examined?.sealed.documents.length ?? 0) > 0;
    void commands.executeCommand('setContext', 'purser.hasSealedDocument', documents);
    const isSealedSecret =
      examined?.sealed.documents.some(({ scheme }) => scheme === 'sealed-secrets') ?? false;
    void commands.executeCommand('setContext', 'purser.isSealedSecret', isSealedSecret);
    const sealed = documents || (examined?.groups.length ?? 0) > 0;
    void commands.executeCommand('setContext', 'purser.hasSecret', plaintext || sealed);
    void commands.executeCommand('setContext', 'purser.isSealedFile', this.#isSealedFile(document));
    void this.#updateApply(document, examined);
  }

  #isSealedFile(document: TextDocument | undefined): boolean {
    if (document === undefined || document.uri.scheme === 'output') return false;
    return spanOfToken(document.getText(), this.#registry) !== undefined;
  }

  async #updateApply(document: TextDocument | undefined, examined: Examined | undefined): Promise<void> {
    const answer = document && (await this.#manifests.policyOf(document));
    const isPipeline = examined !== undefined && applyAction(examined, answer) !== undefined;
    if (document === window.activeTextEditor?.document)
      void commands.executeCommand('setContext', 'purser.isOpenedByPipeline', isPipeline);
  }
}
