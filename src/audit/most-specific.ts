import type { RuleId } from '../policy/rule-ids.ts';
import type { Finding } from './finding.ts';

/**
 * Rules that look at a value wherever it stands, the more telling first; all others know what it is for. A template may
 * be a manifest as text, in which the very value was found.
 */
const general: readonly RuleId[] = [
  'plaintext-in-template',
  'plaintext-kubeconfig',
  'private-key-in-repo',
  'plaintext-in-values',
];

/** What is said of how a configuration is arranged: the values in it are judged for themselves. */
function isAboutArrangement({ rule }: Finding): boolean {
  return rule.startsWith('kkp/') || (rule.startsWith('at-rest/') && rule !== 'at-rest/sample-key');
}

/** At most one finding a place: where several rules found the same, the one that knows more. In the order of the text. */
export function mostSpecific(findings: readonly Finding[]): readonly Finding[] {
  const beside = findings.filter(isAboutArrangement);
  let kept = sorted(findings.filter((one) => !general.includes(one.rule) && !isAboutArrangement(one)));
  for (const rule of general) {
    const ones = findings.filter((finding) => finding.rule === rule);
    if (ones.length > 0) kept = sorted([...kept, ...apartFrom(kept, sorted(ones))]);
  }
  return beside.length === 0 ? kept : sorted([...kept, ...beside]);
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => a.span.start - b.span.start);
}

/** Those that touch none of the others. Both are in order. */
function apartFrom(others: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  let next = 0;
  let reached = -1;
  return findings.filter(({ span }) => {
    for (; (others[next]?.span.start ?? Number.POSITIVE_INFINITY) <= span.start; next++)
      reached = Math.max(reached, others[next]?.span.end ?? 0);
    return reached <= span.start && (others[next]?.span.start ?? Number.POSITIVE_INFINITY) >= span.end;
  });
}
