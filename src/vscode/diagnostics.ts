import {
  Diagnostic,
  type DiagnosticCollection,
  DiagnosticSeverity,
  type Disposable,
  l10n,
  languages,
  Uri,
} from 'vscode';
import type { Level } from '../audit/finding.ts';
import { Disposables } from './disposables.ts';
import type { FileFindings, ShownFinding } from './file-findings.ts';
import type { Findings } from './findings.ts';
import { Switch } from './settings.ts';

export const diagnosticSource = 'purser';

export const severities: { readonly [L in Level]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** The findings of every file, open or not, as squiggles and in the Problems panel. */
export class Diagnostics implements Disposable {
  readonly #own = new Disposables();
  readonly #collection: DiagnosticCollection;
  readonly #findings: Findings;
  readonly #rules: Uri;
  readonly #enabled: Switch;

  /** @param extensionUri where the rules' pages are */
  constructor(findings: Findings, extensionUri: Uri) {
    this.#findings = findings;
    this.#rules = Uri.joinPath(extensionUri, 'docs', 'rules');
    this.#collection = this.#own.add(languages.createDiagnosticCollection(diagnosticSource));
    this.#own.add(findings.onDidChange((uris) => this.#publish(uris)));
    const all = () => this.#publish(findings.files().map(({ uri }) => uri));
    this.#enabled = this.#own.add(new Switch('diagnostics.enabled', all));
  }

  dispose(): void {
    this.#own.dispose();
  }

  #publish(uris: readonly Uri[]): void {
    // All at once: each call is a message to the window.
    this.#collection.set(uris.map((uri) => [uri, this.#diagnosticsOf(this.#findings.get(uri))]));
  }

  #diagnosticsOf({ uri, shown, total }: FileFindings): Diagnostic[] | undefined {
    const last = shown.at(-1);
    if (last === undefined || !this.#enabled.isOn(uri)) return undefined;
    const diagnostics = shown.map((finding) => this.#diagnostic(finding));
    if (total > shown.length) {
      const more = moreFindings(total - shown.length);
      const rest = new Diagnostic(last.range, more, DiagnosticSeverity.Information);
      rest.source = diagnosticSource;
      diagnostics.push(rest);
    }
    return diagnostics;
  }

  #diagnostic({ range, message, level, rule }: ShownFinding): Diagnostic {
    const diagnostic = new Diagnostic(range, message, severities[level]);
    diagnostic.source = diagnosticSource;
    diagnostic.code = { value: rule, target: Uri.joinPath(this.#rules, `${rule}.md`) };
    return diagnostic;
  }
}

function moreFindings(more: number): string {
  return more === 1
    ? l10n.t('and 1 more finding in this file')
    : l10n.t('and {0} more findings in this file', more);
}
