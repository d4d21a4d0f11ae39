import {
  Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  languages,
  type TextDocument,
  workspace,
} from 'vscode';
import { Debounce } from './debounce.ts';
import { diagnosticSource } from './diagnostics.ts';
import { Disposables } from './disposables.ts';

/** What is wrong with an open `.purser.yaml`: sealing refuses to follow it until it is mended. */
export class PolicyDiagnostics implements Disposable {
  readonly #own = new Disposables();
  readonly #collection = this.#own.add(languages.createDiagnosticCollection(`${diagnosticSource} policy`));
  readonly #examining = this.#own.add(new Debounce(200));

  constructor() {
    this.#own.add(workspace.onDidOpenTextDocument((document) => this.#schedule(document)));
    this.#own.add(workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)));
    this.#own.add(workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)));
    for (const document of workspace.textDocuments) this.#schedule(document);
  }

  dispose(): void {
    this.#own.dispose();
  }

  #schedule(document: TextDocument): void {
    if (!/(?:^|[/\\])\.purser\.yaml$/.test(document.fileName)) return;
    this.#examining.schedule(() => this.#publish(document), document.uri.toString());
  }

  async #publish(document: TextDocument): Promise<void> {
    const { readPolicy } = await import('../policy/read-policy.ts');
    if (document.isClosed) return;
    const diagnostics = readPolicy(document.getText()).problems.map(({ line, message }) => {
      const range = document.lineAt(Math.min(line, document.lineCount) - 1).range;
      const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Error);
      diagnostic.source = diagnosticSource;
      return diagnostic;
    });
    this.#collection.set(document.uri, diagnostics);
  }
}
