import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import {
  emptyPolicy,
  isIgnored,
  type Policy,
  type PolicyProblem,
  type PolicyRule,
  ruleFor,
} from '../policy/policy.ts';
import type { SopsConfig, SopsRules } from '../policy/sops-rules.ts';
import { PolicySites } from './policy-sites.ts';
import type { Files } from './ports.ts';

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
}

const noPolicy = Object.freeze({
  file: undefined,
  policy: undefined,
  problems: [],
  rule: undefined,
  ignored: false,
  sopsFile: undefined,
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
  /** What was found, where one look over many files goes on. */
  readonly #memory: Memory | undefined;

  constructor(files: Files, fallbackRoot: (path: string) => string, memory?: Memory) {
    this.#files = files;
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
    if (answer.file !== undefined) return answer;
    return { ...answer, sopsFile: await this.#matchingSopsFile(path) };
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
      return { root, base, ...read, rule, ignored: isIgnored(policy, relative), sopsFile: undefined };
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
    const config = this.#memory?.sopsFiles.get(file) ?? readSopsFile(file, this.#files);
    this.#memory?.sopsFiles.set(file, config);
    return { file, ...(await config), path: this.#files.relative(this.#files.parent(file), path) };
  }

  /** A `.sops.yaml` that cannot be read may cover the file: then no other scheme is taken in its stead. */
  async #matchingSopsFile(path: string): Promise<string | undefined> {
    const answer = await this.findSops(path);
    const free = answer?.rules !== undefined && answer.rules.ruleFor(answer.path) === undefined;
    return free ? undefined : answer?.file;
  }
}

async function readSopsFile(file: string, files: Files): Promise<SopsConfig> {
  const text = await readText(file, files);
  if (text instanceof Failure) return { rules: undefined, problems: [{ line: 1, message: reasonOf(text) }] };
  const { SopsRules } = await import('../policy/sops-rules.ts');
  return SopsRules.read(text);
}

/** Parsing YAML takes seconds a megabyte, and these files come from the repository: no honest one comes near it. */
const policySizeLimit = 256 * 1024;

async function readPolicyFile(file: string, files: Files): Promise<PolicyFile> {
  const text = await readText(file, files);
  if (text instanceof Failure)
    return { file, policy: emptyPolicy, problems: [{ line: 1, message: reasonOf(text) }] };
  const { readPolicy } = await import('../policy/read-policy.ts');
  return { file, ...readPolicy(text) };
}

async function readText(file: string, files: Files): Promise<string | Failure> {
  try {
    const bytes = await files.read(file);
    if (bytes.byteLength > policySizeLimit)
      return new Failure('file.too-large', { bytes: bytes.byteLength, limit: policySizeLimit });
    return utf8(bytes) ?? new Failure('file.not-text', { reason: 'it is not UTF-8' });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function reasonOf(failure: Failure): string {
  return 'reason' in failure.details ? failure.details.reason : 'it is far too large';
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
