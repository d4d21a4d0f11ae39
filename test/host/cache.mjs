import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const PARTIAL = 'partial-';
const STALE_MS = 60 * 60 * 1000;

/** The folder for everything the tests install or build once: `PURSER_CACHE`, else `purser-dev` in the user's cache folder. */
export function cacheFolder() {
  return (
    process.env['PURSER_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'purser-dev')
  );
}

/**
 * The folder `name` in the cache, made by `fill` if it is not there yet.
 *
 * `fill` works in a sibling that is renamed when it has returned, so an interrupted install never counts, and of two
 * processes that install at once the second takes what the first has made. Nothing in it may hold its own absolute path.
 *
 * @param {string} name folder name, with the version in it
 * @param {(folder: string) => Promise<void>} fill
 * @returns {Promise<string>} the absolute path
 */
export async function cached(name, fill) {
  const target = join(cacheFolder(), name);
  if (await exists(target)) return target;
  await mkdir(cacheFolder(), { recursive: true });
  await removeStale();
  const partial = join(cacheFolder(), `${PARTIAL}${name}-${randomBytes(4).toString('hex')}`);
  await mkdir(partial);
  try {
    await fill(partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

/** @param {string} path */
export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * A new folder under the system's temporary one, and the function that removes it.
 *
 * @returns {Promise<{ path: string, remove: () => Promise<void> }>}
 */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'purser-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** Removes what installs that were killed have left behind. */
async function removeStale() {
  for (const name of await readdir(cacheFolder())) {
    const path = join(cacheFolder(), name);
    if (!name.startsWith(PARTIAL)) continue;
    // Another process may finish, and rename, while this one looks.
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS)
      await rm(path, { recursive: true, force: true });
  }
}
