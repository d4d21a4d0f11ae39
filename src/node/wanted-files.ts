import { basename, dirname, join } from 'node:path';
import type { PolicyFinder } from '../app/policy-finder.ts';
import { isLookedAt } from '../audit/looked-at.ts';

export const policyName = '.purser.yaml';

/** Which folders a policy stands in or above: told without reading any, and for most repositories it is none. */
export class GovernedFolders {
  readonly #isThere: (path: string) => boolean;
  readonly #known = new Map<string, boolean>();

  /** @param isThere whether there is a file of this absolute path */
  constructor(isThere: (path: string) => boolean) {
    this.#isThere = isThere;
  }

  has(folder: string): boolean {
    const passed: string[] = [];
    let at = folder;
    let governed = this.#known.get(at);
    while (governed === undefined) {
      passed.push(at);
      const above = dirname(at);
      if (this.#isThere(join(at, policyName))) governed = true;
      else governed = above === at ? false : this.#known.get(above);
      at = above;
    }
    for (const one of passed) this.#known.set(one, governed);
    return governed;
  }
}

/** Which files an audit looks into: by their names, or because policy wants them sealed as a whole. */
export class WantedFiles {
  readonly #policies: PolicyFinder;
  readonly #governed: GovernedFolders;

  /** @param isThere whether there is a file of this absolute path, where `policies` looks for them */
  constructor(policies: PolicyFinder, isThere: (path: string) => boolean) {
    this.#policies = policies.remembering();
    this.#governed = new GovernedFolders(isThere);
  }

  /** At once where no policy is about a file, as in most repositories. */
  has(path: string): boolean | Promise<boolean> {
    return isLookedAt(basename(path)) || (this.#governed.has(dirname(path)) && this.#isWhole(path));
  }

  async #isWhole(path: string): Promise<boolean> {
    const { rule } = await this.#policies.findPolicy(path);
    return rule?.whole === true;
  }
}
