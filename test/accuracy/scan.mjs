import { execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { root } from '../host/pack.mjs';
import { pathOf } from './score.mjs';

/** @import { Case } from './corpus.mjs' */
/** @import { Reported } from './score.mjs' */

/**
 * Writes every case into a folder of its own, in a git repository: scanning asks git what is tracked.
 *
 * @param {string} folder
 * @param {readonly Case[]} cases
 */
export async function materialise(folder, cases) {
  for (const corpusCase of cases) {
    for (const file of corpusCase.files) {
      const path = join(folder, pathOf(corpusCase, file));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, encode(file.text, corpusCase.flags));
    }
  }
  for (const args of [
    ['init', '--quiet'],
    ['add', '--all'],
  ])
    await promisify(execFile)('git', args, { cwd: folder });
}

/** @param {string} text @param {readonly string[]} flags */
function encode(text, flags) {
  const ended = flags.includes('no-final-newline') ? text.trimEnd() : text;
  const lines = flags.includes('crlf') ? ended.replaceAll('\n', '\r\n') : ended;
  if (flags.includes('utf-8-bom')) return Buffer.from(`\ufeff${lines}`);
  if (flags.includes('utf-16le')) return Buffer.from(`\ufeff${lines}`, 'utf16le');
  if (flags.includes('utf-16be')) return Buffer.from(`\ufeff${lines}`, 'utf16le').swap16();
  return Buffer.from(lines);
}

/**
 * What the command line, built from the sources as they stand, reports on a folder.
 *
 * @param {string} folder
 * @param {string} buildFolder
 * @returns {Promise<{ findings: Reported[], problems: number }>}
 */
export async function scanWithPurser(folder, buildFolder) {
  await build({
    entryPoints: [join(root, 'src', 'cli.ts')],
    outdir: buildFolder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: 'const require = (id) => process.getBuiltinModule(id);' },
    logLevel: 'error',
  });
  await writeFile(join(buildFolder, 'package.json'), '{"type":"module"}');
  const { code, stdout, stderr } = await run(
    process.execPath,
    [join(buildFolder, 'cli.js'), 'scan', '--format', 'json', '.'],
    folder,
  );
  if ((code !== 0 && code !== 1) || stdout === '')
    throw new Error(`purser scan ended with ${code}: ${stderr.slice(0, 2000)}`);
  const { findings, problems } = JSON.parse(stdout);
  return {
    findings: findings.map((/** @type {any} */ { path, rule, level, range }) => ({
      path,
      rule,
      level,
      line: range.start.line,
    })),
    problems: problems.length,
  };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export async function run(command, args, cwd) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = async (/** @type {import('node:stream').Readable} */ stream) =>
    Buffer.concat(await stream.toArray()).toString('utf8');
  const closed = new Promise((/** @type {(code: number | null) => void} */ resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([read(child.stdout), read(child.stderr), closed]);
  return { code, stdout, stderr };
}
