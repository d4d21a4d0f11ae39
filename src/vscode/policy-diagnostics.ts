import { Diagnostic, type Disposable, l10n, languages, type TextDocument, workspace } from 'vscode';
import type { ConfigNotice } from '../app/config-notice.ts';
import { policySizeLimit } from '../app/policy-text.ts';
import { shownAtMost } from '../app/workspace-scan.ts';
import type { SopsRules } from '../policy/sops-rules.ts';
import { Debounce } from './debounce.ts';
import { diagnosticSource, severities } from './diagnostics.ts';
import { Disposables } from './disposables.ts';
import { rangeOf } from './positions.ts';
import { filesOfConfig } from './sops-config-files.ts';

/** What is wrong with an open `.purser.yaml` or `.sops.yaml`: sealing refuses to follow it until its errors are mended. */
export class PolicyDiagnostics implements Disposable {
  readonly #own = new Disposables();
  readonly #collection = this.#own.add(languages.createDiagnosticCollection(`${diagnosticSource} policy`));
  readonly #examining = this.#own.add(new Debounce(200));
  /** Listing the files of a workspace waits until nobody types. */
  readonly #listing = this.#own.add(new Debounce(2000));
  readonly #stops = new Map<string, AbortController>();

  constructor() {
    this.#own.add(workspace.onDidOpenTextDocument((document) => this.#schedule(document)));
    this.#own.add(workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)));
    this.#own.add(workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    for (const document of workspace.textDocuments) this.#schedule(document);
  }

  dispose(): void {
    for (const stop of this.#stops.values()) stop.abort();
    this.#own.dispose();
  }

  #schedule(document: TextDocument): void {
    const examine = examinerOf(document);
    if (examine === undefined) return;
    const id = document.uri.toString();
    this.#stops.get(id)?.abort();
    const stop = new AbortController();
    this.#stops.set(id, stop);
    this.#listing.cancel(id);
    this.#examining.schedule(() => this.#publish(document, examine, stop.signal), id);
  }

  #forget({ uri }: TextDocument): void {
    const id = uri.toString();
    this.#stops.get(id)?.abort();
    this.#stops.delete(id);
    this.#examining.cancel(id);
    this.#listing.cancel(id);
    this.#collection.delete(uri);
  }

  async #publish(document: TextDocument, examine: Examine, signal: AbortSignal): Promise<void> {
    const { notices, rules } = await examine(document.getText());
    if (signal.aborted) return;
    this.#set(document, notices);
    if (rules !== undefined)
      this.#listing.schedule(
        () => this.#publishFiles(document, { notices, rules }, signal),
        document.uri.toString(),
      );
  }

  /** Adds what the files of the workspace say of the rules. */
  async #publishFiles(
    document: TextDocument,
    { notices, rules }: { readonly notices: readonly ConfigNotice[]; readonly rules: SopsRules },
    signal: AbortSignal,
  ): Promise<void> {
    const files = await filesOfConfig(document, rules, () => false, signal);
    if (signal.aborted || files?.complete !== true) return;
    const { fileNotices } = await import('../app/sops-config-notices.ts');
    if (signal.aborted) return;
    this.#set(document, [...notices, ...fileNotices(files.byRule, document.getText())]);
  }

  #set(document: TextDocument, notices: readonly ConfigNotice[]): void {
    this.#collection.set(
      document.uri,
      notices.slice(0, shownAtMost).map((notice) => diagnosticOf(notice, document)),
    );
  }
}

interface Examined {
  readonly notices: readonly ConfigNotice[];
  /** The creation rules of SOPS. */
  readonly rules?: SopsRules | undefined;
}
type Examine = (text: string) => Promise<Examined>;

function examinerOf({ fileName }: TextDocument): Examine | undefined {
  const [, whose] = /(?:^|[/\\])\.(purser|sops)\.yaml$/.exec(fileName) ?? [];
  if (whose === undefined) return undefined;
  const examine = whose === 'sops' ? examineSops : examinePurser;
  return async (text) => (text.length > policySizeLimit ? tooLarge() : examine(text));
}

function tooLarge(): Examined {
  return { notices: [{ level: 'error', line: 1, message: l10n.t('this file is far too large') }] };
}

async function examinePurser(text: string): Promise<Examined> {
  const { readPolicy } = await import('../policy/read-policy.ts');
  return { notices: readPolicy(text).problems.map((problem) => ({ ...problem, level: 'error' })) };
}

async function examineSops(text: string): Promise<Examined> {
  const { examineSopsConfig } = await import('../app/sops-config-notices.ts');
  return examineSopsConfig(text);
}

function diagnosticOf({ line, span, message, level }: ConfigNotice, document: TextDocument): Diagnostic {
  const range =
    span === undefined
      ? document.lineAt(Math.min(line, document.lineCount) - 1).range
      : rangeOf(document, span);
  const diagnostic = new Diagnostic(range, message, severities[level]);
  diagnostic.source = diagnosticSource;
  return diagnostic;
}
