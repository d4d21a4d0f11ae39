import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { requireShallow } from '../manifest/yaml-tokens.ts';
import { type SopsRule, sopsByDefault } from './sops-rule.ts';

/** A pattern of Go's regexp, unanchored; undefined stands for one that is broken, which matches nothing. */
type Matches = ((text: string) => boolean) | undefined;

interface CreationRule extends SopsRule {
  /** Undefined matches every path. */
  readonly path: { readonly matches: Matches } | undefined;
}

/**
 * The creation rules of a `.sops.yaml` (getsops/sops config/config.go). `path_regex` is Go RE2, unanchored, against the
 * path relative to the file's folder; a rule without one matches all. A pattern that is broken matches nothing.
 */
export class SopsRules {
  readonly #rules: readonly CreationRule[];

  private constructor(rules: readonly CreationRule[]) {
    this.#rules = rules;
  }

  /** Undefined for a text that is no YAML: it may mean anything. */
  static async read(text: string): Promise<SopsRules | undefined> {
    const document = parsed(text);
    if (document === undefined || document.errors.length > 0) return undefined;
    const rules = isMap(document.contents) ? document.contents.get('creation_rules', true) : undefined;
    if (!isSeq(rules)) return new SopsRules([]);
    // RE2 itself, because the patterns come from the repository: it cannot be made to take exponential time.
    const { RE2JS } = await import('re2js');
    const compile = (pattern: string): Matches => {
      try {
        const compiled = RE2JS.compile(pattern);
        return (candidate) => compiled.matcher(candidate).find();
      } catch {
        return undefined;
      }
    };
    return new SopsRules(rules.items.filter(isMap).map((rule) => creationRule(rule, document, compile)));
  }

  /** The first rule that matches a path. */
  ruleFor(path: string): SopsRule | undefined {
    return this.#rules.find((rule) => rule.path === undefined || rule.path.matches?.(path) === true);
  }
}

function creationRule(
  rule: YAMLMap,
  document: Document.Parsed,
  compile: (pattern: string) => Matches,
): CreationRule {
  const stated = (key: string) => statedText(rule, key, document);
  const pattern = stated('path_regex');
  return {
    path: pattern === undefined ? undefined : { matches: compile(pattern) },
    encrypts: selection(stated, compile),
  };
}

const selectors = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

/** Any one key on the way decides (sops.go, `Tree.Encrypt`). */
function selection(
  stated: (key: string) => string | undefined,
  compile: (pattern: string) => Matches,
): SopsRule['encrypts'] {
  const [first, ...others] = selectors.filter((name) => stated(name) !== undefined);
  if (first === undefined) return (path) => sopsByDefault.encrypts(path);
  if (others.length > 0 || first.includes('comment')) return () => undefined;
  const text = stated(first) ?? '';
  const matches = first.endsWith('suffix') ? (key: string) => key.endsWith(text) : compile(text);
  const encrypted = first.startsWith('encrypted');
  return (path) => path.some((key) => matches?.(key) === true) === encrypted;
}

/** A member's text as it is written; undefined where it is empty, because SOPS takes that for not stated. */
function statedText(rule: YAMLMap, key: string, document: Document.Parsed): string | undefined {
  const node = rule.get(key, true) as unknown;
  const value = isAlias(node) ? node.resolve(document) : node;
  if (!isScalar(value) || value.value === null || value.value === '') return undefined;
  return typeof value.value === 'string' ? value.value : (value.source ?? '');
}

/** Undefined where it is nested too deeply. */
function parsed(text: string): Document.Parsed | undefined {
  try {
    requireShallow(text);
    return parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
