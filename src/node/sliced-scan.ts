import { setImmediate } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import type { FoundFile, RepositoryScan } from '../app/repository-scan.ts';
import type { FileReport } from '../app/scan-file.ts';
import { type FoundInFile, foundInFile, isWorthKeeping, type ScanRoot } from '../app/workspace-scan.ts';
import type { BlockingFiles } from './blocking-files.ts';
import { leftOutOf, onTheWayTo } from './left-out.ts';
import { walk } from './walk.ts';

/** How long it works before it looks whether it is to stop, in milliseconds. */
const slice = 20;
/** How long what was found waits for more, in milliseconds. */
const toldAfter = 100;
/** How much is told at once, in findings: what listens must not be kept from other work for long. */
const toldAtMost = 100;

/**
 * Looks through files in slices between which other work has its turn. Tells what it found soon, and returns early when
 * it is to stop.
 */
export async function scanInSlices(
  files: Iterable<FoundFile> | AsyncIterable<FoundFile>,
  repository: RepositoryScan,
  tell: (found: readonly FoundInFile[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const telling = new Telling(tell);
  let began = performance.now();
  for await (const file of files) {
    const found = foundInFile(file.path, await lookSafely(file, repository));
    if (isWorthKeeping(found)) telling.add(found);
    if (performance.now() - began < slice) continue;
    telling.tellIfDue();
    await setImmediate();
    if (signal.aborted) return;
    began = performance.now();
  }
  telling.tellAll();
}

/** A mistake of ours in one file must not hide what is in all others. */
async function lookSafely(file: FoundFile, repository: RepositoryScan): Promise<FileReport | undefined> {
  try {
    return await repository.look(file);
  } catch (error) {
    const name = error instanceof Error ? error.name : l10n.t('an unknown error');
    const message = l10n.t(
      'a mistake in Purser kept it from being looked into ({0}); please report it',
      name,
    );
    return repository.look({ path: file.path, problem: message, read: () => file.read() });
  }
}

/** The files of open folders that are looked into. */
export function* filesOnDisk(
  roots: readonly ScanRoot[],
  paths: readonly string[] | undefined,
  files: BlockingFiles,
): Iterable<FoundFile> {
  const isWanted = paths === undefined ? () => true : onTheWayTo(paths);
  const listed = (folder: string, names: readonly string[]) => files.listed(folder, names);
  for (const root of roots) {
    const isExcluded = leftOutOf(root);
    const isLeftOut = (path: string) => !isWanted(path) || isExcluded(path);
    for (const found of walk(root.folder, listed, isLeftOut))
      yield { ...found, read: () => files.readNow(found.path) };
  }
}

/** Collects what was found until there is enough of it, or for a while. */
class Telling {
  readonly #tell: (found: readonly FoundInFile[]) => void;
  #waiting: FoundInFile[] = [];
  #weight = 0;
  /** What comes first is told at once. */
  #last = 0;

  constructor(tell: (found: readonly FoundInFile[]) => void) {
    this.#tell = tell;
  }

  add(found: FoundInFile): void {
    this.#waiting.push(found);
    this.#weight += 1 + found.findings.length;
    if (this.#weight >= toldAtMost) this.tellAll();
  }

  tellIfDue(): void {
    if (performance.now() - this.#last > toldAfter) this.tellAll();
  }

  tellAll(): void {
    if (this.#waiting.length > 0) this.#tell(this.#waiting);
    this.#waiting = [];
    this.#weight = 0;
    this.#last = performance.now();
  }
}
