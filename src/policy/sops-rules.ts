import * as l10n from '@vscode/l10n';
import type { Node } from 'yaml';
import {
  asksComments,
  type CompilePattern,
  defaultSelectionRule,
  type SelectionRule,
  selectionOf,
  selectionRuleNames,
} from '../core/sops-selection.ts';
import { GoConfig } from './go-config.ts';
import { memberNamed, sopsFile, sopsRule } from './mapping-words.ts';
import type { PolicyProblem } from './policy.ts';
import { loadRe2 } from './re2.ts';
import { SopsKeyGroups } from './sops-key-groups.ts';
import { ruleKeyMembers, ruleRecipients } from './sops-recipients.ts';
import { type SopsCreationRule, type SopsRule, type SopsStores, sopsByDefault } from './sops-rule.ts';

/** A `.sops.yaml` as it was read. */
export interface SopsConfig {
  /** Undefined for a text that is no YAML: it may mean anything. */
  readonly rules: SopsRules | undefined;
  /**
   * What SOPS would refuse, and what it would pass over without a word, as a misspelt name. With one of these a `.sops.yaml`
   * is good for finding, and must not be sealed by.
   */
  readonly problems: readonly PolicyProblem[];
}

/** A rule, and whether a path is its, whatever rules stand before it. */
export interface MatchingRule extends SopsCreationRule {
  readonly matches: (path: string) => boolean;
}

/**
 * The creation rules of a `.sops.yaml` (getsops/sops 3.13, config/config.go). They are asked in order, and the first whose
 * `path_regex` matches counts; one without it matches every path, and a pattern that is broken matches none.
 */
export class SopsRules {
  readonly stores: SopsStores;
  /** In the order in which they are asked. */
  readonly all: readonly MatchingRule[];

  private constructor(rules: readonly MatchingRule[], stores: SopsStores) {
    this.all = rules;
    this.stores = stores;
  }

  static async read(text: string): Promise<SopsConfig> {
    const config = new GoConfig(text);
    if (!config.isReadable) return { rules: undefined, problems: config.problems };
    const compile = await loadRe2();
    // What else stands here is for anchors, which is where many keep their keys.
    const members = new Map(config.members(config.root, sopsFile).map(({ key, value }) => [key, value]));
    const rules = config
      .list(members.get('creation_rules'), 'creation_rules')
      .flatMap((node) => creationRule(node, members.get('creation_rules'), config, compile) ?? []);
    return {
      rules: new SopsRules(rules, storesOf(config, members.get('stores'))),
      problems: config.problems,
    };
  }

  /** The first rule that matches a path, which is relative to the file's folder, with `/`. */
  ruleFor(path: string): MatchingRule | undefined {
    return this.all.find((rule) => rule.matches(path));
  }
}

const ruleMembers = [
  'path_regex',
  ...ruleKeyMembers,
  'aws_profile',
  'key_groups',
  'shamir_threshold',
  ...selectionRuleNames,
  'mac_only_encrypted',
];

function creationRule(
  node: Node | undefined,
  list: Node | undefined,
  config: GoConfig,
  compile: CompilePattern,
): MatchingRule | undefined {
  if (node === undefined) {
    // To SOPS, a rule for every file, with no keys.
    if (list !== undefined) config.problem(list, l10n.t('one of these rules is empty'));
    return undefined;
  }
  const before = config.problems.length;
  const rule = config.record(node, ruleMembers, sopsRule);
  if (rule.size === 0 && config.problems.length > before) return undefined;
  const pathRegex = stated(config, rule, 'path_regex');
  const compilePath = compilerAt(config, rule.get('path_regex'), 'path_regex', compile);
  const groups = groupsOf(config, rule);
  return {
    pathRegex,
    matches: pathRegex === undefined ? () => true : (compilePath(pathRegex) ?? (() => false)),
    ...valuesOf(config, rule, compile),
    macOnlyEncrypted: config.boolean(rule.get('mac_only_encrypted'), 'mac_only_encrypted') ?? false,
    groups,
    shamirThreshold: thresholdOf(config, rule, groups.length),
    span: config.span(node),
    line: config.line(node),
  };
}

/** A member's text; undefined where it is empty, because SOPS takes that for not stated. */
function stated(config: GoConfig, rule: ReadonlyMap<string, Node>, name: string): string | undefined {
  return config.text(rule.get(name), name) || undefined;
}

/** As `compile`, and tells of a broken pattern where it stands. */
function compilerAt(
  config: GoConfig,
  node: Node | undefined,
  name: string,
  compile: CompilePattern,
): CompilePattern {
  return (pattern) => {
    const compiled = compile(pattern);
    if (compiled === undefined && node !== undefined)
      config.problem(node, l10n.t('{0} is no regular expression of Go (RE2)', name));
    return compiled;
  };
}

/** Which values a rule encrypts. */
function valuesOf(
  config: GoConfig,
  rule: ReadonlyMap<string, Node>,
  compile: CompilePattern,
): { readonly selection: SelectionRule } & SopsRule {
  const all = selectionRuleNames.flatMap((name) => {
    const text = stated(config, rule, name);
    return text === undefined ? [] : [{ name, text }];
  });
  const [selection, second] = all;
  if (selection === undefined)
    return { selection: defaultSelectionRule, encrypts: (path) => sopsByDefault.encrypts(path) };
  const { name } = selection;
  const selects = selectionOf(selection, compilerAt(config, rule.get(name), name, compile));
  const node = second && rule.get(second.name);
  if (node !== undefined) config.problem(node, l10n.t('SOPS takes one of {0}, not both', namesIn(all)));
  if (second !== undefined || asksComments(selection)) return { selection, encrypts: () => undefined };
  return { selection, encrypts: (path) => selects({ path, comments: [] }, false) };
}

function namesIn(rules: readonly SelectionRule[]): string {
  const [first = '', ...others] = rules.map(({ name }) => name);
  return others.reduce((before, other) => l10n.t('{0} and {1}', before, other), first);
}

/** Where there are groups, SOPS passes over all keys beside them. */
function groupsOf(config: GoConfig, rule: ReadonlyMap<string, Node>): SopsCreationRule['groups'] {
  const groups = new SopsKeyGroups(config).read(rule.get('key_groups'));
  return groups.length > 0 ? groups : [ruleRecipients(config, rule)];
}

/** With one group there is nothing to split, whatever is stated. */
function thresholdOf(config: GoConfig, rule: ReadonlyMap<string, Node>, groups: number): number {
  const node = rule.get('shamir_threshold');
  const threshold = config.integer(node, 'shamir_threshold') ?? 0;
  if (groups === 1 || threshold === 0 || node === undefined) return 0;
  if (threshold >= 2 && threshold <= groups) return threshold;
  config.problem(
    node,
    l10n.t('shamir_threshold must be from 2 to {0}, as many as there are key groups', groups),
  );
  return 0;
}

function storesOf(config: GoConfig, node: Node | undefined): SopsStores {
  const stores = new Map(config.members(node, memberNamed('stores')).map(({ key, value }) => [key, value]));
  const indent = (store: string, least: number) => {
    const members = config.record(stores.get(store), ['indent'], memberNamed(`stores.${store}`));
    const value = config.integer(members.get('indent'), 'indent');
    const at = members.get('indent');
    if (value === undefined || at === undefined || (value >= least && value <= 16)) return value;
    config.problem(at, l10n.t('indent must be from {0} to 16', least));
    return undefined;
  };
  return { yamlIndent: indent('yaml', 0) || undefined, jsonIndent: indent('json', -1) };
}
