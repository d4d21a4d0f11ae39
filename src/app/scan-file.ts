import { audit } from '../audit/audit.ts';
import type { Finding, Level } from '../audit/finding.ts';
import { LineIndex, type Position } from '../core/span.ts';
import { entryName } from '../manifest/address.ts';
import { decodeFile, fileSizeLimit } from '../manifest/file-text.ts';
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

/**
 * Looks through one file's bytes. `path` says how the file is to be called; it is asked only where there is something
 * to report. Throws `file.too-large` and `file.not-text`.
 */
export function scanFile(
  path: () => string,
  bytes: Uint8Array,
  registry: SchemeRegistry,
  severity: ReadonlyMap<string, Severity>,
): FileReport {
  if (!mayHoldSecret(bytes)) return { documents: countDocuments(bytes), findings: [], problems: [] };
  const { text, lossy } = decodeFile(bytes);
  const manifest = scan(text);
  const lines = new LineIndex(text);
  const problems = manifest.documents.flatMap((document) =>
    document.problems.map(({ offset, message }) => ({
      path: path(),
      line: lines.positionAt(offset).line,
      message,
    })),
  );
  if (lossy)
    problems.push({
      path: path(),
      line: 1,
      message: 'some bytes are not valid text; the rest was looked at',
    });
  const findings = audit(manifest, registry).findings.flatMap((finding) => {
    const level = severity.get(finding.rule) ?? finding.level;
    return level === 'off' ? [] : [reported(finding, path(), lines, level)];
  });
  return { documents: manifest.documents.length, findings, problems };
}

/**
 * Whether a file is worth decoding: it holds the word, a backslash that may spell it, or is no UTF-8 text. Four files in a
 * hundred do, so this decides how long a scan takes.
 */
function mayHoldSecret(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  const mark = first === 0xff || first === 0xfe;
  return (
    mark ||
    bytes.byteLength > fileSizeLimit ||
    holds(bytes, 'Secret') ||
    bytes.includes(0x5c) ||
    bytes.includes(0)
  );
}

function holds(bytes: Uint8Array, word: string): boolean {
  return bufferOf(bytes).includes(word, 0, 'latin1');
}

/** How many documents there are, told from the bytes: markers below the first line begin one each. */
function countDocuments(bytes: Uint8Array): number {
  const buffer = bufferOf(bytes);
  let count = 1;
  for (const marker of ['\n---', '\n...']) {
    for (let at = buffer.indexOf(marker); at !== -1; at = buffer.indexOf(marker, at + 1)) {
      const after = buffer[at + 4];
      if (after === undefined || after <= 0x20) count++;
    }
  }
  return count;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
