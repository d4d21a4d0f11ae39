import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/**
 * Whether a creation rule of a `.sops.yaml` matches a file: `path_regex` is Go RE2, unanchored, against the path
 * relative to the file's folder; a rule without one matches all (getsops/sops config/config.go). Rules that cannot be
 * read match nothing; a file that is no YAML may mean anything, so it counts as a match.
 */
export async function sopsRuleMatches(text: string, path: string): Promise<boolean> {
  const document = parsed(text);
  if (document === undefined || document.errors.length > 0) return true;
  const rules = isMap(document.contents) ? document.contents.get('creation_rules', true) : undefined;
  if (!isSeq(rules)) return false;
  // RE2 itself, because the patterns come from the repository: it cannot be made to take exponential time.
  const { RE2JS } = await import('re2js');
  return rules.items.some((rule) => {
    if (!isMap(rule)) return false;
    const stated = rule.get('path_regex', true) as unknown;
    const pattern = isAlias(stated) ? stated.resolve(document) : stated;
    if (!isScalar(pattern) || pattern.value === null || pattern.value === '') return true;
    try {
      return RE2JS.compile(typeof pattern.value === 'string' ? pattern.value : (pattern.source ?? ''))
        .matcher(path)
        .find();
    } catch {
      return false;
    }
  });
}

/** Undefined where it is nested so deeply that the parser's stack overflows. */
function parsed(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
