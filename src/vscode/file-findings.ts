import { Position, Range, type TextDocument, Uri } from 'vscode';
import type { SealedKubeconfig } from '../app/clusters/kubeconfig-source.ts';
import type { FluxReport } from '../app/flux-report.ts';
import type { SealedTo } from '../app/keys/sealed-to.ts';
import type { FoundElsewhere, ReportedFinding, ReportedProblem } from '../app/scan-file.ts';
import type { SealedToken } from '../app/sealed-token.ts';
import { countPlaintext, type FoundInFile, type PlaintextCount, shownAtMost } from '../app/workspace-scan.ts';
import type { Finding, Level } from '../audit/finding.ts';

/** A finding as the editor shows it. */
export interface ShownFinding {
  readonly rule: string;
  readonly level: Level;
  readonly range: Range;
  readonly message: string;
  /** `stringData.password`, where it is about one value. */
  readonly entry: string | undefined;
}

/** What is known of one file. */
export interface FileFindings {
  readonly uri: Uri;
  /** The first ones, in the order of the text. */
  readonly shown: readonly ShownFinding[];
  /** How many there are, those not shown included. */
  readonly total: number;
  /** How many of them are about plaintext, by level. */
  readonly plaintext: PlaintextCount;
  /** Whether there is ciphertext in the file. */
  readonly sealed: boolean;
  readonly problems: readonly ReportedProblem[];
  /** Ciphertexts that could stand anywhere, for finding copies across files. */
  readonly tokens: () => readonly SealedToken[];
  /** Which keys its values are sealed to, as they say. */
  readonly sealedTo: () => readonly SealedTo[];
  /** What was found in other files that this one makes Secrets of. */
  readonly elsewhere: readonly FoundElsewhere[];
  /** The kubeconfigs that stand encrypted in the file on disk. */
  readonly kubeconfigs: readonly SealedKubeconfig[];
  /** What the file on disk adds to what Flux applies. */
  readonly flux: FluxReport | undefined;
}

/** Whether it is about an entry of a Secret, which a command can seal. */
export function isSealable({ rule, entry }: Pick<ShownFinding, 'rule' | 'entry'>): boolean {
  return entry !== undefined && (rule === 'plaintext-secret' || rule === 'unencrypted-by-policy');
}

/** Whether there may be a comment above what a finding is about, as far as can be told without trying. */
export function mayTakeComment({ languageId }: TextDocument, { place }: Finding): boolean {
  return (languageId === 'yaml' || languageId === 'helm') && place.located?.entry.flow !== true;
}

/** Whether it is about a file that is to be sealed as a whole. */
export function isAboutFile({ rule, entry }: Pick<ShownFinding, 'rule' | 'entry'>): boolean {
  return entry === undefined && rule === 'unencrypted-by-policy';
}

/** How many values of a file stand in plaintext. */
export function plaintextIn({ plaintext }: FileFindings): number {
  return plaintext.errors + plaintext.others;
}

export function nothingFound(uri: Uri): FileFindings {
  const plaintext = { errors: 0, others: 0 };
  return {
    uri,
    shown: [],
    total: 0,
    plaintext,
    sealed: false,
    problems: [],
    tokens: () => [],
    sealedTo: () => [],
    elsewhere: [],
    kubeconfigs: [],
    flux: undefined,
  };
}

/** What the scan found in a file on disk; policy's levels are in it already. */
export function findingsOnDisk({ path, findings, tokens, sealedTo, ...found }: FoundInFile): FileFindings {
  const [uri, shown] = [Uri.file(path), findings.map(shownFromReport)];
  return { ...found, uri, shown, tokens: () => tokens, sealedTo: () => sealedTo };
}

/** The same file with findings that only a look across files can make. */
export function withMore(file: FileFindings, more: readonly ReportedFinding[]): FileFindings {
  if (more.length === 0) return file;
  const shown = [...file.shown, ...more.map(shownFromReport)]
    .toSorted((a, b) => a.range.start.compareTo(b.range.start))
    .slice(0, shownAtMost);
  const { errors, others } = countPlaintext(more);
  const plaintext = { errors: file.plaintext.errors + errors, others: file.plaintext.others + others };
  return { ...file, shown, total: file.total + more.length, plaintext };
}

function shownFromReport({ rule, level, message, range, entry }: ReportedFinding): ShownFinding {
  const { start, end } = range;
  return { rule, level, message, range: new Range(positionOf(start), positionOf(end)), entry };
}

/** Reports count from 1, the editor from 0. */
function positionOf({ line, column }: ReportedFinding['range']['start']): Position {
  return new Position(line - 1, column - 1);
}
