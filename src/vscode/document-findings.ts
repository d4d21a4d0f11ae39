import type { TextDocument } from 'vscode';
import { isOrHoldsCiphertext } from '../app/is-sealed.ts';
import { sealedTo } from '../app/keys/sealed-to.ts';
import { sealedTokens } from '../app/sealed-token.ts';
import { countPlaintext, shownAtMost } from '../app/workspace-scan.ts';
import type { Finding, Level } from '../audit/finding.ts';
import { LineIndex } from '../core/span.ts';
import type { Severity } from '../policy/policy.ts';
import type { FileFindings } from './file-findings.ts';
import type { Examined } from './manifests.ts';
import { rangeOf } from './positions.ts';

/** What an open document holds, at the levels policy gives. */
export function findingsOfDocument(
  document: TextDocument,
  examined: Examined,
  severity: ReadonlyMap<string, Severity>,
): FileFindings {
  const { uri } = document;
  const leveled: { readonly finding: Finding; readonly level: Level; readonly rule: string }[] = [];
  // A loop, not a chain of arrays: this runs on each keystroke.
  for (const finding of examined.findings) {
    const level = severity.get(finding.rule) ?? finding.level;
    if (level !== 'off') leveled.push({ finding, level, rule: finding.rule });
  }
  const shown = leveled.slice(0, shownAtMost).map(({ finding, level }) => {
    const { rule, message, place } = finding;
    return { rule, level, message, range: rangeOf(document, place.span), entry: place.entry };
  });
  const tokens = () =>
    sealedTokens(
      examined,
      { path: () => uri.fsPath, severity },
      new LineIndex(examined.text),
      examined.registry,
    );
  const sealedToKeys = () => sealedTo(examined, new LineIndex(examined.text), examined.registry);
  const sealed = isOrHoldsCiphertext(examined, examined.registry);
  const counts = { total: leveled.length, plaintext: countPlaintext(leveled) };
  const onDisk = { problems: [], elsewhere: [], kubeconfigs: [], flux: undefined };
  return { uri, shown, ...counts, sealed, tokens, sealedTo: sealedToKeys, ...onDisk };
}
