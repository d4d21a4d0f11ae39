import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../host/cache.mjs';
import { packVsix, root } from '../host/pack.mjs';
import { loadedWith, packagesIn, readBundle } from '../package/bundle.mjs';
import { atMost, percentile, shown } from './measure.mjs';

/** @import { Row } from './measure.mjs' */

const ROUNDS = 15;
const KILOBYTE = 1024;

/**
 * Importing the built extension and running `activate()`, each time in a fresh process, with a `vscode` that does nothing;
 * and how much it is.
 *
 * @returns {Promise<Row[]>}
 */
export async function activation() {
  const bundle = await readBundle();
  const files = loadedWith(bundle, 'dist/extension.js');
  const bytes = files.reduce((sum, path) => sum + (bundle.outputs[path]?.bytes ?? 0), 0);
  const { size } = await stat(await packVsix());
  const packages = packagesIn(bundle, files);
  const temporary = await temporaryFolder();
  try {
    const script = await stage(temporary.path, files);
    const { extension, nothing } = await times(script);
    return [
      atMost('import and activate(), p50', percentile(extension, 0.5), 12, ' ms'),
      shown('importing an empty module, p50', `${percentile(nothing, 0.5).toFixed(1)} ms`),
      {
        what: 'npm packages loaded by it',
        figure: packages.join(', ') || 'none',
        budget: '@vscode/l10n',
        ok: packages.join() === '@vscode/l10n',
      },
      atMost(`loaded by it (${files.length} files)`, bytes / KILOBYTE, 150, ' KB'),
      atMost('the packed extension', size / KILOBYTE, 1024, ' KB'),
    ];
  } finally {
    await temporary.remove();
  }
}

/**
 * Puts the built extension beside a `vscode` package, where Node finds it.
 *
 * @param {string} folder
 * @param {readonly string[]} files those that will be loaded
 * @returns {Promise<string>} the script that times an activation
 */
export async function stage(folder, files) {
  const vscode = join(folder, 'node_modules', 'vscode');
  await mkdir(vscode, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'empty.js'), 'export function activate() {}\n');
  await writeFile(join(vscode, 'package.json'), '{"type":"module","exports":"./index.js"}');
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  const code = await Promise.all(files.map((path) => readFile(join(root, path), 'utf8')));
  const names = new Set(code.flatMap(namesFromVscode));
  const stub = await readFile(fileURLToPath(new URL('vscode-stub.mjs', import.meta.url)), 'utf8');
  const exports = [...names].map((name) => `export const ${name} = anything();\n`).join('');
  await writeFile(join(vscode, 'index.js'), `${stub}\n${exports}`);
  await cp(fileURLToPath(new URL('activate.mjs', import.meta.url)), join(folder, 'activate.js'));
  return join(folder, 'activate.js');
}

/** @param {string} code a built file @returns {string[]} */
function namesFromVscode(code) {
  return [...code.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']vscode["']/g)].flatMap((match) =>
    (match[1] ?? '').split(',').map((part) => part.trim().split(/\s+as\s+/)[0] ?? ''),
  );
}

/** @param {string} script @returns {Promise<{ extension: number[], nothing: number[] }>} milliseconds */
async function times(script) {
  /** @type {{ extension: number[], nothing: number[] }} */
  const all = { extension: [], nothing: [] };
  for (let round = 0; round < ROUNDS; round++) {
    all.extension.push(await timeOf(script, './dist/extension.js'));
    all.nothing.push(await timeOf(script, './empty.js'));
  }
  return all;
}

/** @param {string} script @param {string} module */
async function timeOf(script, module) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, module]);
  return Number(stdout);
}
