import { type Disposable, type TextDocument, window, workspace } from 'vscode';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { findingsOfDocument } from './document-findings.ts';
import { nothingFound } from './file-findings.ts';
import type { Findings } from './findings.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';

/** Long enough to take a burst of keys as one change, too short to be seen. */
const delay = 20;

/** Looks into every open manifest, as the person types. */
export class OpenDocuments implements Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #findings: Findings;
  readonly #examining = this.#own.add(new Debounce(delay));

  constructor(manifests: Manifests, policies: Pick<Policies, 'onDidChange'>, findings: Findings) {
    this.#manifests = manifests;
    this.#findings = findings;
    this.#own.add(workspace.onDidOpenTextDocument((document) => this.#schedule(document)));
    this.#own.add(workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)));
    this.#own.add(workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#own.add(policies.onDidChange(() => this.#all()));
    this.#own.add(window.onDidChangeActiveTextEditor((editor) => editor && this.#schedule(editor.document)));
    this.#all();
  }

  dispose(): void {
    this.#own.dispose();
  }

  #all(): void {
    for (const document of workspace.textDocuments) this.#schedule(document);
  }

  #forget({ uri }: TextDocument): void {
    this.#examining.cancel(uri.toString());
    this.#findings.setInEditor(uri, undefined);
  }

  #schedule(document: TextDocument): void {
    if (!isManifestDocument(document)) return this.#forget(document);
    this.#examining.schedule(() => this.#examine(document), document.uri.toString());
  }

  async #examine(document: TextDocument): Promise<void> {
    const answer = await this.#manifests.policyOf(document);
    if (document.isClosed) return;
    const examined = this.#manifests.examine(document);
    const found =
      answer?.ignored === true
        ? nothingFound(document.uri)
        : findingsOfDocument(document, examined, answer?.policy?.severity ?? new Map());
    this.#findings.setInEditor(document.uri, found);
  }
}
