import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  type Diagnostic,
  type Range,
  type TextDocument,
} from 'vscode';
import { diagnosticSource } from './diagnostics.ts';
import type { Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import type { Location } from './targets.ts';

/** Fixes for findings: encrypt by policy first, then the rest of the Secret, then to say why it may stay. */
export class QuickFixes implements CodeActionProvider {
  readonly #manifests: Manifests;
  readonly #policies: Policies;

  constructor(manifests: Manifests, policies: Policies) {
    this.#manifests = manifests;
    this.#policies = policies;
  }

  async provideCodeActions(
    document: TextDocument,
    _range: Range,
    context: CodeActionContext,
  ): Promise<CodeAction[]> {
    const own = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    if (own.length === 0) return [];
    const answer = await this.#policies.find(document.uri);
    const how = answer?.rule === undefined ? '' : ` (${answer.rule.scheme})`;
    return own.flatMap((diagnostic) => this.#fixesOf(document, diagnostic, how));
  }

  #fixesOf(document: TextDocument, diagnostic: Diagnostic, how: string): CodeAction[] {
    const rule = ruleOf(diagnostic);
    const start = document.offsetAt(diagnostic.range.start);
    const finding = this.#manifests.examine(document).findings.find(({ span }) => span.start === start);
    if (finding === undefined || rule === undefined) return [];
    const at = { uri: document.uri.toString(), offset: finding.located.entry.keySpan.start };
    const ignore = fix(`Ignore with a reason…`, 'purser.ignoreFinding', { ...at, rule }, diagnostic);
    const ignores = finding.located.entry.flow ? [] : [ignore];
    if (rule === 'malformed-ciphertext')
      return [fix('Set the value again…', 'purser.setValue', at, diagnostic), ...ignores];
    const encrypt = fix(`Encrypt this value${how}`, 'purser.encryptValue', at, diagnostic);
    encrypt.isPreferred = true;
    return [encrypt, fix(`Encrypt this Secret${how}`, 'purser.encryptSecret', at, diagnostic), ...ignores];
  }
}

function ruleOf({ code }: Diagnostic): string | undefined {
  return typeof code === 'object' ? String(code.value) : undefined;
}

function fix(
  title: string,
  command: string,
  argument: Location & { readonly rule?: string },
  diagnostic: Diagnostic,
): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [argument] };
  action.diagnostics = [diagnostic];
  return action;
}
