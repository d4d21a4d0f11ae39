import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../host/pack.mjs';

/** @import { Metafile } from 'esbuild' */

/**
 * Builds as for a release and returns esbuild's account of it. The same sources give the same files, names included, so
 * it speaks for a package made of them too.
 *
 * @returns {Promise<Metafile>}
 */
export async function readBundle() {
  await promisify(execFile)(process.execPath, ['esbuild.mjs', '--production', '--metafile'], { cwd: root });
  return JSON.parse(await readFile(join(root, 'dist', 'meta.json'), 'utf8'));
}

/**
 * The built files that are loaded with this one before any of its code runs: itself and what it imports statically.
 *
 * @param {Metafile} metafile
 * @param {string} entry such as `dist/extension.js`
 * @returns {string[]}
 */
export function loadedWith(metafile, entry) {
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { path: imported, kind, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) loaded.add(imported);
    }
  }
  return [...loaded];
}

/**
 * The npm packages whose code is in these built files.
 *
 * @param {Metafile} metafile
 * @param {readonly string[]} outputs
 * @returns {string[]} sorted
 */
export function packagesIn(metafile, outputs) {
  const inputs = outputs.flatMap((path) =>
    Object.entries(metafile.outputs[path]?.inputs ?? {}).flatMap(([input, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [input] : [],
    ),
  );
  const names = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(names)].sort();
}
