import { Failure } from '../core/errors.ts';
import {
  emptyPolicy,
  isIgnored,
  type Policy,
  type PolicyProblem,
  type PolicyRule,
  ruleFor,
} from '../policy/policy.ts';
import type { SopsCreationRule } from '../policy/sops-rule.ts';
import type { SopsConfig, SopsRules } from '../policy/sops-rules.ts';
import { PolicySites } from './policy-sites.ts';
import { readPolicyText } from './policy-text.ts';
import type { Files } from './ports.ts';
import { SopsFiles } from './sops-files.ts';

/** What a repository's policy says of one file. */
export interface PolicyAnswer {
  /** The git root, else the fallback folder: what "inside the repository" means. */
  readonly root: string;
  /** The folder of the policy that applies, or the root where there is none: key paths are relative to it. */
  readonly base: string;
  /** The `.purser.yaml` that applies. */
  readonly file: string | undefined;
  readonly policy: Policy | undefined;
  readonly problems: readonly PolicyProblem[];
  readonly rule: PolicyRule | undefined;
  readonly ignored: boolean;
  /** A `.sops.yaml` whose rule matches, where no `.purser.yaml` applies. */
  readonly sopsFile: string | undefined;
  /**
   * What the nearest `.sops.yaml` says of the file, whatever a `.purser.yaml` says; undefined where there is none, and where
   * it was not looked for.
   */
  readonly sops: SopsPolicy | undefined;
}

/** What a `.sops.yaml` says of one file: to whom it is sealed by SOPS, and which of its values. */
export interface SopsPolicy {
  /** The `.sops.yaml`. */
  readonly file: string;
  /** The same relative to the root, with `/`. */
  readonly shown: string;
  /** The first creation rule that matches; undefined where none does, and where the file cannot be read. */
  readonly rule: SopsCreationRule | undefined;
  /** What is wrong with the `.sops.yaml`: with one of these it must not be sealed by. */
  readonly problems: readonly PolicyProblem[];
}

const noPolicy = Object.freeze({
  file: undefined,
  policy: undefined,
  problems: [],
  rule: undefined,
  ignored: false,
  sopsFile: undefined,
  sops: undefined,
});

/** A policy file as it was read. */
interface PolicyFile {
  readonly file: string;
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

interface Memory {
  readonly sites: PolicySites;
  readonly files: Map<string, Promise<PolicyFile>>;
  readonly sopsFiles: Map<string, Promise<SopsConfig>>;
}

/** What holds for all files of a folder. */
interface Site {
  readonly root: string;
  readonly purser: string | undefined;
  readonly sops: string | undefined;
}

/** The creation rules of SOPS that stand nearest above a file. */
export interface SopsAnswer {
  /** The `.sops.yaml`. */
  readonly file: string;
  /** Undefined where they cannot be read, and so may mean anything. */
  readonly rules: SopsRules | undefined;
  readonly problems: readonly PolicyProblem[];
  /** The file that was asked for, as their patterns see it. */
  readonly path: string;
}

/** What policy says in one folder. */
export interface FolderPolicy {
  /** No policy is about its files, of ours or of SOPS. */
  readonly isFree: boolean;
  /** What `findPolicy` says of a file in it. */
  readonly answer: (path: string) => PolicyAnswer;
}

/** Finds the policy for files: the nearest `.purser.yaml` upwards applies, alone. */
export class PolicyFinder {
  readonly #files: Files;
  /** Where the search stops outside git: the workspace folder, or the working directory. */
  readonly #fallbackRoot: (path: string) => string;
  readonly #sopsFiles: SopsFiles;
  /** What was found, where one look over many files goes on. */
  readonly #memory: Memory | undefined;

  constructor(files: Files, fallbackRoot: (path: string) => string, memory?: Memory) {
    this.#files = files;
    this.#sopsFiles = new SopsFiles(files);
    this.#fallbackRoot = fallbackRoot;
    this.#memory = memory;
  }

