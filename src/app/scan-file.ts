import * as l10n from '@vscode/l10n';
import { type Audited, audit } from '../audit/audit.ts';
import { type AuditedFile, appliedPolicy } from '../audit/audited-file.ts';
import type { Finding, Level, ObjectIdentity } from '../audit/finding.ts';
import { auditKeyFile } from '../audit/key-file.ts';
import { isKeyFileName, isManifestName, isSealedKubeconfigName, saysKubeconfig } from '../audit/looked-at.ts';
import { makesOneToken } from '../audit/whole-file.ts';
import { isWorthReading } from '../audit/worth-reading.ts';
import { Failure } from '../core/errors.ts';
import { LineIndex, type Position } from '../core/span.ts';
import { decodeFile, type FileText, fileSizeLimit, textOf } from '../manifest/file-text.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import { scan } from '../manifest/scan.ts';
import type { Severity } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { SealedKubeconfig } from './clusters/kubeconfig-source.ts';
import { sealedKubeconfigs } from './clusters/sealed-kubeconfigs.ts';
import type { FluxReport } from './flux-report.ts';
import { isOrHoldsCiphertext } from './is-sealed.ts';
import { type SealedTo, sealedTo } from './keys/sealed-to.ts';
import { type SealedToken, sealedTokens } from './sealed-token.ts';

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
  /** How many bytes were looked through. */
  readonly bytes: number;
  readonly documents: number;
  readonly findings: readonly ReportedFinding[];
  readonly problems: readonly ReportedProblem[];
  /** Whether it holds ciphertext of ours. */
  readonly sealed: boolean;
  /** What was found in other files that this one makes Secrets of. */
  readonly elsewhere: readonly FoundElsewhere[];
  /** What it holds of ciphertexts that could stand anywhere, for finding copies across files. */
  readonly tokens: readonly SealedToken[];
  /** The kubeconfigs that stand encrypted in it. */
  readonly kubeconfigs: readonly SealedKubeconfig[];
  /** Which keys its values are sealed to, as they say. */
  readonly sealedTo: readonly SealedTo[];
  /** What it adds to what Flux applies, where that is anything, for finding what Flux cannot decrypt. */
  readonly flux: FluxReport | undefined;
}

/** Findings in a file that another one points to. */
export interface FoundElsewhere {
  /** Absolute. */
  readonly path: string;
  readonly findings: readonly ReportedFinding[];
}

/** A file to be looked through, and what the repository says about it. */
export interface ScannedFile extends AuditedFile {
  /** How reports call it; asked only where there is something to report. */
  readonly path: () => string;
  readonly severity: ReadonlyMap<string, Severity>;
}

/** A file that was looked through, before anything is reported of it. */
export interface LookedThrough {
  readonly file: ScannedFile;
  readonly lossy: boolean;
  readonly bytes: number;
  readonly lines: LineIndex;
  readonly manifest: Manifest;
  readonly audited: Audited;
}

/** Whether there may be anything to find in a file at all. Most files need not even be decoded to tell. */
export function isConcerned(file: ScannedFile, bytes: Uint8Array): boolean {
  if (bytes.byteLength > fileSizeLimit || isKeyFile(file)) return true;
  if (file.policy?.rule?.whole === true) return true;
  if (isSealedKubeconfigName(file.name)) return textOf(bytes) !== undefined;
  return isWorthReading(bytes, file.name) || saysKubeconfig(file.name);
}

/** A file in which there is nothing to find. */
export function emptyReport(bytes: Uint8Array): FileReport {
  return { ...nothing, bytes: bytes.byteLength, documents: countDocuments(bytes) };
}

/** Whether a file is looked through for keys only; one that policy wants sealed as a whole is not. */
export function isKeyFile({ name, policy }: AuditedFile): boolean {
  return isKeyFileName(name) && !isManifestName(name) && policy?.rule?.whole !== true;
}

/** Binary files are none: keyrings and encrypted files have the names of keys too. */
export function reportKeyFile(file: ScannedFile, bytes: Uint8Array): FileReport {
  const text = textOf(bytes);
  if (text === undefined) return emptyReport(bytes);
  const findings = reportFindings(auditKeyFile(text, file.name), file, new LineIndex(text));
  return { ...nothing, bytes: bytes.byteLength, documents: 1, findings };
}

