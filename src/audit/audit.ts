import { locatedEntries } from '../manifest/address.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { textChange } from '../manifest/text-change.ts';
import type { FoundDocuments } from '../schemes/document-scheme.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';

import { EntryAudit } from './audit-entries.ts';
import { type AuditedFile, appliedPolicy, noFile } from './audited-file.ts';
import { type Described, describeAll } from './descriptions.ts';
import { type FieldFindings, fieldFindings } from './field-rules.ts';
import type { Finding } from './finding.ts';
import { fluxFileSize } from './flux-file-size.ts';
import { IgnoreComments } from './ignore-comment.ts';
import { sealedDocumentFindings } from './sealed-documents.ts';
import { envelopesOf, type Judged, judgeAll } from './verdicts.ts';
import { makesOneToken, wholeFileFinding } from './whole-file.ts';

/** What an audit found out about a manifest. */
export interface Audited {
  readonly text: string;
  readonly file: AuditedFile;
  readonly comments: IgnoreComments;
  /** In the order of the text, at most one a value: the most specific. */
  readonly findings: readonly Finding[];
  readonly groups: readonly EnvelopeGroup[];
  /** What is sealed as a whole. */
  readonly sealed: FoundDocuments;
  readonly judged: Judged;
  readonly described: Described;
  /** What was found outside Secrets' maps. */
  readonly documents: readonly FieldFindings[];
}

/**
 * Looks through a manifest. Total, fast and needs no keys. `before` is the audit of an earlier version of the same
 * text, so that only what is new is judged. Where the file itself is the secret, all that is told is whether it is sealed.
 */
export function audit(
  manifest: Manifest,
  registry: SchemeRegistry,
  file: AuditedFile = noFile,
  before?: Audited,
): Audited {
  const { text } = manifest;
  const policy = appliedPolicy(file.policy);
  const earlier = before && { ...before, change: textChange(before.text, text) };
  const judged = judgeAll(locatedEntries(manifest), registry, before?.judged);
  const found = registry.find(manifest, envelopesOf(judged));
  const described = describeAll(found.groups, registry, before?.described);
  const comments = earlier?.comments.after(earlier.change, text) ?? new IgnoreComments(text);
  const telling = new Telling(comments);
  const sealed = before?.text === text ? before.sealed : registry.findDocuments(manifest);
  const known = { text, file, comments, groups: found.groups, sealed, judged, described };
  if (policy !== undefined && makesOneToken(policy)) {
    const whole = wholeFileFinding(text, policy, registry);
    if (whole !== undefined) telling.tell(whole);
    return { ...known, findings: telling.told(), documents: [] };
  }
  const tooLarge = fluxFileSize(text);
  if (tooLarge !== undefined) telling.tell(tooLarge);
  new EntryAudit(text, found, described, judged, policy).findings((finding) => telling.tell(finding));
  for (const finding of sealedDocumentFindings(sealed, policy)) telling.tell(finding);
  const same = earlier && isSameFile(earlier.file, file) ? earlier : undefined;
  const documents = fieldFindings(manifest, file, registry, same);
  for (const document of documents) for (const finding of document.findings) telling.tell(finding);
  return { ...known, findings: telling.told(), documents };
}

/** What was found outside of Secrets may depend on the file and its policy. */
function isSameFile(a: AuditedFile, b: AuditedFile): boolean {
  return a.name === b.name && a.policy === b.policy;
}

/** Findings in the order of the text, without those that a comment silences. */
class Telling {
  readonly #ignored: IgnoreComments;
  readonly #findings: Finding[] = [];
  #inOrder = true;

  constructor(ignored: IgnoreComments) {
    this.#ignored = ignored;
  }

  tell(finding: Finding): void {
    const { start } = finding.span;
    if (this.#ignored.silenceFinding(finding)) return;
    if (start < (this.#findings.at(-1)?.span.start ?? 0)) this.#inOrder = false;
    this.#findings.push(finding);
  }

  told(): readonly Finding[] {
    return this.#inOrder ? this.#findings : this.#findings.sort((a, b) => a.span.start - b.span.start);
  }
}
