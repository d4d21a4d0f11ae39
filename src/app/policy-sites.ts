import type { Files } from './ports.ts';

/** What stands in a folder or nearest above it, no further up than where git begins. */
export interface PolicySite {
  /** The folder with `.git`. */
  readonly gitRoot: string | undefined;
  /** The `.purser.yaml`. */
  readonly purser: string | undefined;
  /** The `.sops.yaml`. */
  readonly sops: string | undefined;
}

const nowhere: PolicySite = Object.freeze({ gitRoot: undefined, purser: undefined, sops: undefined });

/** Looks upwards from folders for what decides about their files; into each folder once. */
export class PolicySites {
  readonly #files: Files;
  readonly #known = new Map<string, Promise<PolicySite>>();

  constructor(files: Files) {
    this.#files = files;
  }

  of(folder: string): Promise<PolicySite> {
    const site = this.#known.get(folder) ?? this.#look(folder);
    this.#known.set(folder, site);
    return site;
  }

  /** A folder with nothing of its own is like the one above it. */
  async #look(folder: string): Promise<PolicySite> {
    const purser = await this.#own(folder, '.purser.yaml');
    const sops = await this.#own(folder, '.sops.yaml');
    if (await this.#files.exists(this.#files.join(folder, '.git'))) return { gitRoot: folder, purser, sops };
    const parent = this.#files.parent(folder);
    const above = parent === folder ? nowhere : await this.of(parent);
    if (purser === undefined && sops === undefined) return above;
    return { gitRoot: above.gitRoot, purser: purser ?? above.purser, sops: sops ?? above.sops };
  }

  async #own(folder: string, name: string): Promise<string | undefined> {
    const file = this.#files.join(folder, name);
    return (await this.#files.exists(file)) ? file : undefined;
  }
}
