import type { Level } from '../audit/finding.ts';
import type { SealedKubeconfig } from './clusters/kubeconfig-source.ts';
import type { FluxReport } from './flux-report.ts';
import type { SealedTo } from './keys/sealed-to.ts';
import type { FileReport, FoundElsewhere, ReportedFinding, ReportedProblem } from './scan-file.ts';
import type { SealedToken } from './sealed-token.ts';

/** A folder that is open in the editor. Paths are absolute. */
export interface ScanRoot {
  readonly folder: string;
  /** Globs relative to the folder; what they match is left out, with everything below. */
  readonly exclude: readonly string[];
}

/** What to look through. */
export type ScanOrder =
  /** The folders, or only these files and folders in them. */
  | {
      readonly of: 'disk';
      readonly roots: readonly ScanRoot[];
      readonly paths: readonly string[] | undefined;
    }
  /** What a commit in this work tree would add or change. */
  | { readonly of: 'index'; readonly repository: string };

/** How many findings are about plaintext, by level. */
export interface PlaintextCount {
  readonly errors: number;
  readonly others: number;
}

/** What was found in a file on disk, as much of it as is shown. */
export interface FoundInFile {
  /** Absolute. */
  readonly path: string;
  /** The first findings; `total` counts all of them. */
  readonly findings: readonly ReportedFinding[];
  readonly total: number;
  readonly plaintext: PlaintextCount;
  readonly sealed: boolean;
  readonly problems: readonly ReportedProblem[];
  readonly tokens: readonly SealedToken[];
  /** What was found in other files that this one makes Secrets of. */
  readonly elsewhere: readonly FoundElsewhere[];
  /** The kubeconfigs that stand encrypted in it. */
  readonly kubeconfigs: readonly SealedKubeconfig[];
  /** Which keys its values are sealed to, as they say. */
  readonly sealedTo: readonly SealedTo[];
  /** What it adds to what Flux applies. */
  readonly flux: FluxReport | undefined;
}

/** Looks through files somewhere where it disturbs nobody. */
export interface WorkspaceScanner {
  /**
   * Tells in slices of which files there is something to say. Ends early, and in silence, when aborted.
   */
  scan(order: ScanOrder, signal: AbortSignal, found: (files: readonly FoundInFile[]) => void): Promise<void>;
  dispose(): void;
}

/** The folders above a path, the nearest first. */
export function* foldersAbove(path: string): Iterable<string> {
  for (let end = path.length - 1; end > 0; end--) {
    if (path[end] === '/' || path[end] === '\\') yield path.slice(0, end);
  }
}

/** Whether a path is one of these, or stands below one. */
export function isAtOrBelow(path: string, ends: ReadonlySet<string>): boolean {
  if (ends.has(path)) return true;
  for (const folder of foldersAbove(path)) if (ends.has(folder)) return true;
  return false;
}

/** The editor shows 1,000 findings a file: the last of them says how many more there are. */
export const shownAtMost = 999;

/** A report cut down to what is shown. */
export function foundInFile(path: string, report: FileReport | undefined): FoundInFile {
  const { findings = [], sealed = false, problems = [], tokens = [], elsewhere = [] } = report ?? {};
  return {
    path,
    findings: findings.slice(0, shownAtMost),
    total: findings.length,
    plaintext: countPlaintext(findings),
    sealed,
    problems: problems.slice(0, shownAtMost),
    tokens,
    elsewhere,
    kubeconfigs: report?.kubeconfigs ?? [],
    sealedTo: report?.sealedTo ?? [],
    flux: report?.flux,
  };
}

/** Whether there is anything to say of a file. */
export function isWorthTelling({
  total,
  sealed,
  problems,
  elsewhere,
}: Pick<FoundInFile, 'total' | 'sealed' | 'problems' | 'elsewhere'>): boolean {
  return total > 0 || sealed || problems.length > 0 || elsewhere.length > 0;
}

/** Whether anything of a file is needed, be it for what is found elsewhere. */
export function isWorthKeeping(
  file: Parameters<typeof isWorthTelling>[0] & Pick<FoundInFile, 'flux'>,
): boolean {
  return isWorthTelling(file) || file.flux !== undefined;
}

/** Whether a rule's findings say that a secret can be read in the file. */
export function isAboutPlaintext(rule: string): boolean {
  return (
    rule.startsWith('plaintext-') ||
    rule === 'unencrypted-by-policy' ||
    rule === 'private-key-in-repo' ||
    rule === 'at-rest/sample-key' ||
    rule === 'secret-generator-literal'
  );
}

export function countPlaintext(
  findings: readonly { readonly rule: string; readonly level: Level }[],
): PlaintextCount {
  let errors = 0;
  let others = 0;
  for (const { rule, level } of findings) {
    if (!isAboutPlaintext(rule)) continue;
    if (level === 'error') errors++;
    else others++;
  }
  return { errors, others };
}
