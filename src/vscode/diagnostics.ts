import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  languages,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import type { Finding } from '../audit/finding.ts';
import type { Severity } from '../policy/policy.ts';
import { Disposables } from './disposables.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import { rangeOf } from './positions.ts';
import { readSetting } from './settings.ts';

export const diagnosticSource = 'purser';

/** VS Code shows at most 1,000 a file. */
const shownAtMost = 999;
/** Long enough to take a burst of keys as one change, too short to be seen. */
const delay = 40;

const severities: { readonly [S in Exclude<Severity, 'off'>]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** Squiggles: the findings of every open manifest, as the person types. */
export class Diagnostics implements Disposable {
  readonly #own = new Disposables();
  readonly #collection: DiagnosticCollection;
  readonly #manifests: Manifests;
  readonly #policies: Policies;
  readonly #rules: Uri;
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  /** @param extensionUri where the rules' pages are */
  constructor(manifests: Manifests, policies: Policies, extensionUri: Uri) {
    this.#manifests = manifests;
    this.#policies = policies;
    this.#rules = Uri.joinPath(extensionUri, 'docs', 'rules');
    this.#collection = this.#own.add(languages.createDiagnosticCollection(diagnosticSource));
    this.#own.add(workspace.onDidOpenTextDocument((document) => this.#schedule(document)));
    this.#own.add(workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)));
    this.#own.add(workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    this.#own.add(
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('purser') && this.#all()),
    );
    this.#own.add(policies.onDidChange(() => this.#all()));
    this.#own.add(window.onDidChangeActiveTextEditor((editor) => editor && this.#schedule(editor.document)));
    this.#all();
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#own.dispose();
  }

  #all(): void {
    for (const document of workspace.textDocuments) this.#schedule(document);
  }

  #forget(document: TextDocument): void {
    clearTimeout(this.#waiting.get(document.uri.toString()));
    this.#collection.delete(document.uri);
  }

  #schedule(document: TextDocument): void {
    if (!isManifestDocument(document)) return this.#forget(document);
    const id = document.uri.toString();
    clearTimeout(this.#waiting.get(id));
    this.#waiting.set(
      id,
      setTimeout(() => void this.#publish(document), delay),
    );
  }

  async #publish(document: TextDocument): Promise<void> {
    this.#waiting.delete(document.uri.toString());
    const { findings, version } = this.#manifests.examine(document);
    const answer = findings.length === 0 ? undefined : await this.#policies.find(document.uri);
    if (document.isClosed || document.version !== version) return;
    const enabled = readSetting('diagnostics.enabled', document.uri) && answer?.ignored !== true;
    this.#collection.set(document.uri, enabled ? this.#diagnosticsOf(document, findings, answer) : []);
  }

  #diagnosticsOf(
    document: TextDocument,
    findings: readonly Finding[],
    answer: PolicyAnswer | undefined,
  ): Diagnostic[] {
    const all = findings.flatMap((finding) => {
      const level = answer?.policy?.severity.get(finding.rule) ?? finding.level;
      return level === 'off' ? [] : [{ finding, level }];
    });
    const shown = all
      .slice(0, shownAtMost)
      .map(({ finding, level }) => this.#diagnostic(document, finding, level));
    const last = all[shownAtMost];
    if (last !== undefined) {
      const more = `and ${all.length - shownAtMost} more findings in this file`;
      const rest = new Diagnostic(rangeOf(document, last.finding.span), more, DiagnosticSeverity.Information);
      rest.source = diagnosticSource;
      shown.push(rest);
    }
    return shown;
  }

  #diagnostic(document: TextDocument, finding: Finding, level: Exclude<Severity, 'off'>): Diagnostic {
    const diagnostic = new Diagnostic(rangeOf(document, finding.span), finding.message, severities[level]);
    diagnostic.source = diagnosticSource;
    diagnostic.code = { value: finding.rule, target: Uri.joinPath(this.#rules, `${finding.rule}.md`) };
    return diagnostic;
  }
}