/** Throws `file.too-large` and `file.not-text`. */
export function lookThrough(file: ScannedFile, bytes: Uint8Array, registry: SchemeRegistry): LookedThrough {
  const { text, lossy } = decoded(file, bytes);
  const manifest = scan(text);
  const audited = audit(manifest, registry, file);
  return { file, lossy, bytes: bytes.byteLength, lines: new LineIndex(text), manifest, audited };
}

/** What is to be one token may hold anything. Of bytes that are no text, any text tells that they are none. */
function decoded({ policy }: ScannedFile, bytes: Uint8Array): Pick<FileText, 'text' | 'lossy'> {
  try {
    return decodeFile(bytes);
  } catch (error) {
    const applied = appliedPolicy(policy);
    const whole = applied !== undefined && makesOneToken(applied);
    if (!whole || !Failure.is(error, 'file.not-text')) throw error;
    return { text: '\0', lossy: false };
  }
}

/** The same file, with something more known about it. */
export function lookAgain(
  looked: LookedThrough,
  policy: AuditedFile['policy'],
  registry: SchemeRegistry,
): LookedThrough {
  const file = { ...looked.file, policy };
  return { ...looked, file, audited: audit(looked.manifest, registry, file) };
}

export function report(looked: LookedThrough, registry: SchemeRegistry): FileReport {
  const { file, audited, lines, manifest, bytes } = looked;
  const tokens = sealedTokens(audited, file, lines, registry);
  const kubeconfigs = sealedKubeconfigs(audited, file.path, registry);
  return {
    bytes,
    documents: manifest.documents.length,
    findings: reportFindings(audited.findings, file, lines),
    problems: problemsOf(looked),
    sealed: isOrHoldsCiphertext(audited, registry) || kubeconfigs.length > 0,
    elsewhere: [],
    tokens,
    kubeconfigs,
    sealedTo: sealedTo(audited, lines, registry),
    flux: undefined,
  };
}

/** Findings as scripts read them, with the level that policy gives their rules. */
export function reportFindings(
  findings: readonly Finding[],
  { path, severity }: Pick<ScannedFile, 'path' | 'severity'>,
  lines: LineIndex,
): readonly ReportedFinding[] {
  return findings.flatMap((finding) => {
    const level = severity.get(finding.rule) ?? finding.level;
    return level === 'off' ? [] : [reported(finding, path(), lines, level)];
  });
}

function problemsOf({ manifest, lossy, file, lines }: LookedThrough): readonly ReportedProblem[] {
  const problems: ReportedProblem[] = [];
  for (const document of manifest.documents) problems.push(...reportProblems(document.problems, file, lines));
  if (lossy) problems.push({ path: file.path(), line: 1, message: someBytes() });
  return problems;
}

export function reportProblems(
  problems: readonly Problem[],
  { path }: Pick<ScannedFile, 'path'>,
  lines: LineIndex,
): readonly ReportedProblem[] {
  return problems.map(({ offset, message }) => ({
    path: path(),
    line: lines.positionAt(offset).line,
    message,
  }));
}

/** What is reported of a file in which there is nothing. */
export const nothing: FileReport = Object.freeze({
  bytes: 0,
  documents: 0,
  findings: [],
  problems: [],
  sealed: false,
  elsewhere: [],
  tokens: [],
  kubeconfigs: [],
  sealedTo: [],
  flux: undefined,
});

function someBytes(): string {
  return l10n.t('some bytes are not valid text; the rest was looked at');
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
  const { object, entry } = finding.place;
  return {
    rule: finding.rule,
    level,
    path,
    range: { start: lines.positionAt(finding.span.start), end: lines.positionAt(finding.span.end) },
    message: finding.message,
    object: object && statedParts(object),
    entry,
  };
}

/** As much as an object says of itself. */
export function statedParts({
  apiVersion,
  kind,
  namespace,
  name,
}: ObjectIdentity): ReportedFinding['object'] {
  const parts = Object.entries({ apiVersion, kind, namespace, name }).flatMap(([part, value]) =>
    value === undefined ? [] : [[part, value]],
  );
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}
