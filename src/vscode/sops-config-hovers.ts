import {
  type CancellationToken,
  Hover,
  type HoverProvider,
  MarkdownString,
  type Position,
  type TextDocument,
} from 'vscode';
import { policySizeLimit } from '../app/policy-text.ts';
import type { Findings } from './findings.ts';
import { rangeOf } from './positions.ts';
import { filesOfConfig } from './sops-config-files.ts';

/** In milliseconds: nobody waits longer for a hover. */
const patience = 2000;

/** What a creation rule of a `.sops.yaml` comes to: its files, whom they are sealed to, and which of their values. */
export class SopsConfigHovers implements HoverProvider {
  readonly #findings: Pick<Findings, 'get'>;

  constructor(findings: Pick<Findings, 'get'>) {
    this.#findings = findings;
  }

  async provideHover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    const text = document.getText();
    if (text.length > policySizeLimit) return undefined;
    const { SopsRules } = await import('../policy/sops-rules.ts');
    const { rules } = await SopsRules.read(text);
    const offset = document.offsetAt(position);
    const rule = rules?.all.find(({ span }) => offset >= span.start && offset <= span.end);
    if (rules === undefined || rule === undefined) return undefined;
    const isSealed = (uri: TextDocument['uri']) => this.#findings.get(uri).sealed;
    const found = await filesOfConfig(document, rules, isSealed, signalOf(token));
    if (token.isCancellationRequested) return undefined;
    const ofRule = found?.byRule.get(rule);
    const files = found && ofRule && { ofRule, complete: found.complete };
    const { sopsRuleWords } = await import('../app/sops-rule-words.ts');
    const lines = sopsRuleWords(rule, files);
    // appendText escapes: recipients, patterns and file names come from the repository.
    const words = new MarkdownString().appendText(lines.join('\n'));
    return new Hover(words, rangeOf(document, rule.span));
  }
}

function signalOf(token: CancellationToken): AbortSignal {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  return AbortSignal.any([stop.signal, AbortSignal.timeout(patience)]);
}
