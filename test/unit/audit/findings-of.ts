import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { registry } from '../schemes/schemes.ts';

/** What an audit finds in a text, with the piece of the text that each finding points at. */
export function findingsOf(text: string) {
  return audit(scan(text), registry).findings.map((finding) => ({
    rule: finding.rule,
    level: finding.level,
    entry: finding.place.entry,
    object: finding.place.object,
    message: finding.message,
    at: text.slice(finding.span.start, finding.span.end),
  }));
}

/** Rule, level and entry of each finding: `error plaintext-secret stringData.password`. */
export function summaryOf(text: string): readonly string[] {
  return findingsOf(text).map(({ rule, level, entry }) => `${level} ${rule} ${entry ?? ''}`.trim());
}
