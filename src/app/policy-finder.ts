import { utf8 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import { isIgnored, type Policy, type PolicyProblem, type PolicyRule, ruleFor } from '../policy/policy.ts';
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

/** Finds the policy for files: the nearest `.purser.yaml` upwards applies, alone. */
export class PolicyFinder {
  readonly #files: Files;
  /** Where the search stops outside git: the workspace folder, or the working directory. */
  readonly #fallbackRoot: (path: string) => string;

  constructor(files: Files, fallbackRoot: (path: string) => string) {
    this.#files = files;
    this.#fallbackRoot = fallbackRoot;
  }

  async find(path: string): Promise<PolicyAnswer> {
    const root = await this.#rootOf(path);
    const file = await this.#nearest(path, root, '.purser.yaml');
    if (file === undefined) {
      const sopsFile = await this.#matchingSopsFile(path, root);
      return {
        root,
        base: root,
        file,
        policy: undefined,
        problems: [],
        rule: undefined,
        ignored: false,
        sopsFile,
      };
    }
    const base = this.#files.parent(file);
    const relative = this.#files.relative(base, path);
    const { policy, problems } = await this.#read(file);
    return {
      root,
      base,
      file,
      policy,
      problems,
      rule: ruleFor(policy, relative),
      ignored: isIgnored(policy, relative),
      sopsFile: undefined,
    };
  }

  async #read(file: string) {
    const text = utf8(await this.#files.read(file));
    if (text === undefined)
      throw new Failure('policy.invalid', { reason: 'it is not UTF-8' }, { path: file, line: 1 });
    const { readPolicy } = await import('../policy/read-policy.ts');
    return readPolicy(text);
  }

  async #rootOf(path: string): Promise<string> {
    for (const folder of this.#upwards(path)) {
      if (await this.#files.exists(this.#files.join(folder, '.git'))) return folder;
    }
    const fallback = this.#fallbackRoot(path);
    return this.#files.relative(fallback, path).startsWith('..') ? this.#files.parent(path) : fallback;
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

  async #matchingSopsFile(path: string, root: string): Promise<string | undefined> {
    const file = await this.#nearest(path, root, '.sops.yaml');
    if (file === undefined) return undefined;
    const text = utf8(await this.#files.read(file));
    const { sopsRuleMatches } = await import('../policy/sops-rules.ts');
    const relative = this.#files.relative(this.#files.parent(file), path);
    return text !== undefined && (await sopsRuleMatches(text, relative)) ? file : undefined;
  }
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
