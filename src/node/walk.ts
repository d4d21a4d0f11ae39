import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold no manifests of this repository. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const manifestName = /\.(?:ya?ml|json)$/i;

export interface Found {
  readonly path: string;
  /** Why it was not looked into, where it was not. */
  readonly problem: string | undefined;
}

/**
 * The manifests below a path, in order of name; a path that is a file is taken whatever it is called. Symbolic links
 * below it are not followed, so no circle and nothing outside is entered.
 */
export async function* walk(path: string): AsyncGenerator<Found> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) yield { path, problem: 'there is no such file' };
  else if (facts.isDirectory()) yield* walkFolder(path);
  else yield { path, problem: undefined };
}

async function* walkFolder(folder: string): AsyncGenerator<Found> {
  const entries = [];
  try {
    for await (const entry of await opendir(folder)) entries.push(entry);
  } catch {
    yield { path: folder, problem: 'the folder cannot be read' };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* walkFolder(path);
    else if (entry.isFile() && manifestName.test(entry.name)) yield { path, problem: undefined };
  }
}
