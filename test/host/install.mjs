import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { findChromium } from './chromium.mjs';
import { progress, run } from './process.mjs';

const CODE_SERVER = '4.139.1';

/** Builds of Node 24 that npm carries, by platform and architecture. There is none for every one. */
const NODE_PACKAGES = new Map([
  ['linux-x64', '24.11.0'],
  ['linux-arm64', '24.22.0'],
  ['darwin-x64', '24.18.1'],
]);

/**
 * VS Code's server, installed.
 *
 * @typedef {object} ServerProgram
 * @property {string} node the Node 24 that runs it (Node 20 lacks `module.registerHooks`)
 * @property {string} server VS Code's own `server-main.js`
 */

/**
 * A VS Code that can be started and looked at on this computer.
 *
 * @typedef {ServerProgram & { chromium: string }} Editor
 */

/** Why there is none, in one sentence. @typedef {{ missing: string }} Missing */

/**
 * VS Code 1.139 (as npm's `code-server` carries it), its Node and a Chromium, installed into the cache where they are
 * not there yet. About 40 seconds cold, milliseconds warm.
 *
 * @returns {Promise<Editor | Missing>}
 */
export async function ensureEditor() {
  const program = await ensureServerProgram();
  if ('missing' in program) return program;
  const chromium = await findChromium();
  return typeof chromium === 'string' ? { ...program, chromium } : chromium;
}

/**
 * The same without a browser.
 *
 * @returns {Promise<ServerProgram | Missing>}
 */
export async function ensureServerProgram() {
  try {
    const node = await ensureNode();
    return typeof node === 'string' ? { node, server: await ensureServer(node) } : node;
  } catch (error) {
    return { missing: `VS Code cannot be installed: ${causeOf(error)}` };
  }
}

/** @returns {Promise<string | Missing>} */
async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const host = `${process.platform}-${process.arch}`;
  const version = NODE_PACKAGES.get(host);
  if (version === undefined)
    return { missing: `npm has no Node 24 for ${host}; run this with Node 24 or newer` };
  const inside = join('node_modules', `node-${host}`, 'bin', 'node');
  const folder = await cached(`node-${version}-${host}`, async (partial) => {
    progress(`installing Node ${version} (once)`);
    await writeFile(join(partial, 'package.json'), '{"private":true}\n');
    await npmInstall(partial, [`node-${host}@${version}`]);
    await run(join(partial, inside), ['--version']);
  });
  return join(folder, inside);
}

/** @param {string} node */
async function ensureServer(node) {
  const vscode = join('node_modules', 'code-server', 'lib', 'vscode');
  const folder = await cached(
    `code-server-${CODE_SERVER}-${process.platform}-${process.arch}`,
    async (partial) => {
      progress(`installing VS Code from code-server ${CODE_SERVER} (once, 600 MB)`);
      await writeFile(join(partial, 'package.json'), '{"private":true}\n');
      await npmInstall(partial, [`code-server@${CODE_SERVER}`]);
      await npmInstall(join(partial, vscode), ['--omit=dev']);
      await npmInstall(join(partial, vscode, 'extensions'), ['--omit=dev']);
      await run(node, [join(partial, vscode, 'out', 'server-main.js'), '--version']);
    },
  );
  return join(folder, vscode, 'out', 'server-main.js');
}

/**
 * Native modules are left unbuilt: only log files and the terminal need them.
 *
 * @param {string} cwd
 * @param {string[]} args
 */
async function npmInstall(cwd, args) {
  const quick = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...quick, ...args], { cwd });
}

/** The line of npm's report that names the cause. @param {unknown} error */
function causeOf(error) {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n');
  return (lines.find((line) => /npm error (?!code|syscall|errno)/.test(line)) ?? lines[0] ?? '').slice(
    0,
    300,
  );
}
