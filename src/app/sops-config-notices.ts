import * as l10n from '@vscode/l10n';
import { LineIndex, type Span } from '../core/span.ts';
import { firstLineOf } from '../policy/go-config.ts';
import type { SopsCreationRule } from '../policy/sops-rule.ts';
import { type SopsConfig, SopsRules } from '../policy/sops-rules.ts';
import type { ConfigNotice } from './config-notice.ts';
import { recipientNotice } from './sops-recipient-words.ts';
import type { RuleFiles } from './sops-rule-files.ts';

/** A `.sops.yaml`, and what there is to say of it. */
export interface ExaminedSopsConfig extends SopsConfig {
  readonly notices: readonly ConfigNotice[];
}

/** Reads a `.sops.yaml` as its author would like it read: whatever SOPS would refuse, pass over or never come to. */
export async function examineSopsConfig(text: string): Promise<ExaminedSopsConfig> {
  const config = await SopsRules.read(text);
  const problems = config.problems.map((problem) => ({ ...problem, level: 'error' as const }));
  const rules = config.rules?.all ?? [];
  const notices = [...problems, ...recipientNotices(rules, text), ...ruleNotices(rules, text)];
  return { ...config, notices };
}

/** Each recipient once: many rules name the same by an alias. */
function recipientNotices(rules: readonly SopsCreationRule[], text: string): readonly ConfigNotice[] {
  const recipients = new Map(
    rules.flatMap(({ groups }) => groups.flat()).map((one) => [`${one.span.start} ${one.text}`, one]),
  );
  const lines = new LineIndex(text);
  return [...recipients.values()].flatMap((recipient) => {
    const notice = recipientNotice(recipient);
    if (notice === undefined) return [];
    const { line } = lines.positionAt(recipient.span.start);
    return [{ ...notice, line, span: firstLineOf(text, recipient.span) }];
  });
}

function ruleNotices(rules: readonly SopsCreationRule[], text: string): readonly ConfigNotice[] {
  const before = new Map<string, SopsCreationRule>();
  let all: SopsCreationRule | undefined;
  return rules.flatMap((rule) => {
    const same = rule.pathRegex === undefined ? undefined : before.get(rule.pathRegex);
    const messages = [
      ...(all === undefined
        ? []
        : [l10n.t('no file comes to this rule: the one on line {0} takes every file', all.line)]),
      ...(all === undefined && same !== undefined
        ? [l10n.t('no file comes to this rule: the one on line {0} has the same path_regex', same.line)]
        : []),
      ...(rule.groups.flat().length === 0
        ? [l10n.t('this rule names no keys: SOPS cannot encrypt by it')]
        : []),
    ];
    if (takesAll(rule)) all ??= rule;
    else if (rule.pathRegex !== undefined && same === undefined) before.set(rule.pathRegex, rule);
    return messages.map((message) => noticeAt(rule, text, 'warning', message));
  });
}

function takesAll({ pathRegex }: SopsCreationRule): boolean {
  return pathRegex === undefined || /^\^?\.[*+]\$?$/.test(pathRegex);
}

/** What the files of a workspace say of the rules. */
export function fileNotices(
  files: ReadonlyMap<SopsCreationRule, RuleFiles>,
  text: string,
): readonly ConfigNotice[] {
  return [...files].flatMap(([rule, { matchesAny }]) =>
    matchesAny || rule.pathRegex === undefined
      ? []
      : [noticeAt(rule, text, 'information', l10n.t('path_regex matches no file of this folder'))],
  );
}

function noticeAt(
  { span, line }: { readonly span: Span; readonly line: number },
  text: string,
  level: ConfigNotice['level'],
  message: string,
): ConfigNotice {
  return { level, line, span: firstLineOf(text, span), message };
}
