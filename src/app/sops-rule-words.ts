import * as l10n from '@vscode/l10n';
import type { SelectionRule, SelectionRuleName } from '../core/sops-selection.ts';
import type { SopsCreationRule } from '../policy/sops-rule.ts';
import { shown } from './sentence.ts';
import { recipientWords } from './sops-recipient-words.ts';
import type { RuleFiles } from './sops-rule-files.ts';

/** No reader wants more of them at a glance. */
const recipientsShown = 10;

/**
 * What a creation rule of a `.sops.yaml` comes to, line by line.
 * @param files undefined where there was no time to look at them, or nowhere to look
 */
export function sopsRuleWords(
  rule: SopsCreationRule,
  files: { readonly ofRule: RuleFiles; readonly complete: boolean } | undefined,
): readonly string[] {
  return [
    ...(files === undefined ? [] : [fileWords(files.ofRule, files.complete)]),
    ...groupWords(rule),
    selectionWords(rule.selection),
    ...(rule.macOnlyEncrypted
      ? [l10n.t('Only encrypted values are checked against change (mac_only_encrypted)')]
      : []),
  ];
}

function fileWords({ count, sealed, first }: RuleFiles, complete: boolean): string {
  if (count === 0)
    return complete
      ? l10n.t('No file comes to this rule')
      : l10n.t('No file that there was time for comes to this rule');
  const names = listed(first.map(shown), count - first.length);
  const encrypted =
    sealed === 0 ? l10n.t('none encrypted: {0}', names) : l10n.t('{0} encrypted: {1}', sealed, names);
  return l10n.t('{0}; {1}', countWords(count, complete), encrypted);
}

function countWords(count: number, complete: boolean): string {
  if (complete)
    return count === 1
      ? l10n.t('1 file comes to this rule first')
      : l10n.t('{0} files come to this rule first', count);
  return count === 1
    ? l10n.t('1 file comes to this rule first, of those that there was time for')
    : l10n.t('{0} files come to this rule first, of those that there was time for', count);
}

function listed(names: readonly string[], more: number): string {
  const all = names.join(', ');
  return more > 0 ? l10n.t('{0} and {1} more', all, more) : all;
}

/** One group: any key of it opens. More: so many groups, each with any of its keys. */
function groupWords({ groups, shamirThreshold }: SopsCreationRule): readonly string[] {
  const [only = [], ...others] = groups;
  if (others.length === 0)
    return [
      only.length === 0 ? l10n.t('Sealed to nobody: it names no keys') : l10n.t('Sealed to {0}', anyOf(only)),
    ];
  const needed = shamirThreshold || groups.length;
  return [
    needed === groups.length
      ? l10n.t('It takes keys of all {0} groups to open', needed)
      : l10n.t('It takes keys of {0} of {1} groups to open', needed, groups.length),
    ...groups.map((group, index) => l10n.t('Group {0}: {1}', index + 1, anyOf(group))),
  ];
}

function anyOf(recipients: SopsCreationRule['groups'][number]): string {
  return listed(
    recipients.slice(0, recipientsShown).map(recipientWords),
    recipients.length - recipientsShown,
  );
}

const selections: Readonly<Record<SelectionRuleName, (text: string) => string>> = {
  unencrypted_suffix: (text) =>
    l10n.t('Encrypts all values but those under keys that end in {0} (unencrypted_suffix)', text),
  encrypted_suffix: (text) =>
    l10n.t('Encrypts only values under keys that end in {0} (encrypted_suffix)', text),
  unencrypted_regex: (text) =>
    l10n.t('Encrypts all values but those under keys that match {0} (unencrypted_regex)', text),
  encrypted_regex: (text) => l10n.t('Encrypts only values under keys that match {0} (encrypted_regex)', text),
  unencrypted_comment_regex: (text) =>
    l10n.t('Encrypts all values but those below comments that match {0} (unencrypted_comment_regex)', text),
  encrypted_comment_regex: (text) =>
    l10n.t('Encrypts only values below comments that match {0} (encrypted_comment_regex)', text),
};

function selectionWords({ name, text }: SelectionRule): string {
  return selections[name](shown(text));
}
