import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import { NodeFiles } from './node-files.ts';

/** Files for a program that does nothing else meanwhile: thousands of questions to the disk are quicker asked at once. */
export class BlockingFiles extends NodeFiles {
  /** The dotfiles of folders that were listed anyway: whether a policy stands there need not be asked again. */
  readonly #dotfiles = new Map<string, ReadonlySet<string>>();

  /** Takes note of what is in a folder. */
  listed(folder: string, names: readonly string[]): void {
    this.#dotfiles.set(folder, new Set(names.filter((name) => name[0] === '.')));
  }

  override async exists(path: string): Promise<boolean> {
    const start = path.lastIndexOf(sep) + 1;
    const known = path[start] === '.' ? this.#dotfiles.get(path.slice(0, start - 1)) : undefined;
    return known?.has(path.slice(start)) ?? existsSync(path);
  }
}
