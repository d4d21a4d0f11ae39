import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** Published vectors are read where they lie: `PURSER_VECTORS`, else `../shared/vectors` beside the repository. */
const folder =
  process.env['PURSER_VECTORS'] ?? fileURLToPath(new URL('../../../shared/vectors', import.meta.url));

/** A `describe` that is skipped, and says why, where the folder of published vectors is not there. */
export function describeVectors(name: string, subfolder: string, body: () => void): void {
  const there = vectorPath(subfolder) !== undefined;
  describe.skipIf(!there)(there ? name : `${name} (no vectors: set PURSER_VECTORS)`, body);
}

/** One file's text; ask only inside `describeVectors`' tests. */
export function readVector(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Where a file or a folder of them is; undefined where it is not. */
export function vectorPath(path: string): string | undefined {
  return existsSync(join(folder, path)) ? join(folder, path) : undefined;
}

/** One file's rows, for tables of tests: none where the folder is not there. */
export function vectorRows<T>(path: string, parse: (text: string) => T[] = JSON.parse): T[] {
  return vectorPath(path) === undefined ? [] : parse(readVector(path));
}
