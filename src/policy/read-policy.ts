import * as l10n from '@vscode/l10n';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, type YAMLMap } from 'yaml';
import { Failure } from '../core/errors.ts';
import { isReadableGlob } from './glob.ts';
import { type KeyReference, readKeyReference } from './key-reference.ts';
import { type MappingWords, memberNamed, purserPolicy, purserRule } from './mapping-words.ts';
import {
  emptyPolicy,
  type Policy,
  type PolicyProblem,
  type PolicyRule,
  type Severity,
  schemeIds,
  sealedSecretsScopes,
  severities,
} from './policy.ts';
import { quoted } from './quoted.ts';
import { isRuleId } from './rule-ids.ts';
import { parseShallow, tooDeep } from './shallow-yaml.ts';

/**
 * Reads a `.purser.yaml`. Every unknown key and bad value is a problem; a policy with problems is still returned for
 * finding, and must not be sealed by.
 */
export function readPolicy(text: string): {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
} {
  const lines = new LineCounter();
  // Told here, key by key: yaml compares each with each.
  const documents = parseShallow(text, lines, { uniqueKeys: false, logLevel: 'error' });
  const [document, second] = documents ?? [];
  if (document === undefined) return { policy: emptyPolicy, problems: [tooDeep()] };
  const reader = new PolicyReader(lines);
  const wrong = document.errors[0]?.pos[0] ?? second?.range[0];
  if (wrong !== undefined) reader.problemAt(wrong, l10n.t('this is not YAML'));
  const policy = reader.policy(document.contents);
  return { policy, problems: reader.problems };
}

class PolicyReader {
  readonly problems: PolicyProblem[] = [];
  readonly #lines: LineCounter;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  problemAt(offset: number, message: string): void {
    this.problems.push({ line: this.#lines.linePos(offset).line, message });
  }

  policy(root: Node | null): Policy {
    if (root === null) this.#problem(root, l10n.t('the policy is empty'));
    const members = this.#members(root, ['version', 'rules', 'ignore', 'severity'], purserPolicy);
    if (this.#scalar(members.get('version')) !== 1)
      this.#problem(members.get('version') ?? root, l10n.t('version must be 1'));
    return {
      rules: this.#list(members.get('rules'), 'rules')
        .map((node) => this.#rule(node))
        .filter((rule) => rule !== undefined),
      ignore: this.#list(members.get('ignore'), 'ignore')
        .map((node) => this.#glob(node, 'ignore'))
        .filter((glob) => glob !== undefined),
      severity: this.#severity(members.get('severity')),
    };
  }

  #rule(node: Node): PolicyRule | undefined {
    const members = this.#members(
      node,
      ['path', 'scheme', 'keys', 'whole', 'opened-by', 'scope'],
      purserRule,
    );
    const path = this.#glob(members.get('path'), 'path', node);
    const scheme = this.#oneOf(members.get('scheme'), 'scheme', schemeIds, node);
    if (path === undefined || scheme === undefined) return undefined;
    const keys = this.#list(members.get('keys'), 'keys')
      .map((key) => this.#key(key))
      .filter((key) => key !== undefined);
    if (keys.length === 0 && scheme !== 'sops')
      this.#problem(members.get('keys') ?? node, l10n.t('keys must name at least one key'));
    const whole = members.get('whole');
    if (whole !== undefined && typeof this.#scalar(whole) !== 'boolean')
      this.#problem(whole, l10n.t('{0} must be true or false', 'whole'));
    const openedBy = members.get('opened-by');
    const scope = members.get('scope');
    return {
      path,
      scheme,
      keys,
      whole: this.#scalar(whole) === true,
      openedBy: openedBy && this.#oneOf(openedBy, 'opened-by', ['webhook', 'pipeline'] as const, node),
      scope: scope && this.#oneOf(scope, 'scope', sealedSecretsScopes, node),
      line: this.#line(node),
    };
  }

  #key(node: Node): KeyReference | undefined {
    const text = this.#text(node, 'keys');
    if (text === undefined) return undefined;
    try {
      return readKeyReference(text);
    } catch (error) {
      if (!Failure.is(error, 'key.bad-reference')) throw error;
      this.#problem(node, error.details.reason);
      return undefined;
    }
  }

  #severity(node: Node | undefined): ReadonlyMap<string, Severity> {
    const severity = new Map<string, Severity>();
    for (const [rule, value] of this.#entries(node, memberNamed('severity'))) {
      if (!isRuleId(rule)) this.#problem(value, l10n.t('there is no rule {0}', quoted(rule)));
      const level = this.#oneOf(value, quoted(rule), severities, value);
      if (level !== undefined) severity.set(rule, level);
    }
    return severity;
  }

  #members(node: Node | null, known: readonly string[], words: MappingWords): ReadonlyMap<string, Node> {
    const members = new Map(this.#entries(node ?? undefined, words));
    for (const [key, value] of members) {
      if (!known.includes(key)) this.#problem(value, words.noMember(quoted(key), known.join(', ')));
    }
    return members;
  }

  #entries(node: Node | undefined, words: MappingWords): readonly (readonly [string, Node])[] {
    if (node === undefined) return [];
    if (!isMap(node)) {
      this.#problem(node, words.noMapping());
      return [];
    }
    return this.#pairs(node);
  }

  #pairs(map: YAMLMap): readonly (readonly [string, Node])[] {
    const seen = new Set<string>();
    return map.items.flatMap(({ key, value }) => {
      if (!isScalar(key) || !isNode(value)) {
        this.#problem(isNode(key) ? key : map, l10n.t('this key has no value'));
        return [];
      }
      const name = String(key.value);
      if (seen.has(name)) this.#problem(key, l10n.t('{0} stands twice', quoted(name)));
      seen.add(name);
      return [[name, value] as const];
    });
  }

  #list(node: Node | undefined, what: string): readonly Node[] {
    if (node === undefined) return [];
    if (isSeq(node)) return node.items.filter(isNode);
    this.#problem(node, l10n.t('{0} must be a list', what));
    return [];
  }

  #glob(node: Node | undefined, what: string, owner?: Node): string | undefined {
    const glob = this.#text(node, what, owner);
    if (glob !== undefined && !isReadableGlob(glob))
      this.#problem(node, l10n.t('{0} has too many alternatives', what));
    return glob;
  }

  #text(node: Node | undefined, what: string, owner?: Node): string | undefined {
    const value = this.#scalar(node);
    if (typeof value === 'string' && value !== '') return value;
    this.#problem(node ?? owner, l10n.t('{0} must be text', what));
    return undefined;
  }

  #oneOf<const T extends string>(
    node: Node | undefined,
    what: string,
    allowed: readonly T[],
    owner: Node,
  ): T | undefined {
    const value = this.#scalar(node);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      this.#problem(node ?? owner, l10n.t('{0} must be one of {1}', what, allowed.join(', ')));
    return found;
  }

  #scalar(node: Node | undefined): unknown {
    return isScalar(node) ? node.value : undefined;
  }

  #problem(node: Node | null | undefined, message: string): void {
    this.problemAt(node?.range?.[0] ?? 0, message);
  }

  #line(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }
}
