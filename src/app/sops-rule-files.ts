import type { SopsCreationRule } from '../policy/sops-rule.ts';
import type { MatchingRule } from '../policy/sops-rules.ts';

/** The files of which one creation rule is the first that matches. */
export interface RuleFiles {
  readonly count: number;
  /** How many of them hold ciphertext. */
  readonly sealed: number;
  /** The first few. */
  readonly first: readonly string[];
  /** Whether its pattern matches any file, be it one that a rule before it takes. */
  readonly matchesAny: boolean;
}

export interface FilesByRule {
  readonly byRule: ReadonlyMap<SopsCreationRule, RuleFiles>;
  /** Whether every file was looked at in time. */
  readonly complete: boolean;
}

/** What a look over the files of a folder goes by. */
export interface FileTally {
  /** Relative to the folder of the `.sops.yaml`, with `/`. */
  readonly paths: readonly string[];
  readonly isSealed: (path: string) => boolean;
  /** Gives other work its turn. */
  readonly turn: () => Promise<unknown>;
  readonly signal: AbortSignal;
}

/** How many files of a rule are told by name. */
const named = 3;
/** In milliseconds: how long it works before other work has its turn, and in all. */
const slice = 8;
const patience = 1000;

/** Tells which files come to which creation rule. Patterns come from the repository, so it takes its time in slices. */
export async function filesByRule(rules: readonly MatchingRule[], tally: FileTally): Promise<FilesByRule> {
  const counted = new Map(rules.map((rule) => [rule, new CountedFiles()]));
  const paths = underThisOne(tally.paths);
  const end = performance.now() + patience;
  let began = performance.now();
  for (const path of paths) {
    countFile(path, counted, tally.isSealed);
    if (performance.now() - began < slice) continue;
    await tally.turn();
    began = performance.now();
    if (tally.signal.aborted || began > end) return { byRule: counted, complete: false };
  }
  return { byRule: counted, complete: true };
}

class CountedFiles implements RuleFiles {
  count = 0;
  sealed = 0;
  first: string[] = [];
  matchesAny = false;

  add(path: string, isSealed: boolean): void {
    this.count++;
    if (isSealed) this.sealed++;
    if (this.first.length < named) this.first.push(path);
  }
}

function countFile(
  path: string,
  counted: ReadonlyMap<MatchingRule, CountedFiles>,
  isSealed: (path: string) => boolean,
): void {
  let taken = false;
  for (const [rule, files] of counted) {
    // Which rule comes first is all that a file tells of those whose patterns are known to match some.
    if (taken && files.matchesAny) continue;
    if (!rule.matches(path)) continue;
    files.matchesAny = true;
    if (!taken) files.add(path, isSealed(path));
    taken = true;
  }
}

const configName = '.sops.yaml';

/** Files with a nearer `.sops.yaml` are that one's. */
function underThisOne(paths: readonly string[]): readonly string[] {
  const nearer = new Set(
    paths.filter((path) => path.endsWith(`/${configName}`)).map((path) => path.slice(0, -configName.length)),
  );
  const isOurs = (path: string) => {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
      if (nearer.has(path.slice(0, at + 1))) return false;
    return path !== configName;
  };
  return paths.filter(isOurs);
}
