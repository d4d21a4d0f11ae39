import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Failure } from '../../core/errors.ts';
import { unwritable } from '../node-files.ts';

/** The command line where no update reaches it, and what its files must be when it is run. */
export interface CopiedProgram {
  readonly folder: string;
  /** SHA-256 in hex, by name below the folder. */
  readonly digests: ReadonlyMap<string, string>;
}

/** What hooks run, below the folder of the copy. */
export const programName = 'cli.js';

/** Relative files that built code names: its other parts. */
const part = /["'](\.{1,2}\/[\w./-]+\.js)["']/g;

/**
 * Copies a built command line with all its parts into a folder below `into` that is named by their content, so that no
 * later version changes what is there. Throws `file.unreadable`, `file.unwritable`.
 */
export async function copyProgram(program: string, into: string): Promise<CopiedProgram> {
  const files = await partsOf(program);
  // Node takes a .js file for a module where the package around it says so.
  files.set('package.json', Buffer.from('{"type":"module"}\n'));
  const digests = new Map([...files].map(([name, content]) => [name, sha256(content)]));
  const folder = join(into, sha256(Buffer.from(JSON.stringify([...digests]))).slice(0, 32));
  if (!(await isIntact(folder, digests)))
    await write(folder, files).catch((error: unknown) => {
      throw unwritable(folder, error);
    });
  return { folder, digests };
}

/** The program and what it imports from beside it, by `/`-separated name; the program itself is called `cli.js`. */
async function partsOf(program: string): Promise<Map<string, Buffer>> {
  const base = dirname(program);
  const files = new Map<string, Buffer>();
  const todo = [program.slice(base.length + 1)];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const content = await readFile(join(base, name)).catch(() => undefined);
    if (content === undefined && files.size > 0) continue;
    if (content === undefined)
      throw new Failure('file.unreadable', { reason: 'there is no such file' }, { path: program });
    files.set(files.size === 0 ? programName : name, content);
    for (const [, found = ''] of content.toString('utf8').matchAll(part)) {
      const other = posix.join(posix.dirname(name), found);
      if (!other.startsWith('..') && !files.has(other) && !todo.includes(other)) todo.push(other);
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function isIntact(folder: string, digests: ReadonlyMap<string, string>): Promise<boolean> {
  for (const [name, digest] of digests) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content === undefined || sha256(content) !== digest) return false;
  }
  return true;
}

/** Beside its place first: a hook that runs meanwhile finds the old folder or the new one. */
async function write(folder: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const sibling = `${folder}.${crypto.randomUUID()}`;
  try {
    for (const [name, content] of files) {
      const path = join(sibling, name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(path, content, { mode: 0o600 });
    }
    await rm(folder, { recursive: true, force: true });
    await rename(sibling, folder);
  } finally {
    await rm(sibling, { recursive: true, force: true });
  }
}
