import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that hold no manifests of this repository. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const manifestName = /\.(?:ya?ml|json)$/i;

export const noSuchFile = 'there is no such file';

export interface Found {
  readonly path: string;
  /** Why it was not looked into, where it was not. */
  readonly problem: string | undefined;
}

/**
 * The manifests below a path, in order of name; a path that is a file is taken whatever it is called. Symbolic links
 * below it are not followed, so no circle and nothing outside is entered.
 */
export function* walk(path: string): Generator<Found> {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) yield { path, problem: noSuchFile };
  else if (facts.isDirectory()) yield* walkFolder(path);
  else yield { path, problem: undefined };
}

function* walkFolder(folder: string): Generator<Found> {
  const entries = entriesOf(folder);
  if (entries === undefined) yield { path: folder, problem: 'the folder cannot be read' };
  for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* walkFolder(path);
    else if (entry.isFile() && manifestName.test(entry.name)) yield { path, problem: undefined };
  }
}

function entriesOf(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}