  /** The same finder for one look over many files: it looks into each folder and reads each policy once. */
  remembering(): PolicyFinder {
    return new PolicyFinder(this.#files, this.#fallbackRoot, {
      sites: new PolicySites(this.#files),
      files: new Map(),
      sopsFiles: new Map(),
    });
  }

  /** What policy says of a file. A policy that cannot be read is an answer with a problem. */
  async find(path: string): Promise<PolicyAnswer> {
    const answer = await this.findPolicy(path);
    const found = await this.findSops(path);
    if (found === undefined) return answer;
    const { file, rules, problems } = found;
    const rule = rules?.ruleFor(found.path);
    const sops = { file, shown: this.#files.relative(answer.root, file), rule, problems };
    // One that cannot be read may cover the file: then no other scheme is taken in its stead.
    const covers = rule !== undefined || rules === undefined;
    return { ...answer, sops, sopsFile: answer.file === undefined && covers ? file : undefined };
  }

  /** As `find`, without looking for a `.sops.yaml`: all that finding needs to know. */
  async findPolicy(path: string): Promise<PolicyAnswer> {
    return (await this.ofFolder(path)).answer(path);
  }

  /** What holds for this file and for every other one of its folder, for a look over many files. */
  async ofFolder(path: string): Promise<FolderPolicy> {
    const { root, purser: file, sops } = await this.#site(path);
    const none = { ...noPolicy, root, base: root };
    if (file === undefined) return { isFree: sops === undefined, answer: () => none };
    const base = this.#files.parent(file);
    const read = await this.#read(file);
    const answer = (one: string) => {
      const relative = this.#files.relative(base, one);
      const { policy } = read;
      const rule = ruleFor(policy, relative);
      return { ...none, base, ...read, rule, ignored: isIgnored(policy, relative) };
    };
    return { isFree: false, answer };
  }

  /** Outside git, what stands above the fallback root does not count. */
  async #site(path: string): Promise<Site> {
    const folder = this.#files.parent(path);
    const { gitRoot, purser, sops } = await (this.#memory?.sites ?? new PolicySites(this.#files)).of(folder);
    if (gitRoot !== undefined) return { root: gitRoot, purser, sops };
    const fallback = this.#fallbackRoot(path);
    const root = this.#files.contains(fallback, path) ? fallback : folder;
    const inside = (file: string | undefined) =>
      file !== undefined && this.#files.contains(root, file) ? file : undefined;
    return { root, purser: inside(purser), sops: inside(sops) };
  }

  #read(file: string): Promise<PolicyFile> {
    const read = this.#memory?.files.get(file) ?? readPolicyFile(file, this.#files);
    this.#memory?.files.set(file, read);
    return read;
  }

  /** The creation rules of SOPS that count for a file. */
  async findSops(path: string): Promise<SopsAnswer | undefined> {
    const { sops: file } = await this.#site(path);
    if (file === undefined) return undefined;
    const config = this.#memory?.sopsFiles.get(file) ?? this.#sopsFiles.read(file);
    this.#memory?.sopsFiles.set(file, config);
    return { file, ...(await config), path: this.#files.relative(this.#files.parent(file), path) };
  }
}

async function readPolicyFile(file: string, files: Files): Promise<PolicyFile> {
  const read = await readPolicyText(file, files);
  if (typeof read !== 'string') return { file, policy: emptyPolicy, problems: [read] };
  const { readPolicy } = await import('../policy/read-policy.ts');
  return { file, ...readPolicy(read) };
}

/** Refuses to go on with a policy that has problems: sealing by a rule that may mean something else is no good. */
export function requireValid(answer: PolicyAnswer): void {
  const [problem] = answer.problems;
  if (problem === undefined) return;
  throw new Failure(
    'policy.invalid',
    { reason: problem.message },
    { path: answer.file ?? '', line: problem.line },
  );
}
