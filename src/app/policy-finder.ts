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

/** A policy file as it was read. */
interface PolicyFile {
  readonly file: string;
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

/** What holds for all files of a folder. */
interface Site {
  readonly root: string;
  readonly file: string | undefined;
  /** Whether the folders below have the same root, unless git begins anew there. */
  readonly inherited: boolean;
}

interface Memory {
  readonly files: Map<string, Promise<PolicyFile>>;
  readonly sites: Map<string, Promise<Site>>;
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
    return new PolicyFinder(this.#files, this.#fallbackRoot, { files: new Map(), sites: new Map() });
  }

  /** What policy says of a file. A policy that cannot be read is an answer with a problem. */
  async find(path: string): Promise<PolicyAnswer> {
    const answer = await this.findPolicy(path);
    if (answer.file !== undefined) return answer;
    return { ...answer, sopsFile: await this.#matchingSopsFile(path, answer.root) };
  }

  /** As `find`, without looking for a `.sops.yaml`: all that finding needs to know. */
  async findPolicy(path: string): Promise<PolicyAnswer> {
    const { root, file } = await this.#site(path);
    const none = { policy: undefined, problems: [], rule: undefined, ignored: false, sopsFile: undefined };
    if (file === undefined) return { root, base: root, file, ...none };
    const base = this.#files.parent(file);
    const relative = this.#files.relative(base, path);
    const { policy, problems } = await this.#read(file);
    const rule = ruleFor(policy, relative);
    return {
      root,
      base,
      file,
      policy,
      problems,
      rule,
      ignored: isIgnored(policy, relative),
      sopsFile: undefined,
    };
  }

  #site(path: string): Promise<Site> {
    const folder = this.#files.parent(path);
    const site = this.#memory?.sites.get(folder) ?? this.#findSite(path, folder);
    this.#memory?.sites.set(folder, site);
    return site;
  }

  /** A folder with neither git nor a policy of its own is like the one above it, where that one was looked into. */
  async #findSite(path: string, folder: string): Promise<Site> {
    const above = await this.#memory?.sites.get(this.#files.parent(folder));
    if (above?.inherited === true && !(await this.#has(folder, '.git'))) {
      const own = await this.#has(folder, '.purser.yaml');
      return own ? { ...above, file: this.#files.join(folder, '.purser.yaml') } : above;
    }
    const root = await this.#rootOf(path);
    const inherited = (await this.#has(root, '.git')) || this.#files.contains(this.#fallbackRoot(path), path);
    return { root, file: await this.#nearest(path, root, '.purser.yaml'), inherited };
  }

  #has(folder: string, name: string): Promise<boolean> {
    return this.#files.exists(this.#files.join(folder, name));
  }

  #read(file: string): Promise<PolicyFile> {
    const read = this.#memory?.files.get(file) ?? readPolicyFile(file, this.#files);
    this.#memory?.files.set(file, read);
    return read;
  }

  async #rootOf(path: string): Promise<string> {
    for (const folder of this.#upwards(path)) {
      if (await this.#files.exists(this.#files.join(folder, '.git'))) return folder;
    }
    const fallback = this.#fallbackRoot(path);
    return this.#files.contains(fallback, path) ? fallback : this.#files.parent(path);
  }

  async #nearest(path: string, root: string, name: string): Promise<string | undefined> {
    for (const folder of this.#upwards(path)) {
      const file = this.#files.join(folder, name);
      if (await this.#files.exists(file)) return file;
      if (folder === root) return undefined;
    }
    return undefined;
  }

  *#upwards(path: string): Iterable<string> {
    let folder = this.#files.parent(path);
    for (;;) {
      yield folder;
      const above = this.#files.parent(folder);
      if (above === folder) return;
      folder = above;
    }
  }

  /** A `.sops.yaml` that cannot be read may cover the file: then no other scheme is taken in its stead. */
  async #matchingSopsFile(path: string, root: string): Promise<string | undefined> {
    const file = await this.#nearest(path, root, '.sops.yaml');
    if (file === undefined) return undefined;
    const text = await readText(file, this.#files);
    if (text instanceof Failure) return file;
    const { sopsRuleMatches } = await import('../policy/sops-rules.ts');
    const relative = this.#files.relative(this.#files.parent(file), path);
    return (await sopsRuleMatches(text, relative)) ? file : undefined;
  }
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
