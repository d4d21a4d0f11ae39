import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached } from './cache.mjs';
import { progress, run } from './process.mjs';

/** The root of this repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Folders that cannot change what is in the package. */
const OUTSIDE = new Set(['.git', '.cache', 'node_modules', 'dist', 'test', 'coverage', 'examples']);

/**
 * Builds `dist/`.
 *
 * @param {{ production?: boolean }} [options]
 */
export async function build({ production = false } = {}) {
  await run(process.execPath, ['esbuild.mjs', ...(production ? ['--production'] : [])], { cwd: root });
}

/**
 * The packed extension. It is kept in the cache under a hash of the sources, so a second test file, or a second run over
 * the same sources, packs nothing. `PURSER_VSIX` names one to use instead, such as the file of a release.
 *
 * @returns {Promise<string>} the path of the `.vsix`
 */
export async function packVsix() {
  if (process.env['PURSER_VSIX'] !== undefined) return process.env['PURSER_VSIX'];
  const folder = await cached(`vsix-${await sourcesHash()}`, async (partial) => {
    progress('building and packing the extension');
    await build({ production: true });
    await pack(root, join(partial, 'purser.vsix'));
  });
  return join(folder, 'purser.vsix');
}

/**
 * Packs the extension in `folder`, which must be built already.
 *
 * @param {string} folder
 * @param {string} output the `.vsix` to write
 */
export async function pack(folder, output) {
  const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  // Links of the README stay relative: there is no public address yet that they could be made to begin with.
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  await run(process.execPath, [vsce, 'package', ...flags, '-o', output], { cwd: folder });
}

async function sourcesHash() {
  const hash = createHash('sha256');
  for (const path of await sources(root))
    hash
      .update(path)
      .update('\0')
      .update(await readFile(path))
      .update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} folder @returns {Promise<string[]>} every file below it, sorted */
async function sources(folder) {
  /** @type {string[]} */
  const files = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (OUTSIDE.has(entry.name) || entry.name.endsWith('.vsix')) continue;
    if (entry.isDirectory()) files.push(...(await sources(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
