import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { sep } from 'node:path';

/** Folders that hold no manifests of this repository. */
const skipped: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const manifestName = /\.(?:ya?ml|json)$/i;

export const noSuchFile = 'there is no such file';

export interface Found {
  readonly path: string;
  /** Why it was not looked into, where it was not. */
  readonly problem: string | undefined;
}

type Listed = (folder: string, names: readonly string[]) => void;

/**
 * The manifests below a path, in order of name; a path that is a file is taken whatever it is called. Symbolic links
 * below it are not followed, so no circle and nothing outside is entered. `listed` is told what is in each folder
 * before anything of it is found.
 */
export function* walk(path: string, listed: Listed = () => undefined): Generator<Found> {
  const facts = factsOf(path);
  if (facts === undefined) yield { path, problem: noSuchFile };
  else if (facts.isDirectory()) yield* walkFolder(path, listed);
  else yield { path, problem: undefined };
}

/** Undefined for what is not there, a path through a file and a circle of links included. */
function factsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function* walkFolder(folder: string, listed: Listed): Generator<Found> {
  const entries = entriesOf(folder);
  if (entries !== undefined)
    listed(
      folder,
      entries.map(({ name }) => name),
    );
  if (entries === undefined) yield { path: folder, problem: 'the folder cannot be read' };
  for (const entry of (entries ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // What `join` would normalise is normal already, and it is done for every file.
    const path = `${folder}${folder.endsWith(sep) ? '' : sep}${entry.name}`;
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* walkFolder(path, listed);
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
