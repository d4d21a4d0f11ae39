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
import { isAboutFile, isSealable, mayTakeComment } from './file-findings.ts';
import type { Manifests } from './manifests.ts';
import type { Location } from './targets.ts';

/** Fixes for findings: encrypt by policy first, then the rest of the Secret, then to say why it may stay. */
export class QuickFixes implements CodeActionProvider {
  readonly #manifests: Manifests;

  constructor(manifests: Manifests) {
    this.#manifests = manifests;
  }

  async provideCodeActions(
    document: TextDocument,
    _range: Range,
    context: CodeActionContext,
  ): Promise<CodeAction[]> {
    const own = context.diagnostics.filter(({ source }) => source === diagnosticSource);
    if (own.length === 0) return [];
    const answer = await this.#manifests.policyOf(document);
    const how = answer?.rule === undefined ? '' : ` (${answer.rule.scheme})`;
    return own.flatMap((diagnostic) => this.#fixesOf(document, diagnostic, how));
  }

  #fixesOf(document: TextDocument, diagnostic: Diagnostic, how: string): CodeAction[] {
    const rule = ruleOf(diagnostic);
    const start = document.offsetAt(diagnostic.range.start);
    const { findings } = this.#manifests.examine(document);
    const finding = findings.find((one) => one.span.start === start && one.rule === rule);
    if (finding === undefined) return [];
    const { located, entry } = finding.place;
    const offset = located?.entry.keySpan.start ?? finding.span.start;
    const at = { uri: document.uri.toString(), offset };
    const ignore = fix(
      'Ignore with a reason…',
      'purser.ignoreFinding',
      { ...at, rule: finding.rule },
      diagnostic,
    );
    const ignores = mayTakeComment(document, finding) ? [ignore] : [];
    if (located !== undefined && finding.rule === 'malformed-ciphertext')
      return [fix('Set the value again…', 'purser.setValue', at, diagnostic), ...ignores];
    if (isAboutFile({ rule: finding.rule, entry }))
      return [fix(`Encrypt this file${how}`, 'purser.encryptFile', at, diagnostic)];
    if (located === undefined || !isSealable({ rule: finding.rule, entry })) {
      return [...ignores, ...pageOf(diagnostic)];
    }
    const encrypt = fix(`Encrypt this value${how}`, 'purser.encryptValue', at, diagnostic);
    encrypt.isPreferred = true;
    return [encrypt, fix(`Encrypt this Secret${how}`, 'purser.encryptSecret', at, diagnostic), ...ignores];
  }
}

/** Where the text itself has to be changed, the rule's page says how. */
function pageOf(diagnostic: Diagnostic): readonly CodeAction[] {
  if (typeof diagnostic.code !== 'object') return [];
  const title = `What ${diagnostic.code.value} is about`;
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = { title, command: 'markdown.showPreview', arguments: [diagnostic.code.target] };
  action.diagnostics = [diagnostic];
  return [action];
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
