import { isMap, isScalar, isSeq, parseDocument } from 'yaml';

/**
 * Whether a creation rule of a `.sops.yaml` matches a file: `path_regex` is Go RE2, unanchored, against the path
 * relative to the file's folder; a rule without one matches all (getsops/sops config/config.go). Rules that cannot be
 * read match nothing.
 */
export async function sopsRuleMatches(text: string, path: string): Promise<boolean> {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const rules = document.get('creation_rules', true);
  if (!isSeq(rules)) return false;
  // RE2 itself, because the patterns come from the repository: it cannot be made to take exponential time.
  const { RE2JS } = await import('re2js');
  return rules.items.some((rule) => {
    if (!isMap(rule)) return false;
    const pattern = rule.get('path_regex', true);
    if (!isScalar(pattern)) return true;
    try {
      return RE2JS.compile(String(pattern.value)).matcher(path).find();
    } catch {
      return false;
    }
  });
}
