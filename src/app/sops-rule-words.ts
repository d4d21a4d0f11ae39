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
      ? ['Only encrypted values are checked against change (mac_only_encrypted)']
      : []),
  ];
}

function fileWords({ count, sealed, first }: RuleFiles, complete: boolean): string {
  if (count === 0)
    return complete ? 'No file comes to this rule' : 'No file that there was time for comes to this rule';
  const files = count === 1 ? '1 file comes' : `${count} files come`;
  const rest = count - first.length;
  const names = `${first.map(shown).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const so = complete ? '' : ', of those that there was time for';
  return `${files} to this rule first${so}; ${sealed === 0 ? 'none' : sealed} encrypted: ${names}`;
}

/** One group: any key of it opens. More: so many groups, each with any of its keys. */
function groupWords({ groups, shamirThreshold }: SopsCreationRule): readonly string[] {
  const [only = [], ...others] = groups;
  if (others.length === 0)
    return [only.length === 0 ? 'Sealed to nobody: it names no keys' : `Sealed to ${anyOf(only)}`];
  const needed = shamirThreshold || groups.length;
  return [
    `It takes keys of ${needed === groups.length ? `all ${needed}` : `${needed} of ${groups.length}`} groups to open`,
    ...groups.map((group, index) => `Group ${index + 1}: ${anyOf(group)}`),
  ];
}

function anyOf(recipients: SopsCreationRule['groups'][number]): string {
  const words = recipients.slice(0, recipientsShown).map(recipientWords).join(', ');
  const more = recipients.length - recipientsShown;
  return more > 0 ? `${words} and ${more} more` : words;
}

const places: Readonly<Record<SelectionRuleName, string>> = {
  unencrypted_suffix: 'under keys that end in',
  encrypted_suffix: 'under keys that end in',
  unencrypted_regex: 'under keys that match',
  encrypted_regex: 'under keys that match',
  unencrypted_comment_regex: 'below comments that match',
  encrypted_comment_regex: 'below comments that match',
};

function selectionWords({ name, text }: SelectionRule): string {
  const place = `${places[name]} ${shown(text)} (${name})`;
  return name.startsWith('encrypted')
    ? `Encrypts only values ${place}`
    : `Encrypts all values but those ${place}`;
}
