import { audit } from '../audit/audit.ts';
import type { Finding, Level } from '../audit/finding.ts';
import { LineIndex, type Position } from '../core/span.ts';
import { entryName } from '../manifest/address.ts';
import { decodeFile } from '../manifest/file-text.ts';
import { scan } from '../manifest/scan.ts';
import type { Severity } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';

/** A finding as scripts read it: DESIGN's JSON of `scan`. */
export interface ReportedFinding {
  readonly rule: string;
  readonly level: Level;
  readonly path: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly message: string;
  readonly object: { readonly [part: string]: string } | undefined;
  readonly entry: string | undefined;
}

export interface ReportedProblem {
  readonly path: string;
  readonly line: number | undefined;
  readonly message: string;
}

export interface FileReport {
  readonly documents: number;
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly ReportedProblem[];
}

/** Looks through one file's bytes. Throws `file.too-large` and `file.not-text`. */
export function scanFile(
  path: string,
  bytes: Uint8Array,
  registry: SchemeRegistry,
  severity: ReadonlyMap<string, Severity>,
): FileReport {
  const { text, lossy } = decodeFile(bytes);
  const manifest = scan(text);
  const lines = new LineIndex(text);
  const problems = manifest.documents.flatMap((document) =>
    document.problems.map(({ offset, message }) => ({ path, line: lines.positionAt(offset).line, message })),
  );
  if (lossy)
    problems.push({ path, line: 1, message: 'some bytes are not valid text; the rest was looked at' });
  const findings = audit(manifest, registry).flatMap((finding) => {
    const level = severity.get(finding.rule) ?? finding.level;
    return level === 'off' ? [] : [reported(finding, path, lines, level)];
  });
  return { documents: manifest.documents.length, findings, problems };
}

function reported(finding: Finding, path: string, lines: LineIndex, level: Level): ReportedFinding {
  const { object, entry } = finding.located;
  const { apiVersion, kind, namespace, name } = object;
  const parts = Object.entries({ apiVersion, kind, namespace, name }).flatMap(([part, value]) =>
    value === undefined ? [] : [[part, value]],
  );
  return {
    rule: finding.rule,
    level,
    path,
    range: { start: lines.positionAt(finding.span.start), end: lines.positionAt(finding.span.end) },
    message: finding.message,
    object: Object.fromEntries(parts),
    entry: entryName(entry),
  };
}
