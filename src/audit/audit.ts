import { locatedEntries } from '../manifest/address.ts';
import type { Entry, Manifest } from '../manifest/manifest.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';
import type { Finding } from './finding.ts';
import { IgnoreComments } from './ignore-comment.ts';
import { malformedCiphertext } from './malformed-ciphertext.ts';
import { plaintextSecret } from './plaintext-secret.ts';
import { type Judged, judgeAll } from './verdicts.ts';

/** What an audit found out about a manifest. */
export interface Audited {
  /** In the order of the text, at most one a value: the most specific. */
  readonly findings: readonly Finding[];
  readonly groups: readonly EnvelopeGroup[];
  readonly judged: Judged;
}

/**
 * Looks through a manifest. Total, fast and needs no keys. `before` is the audit of an earlier version of the same
 * text, so that only what is new is judged.
 */
export function audit(manifest: Manifest, registry: SchemeRegistry, before?: Audited): Audited {
  const entries = locatedEntries(manifest);
  const { groups, malformed } = registry.find(manifest, entries);
  const judged = judgeAll(entries, registry, before?.judged);
  const damaged = new Map<Entry, Finding>();
  for (const envelope of malformed) damaged.set(envelope.entry, malformedCiphertext(envelope));
  const ignored = new IgnoreComments(manifest.text);
  const findings: Finding[] = [];
  // Loops, not chains of arrays: this runs on each keystroke.
  for (const [index, located] of entries.entries()) {
    const verdict = judged.verdicts[index];
    const finding = damaged.get(located.entry) ?? (verdict && plaintextSecret(located, verdict));
    if (finding === undefined) continue;
    if (!ignored.silence(finding.span.start, finding.rule)) findings.push(finding);
  }
  return { findings, groups, judged };
}
