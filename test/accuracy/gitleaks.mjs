import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../host/cache.mjs';
import { run } from './scan.mjs';
import { ANY_RULE } from './score.mjs';

/** @import { Reported } from './score.mjs' */
/** @typedef {{ File: string, StartLine: number, EndLine: number, Secret: string }} Leak as gitleaks writes it */

/** Where `npm run peers` puts it. */
export const gitleaks = join(
  cacheFolder(),
  'peers',
  'bin',
  process.platform === 'win32' ? 'gitleaks.exe' : 'gitleaks',
);

/**
 * What gitleaks reports on a folder: at most one finding a line, since it reports base64 and what it decodes to.
 *
 * @param {string} folder
 * @param {string} report a file to write
 * @param {readonly string[]} options
 * @returns {Promise<Reported[]>}
 */
export async function scanWithGitleaks(folder, report, options = []) {
  const args = [
    'dir',
    '.',
    '--no-banner',
    '--exit-code',
    '0',
    '--report-format',
    'json',
    '--report-path',
    report,
  ];
  const { code, stderr } = await run(gitleaks, [...args, ...options], folder);
  if (code !== 0) throw new Error(`gitleaks ended with ${code}: ${stderr.slice(0, 400)}`);
  /** @type {Map<string, Reported>} */
  const found = new Map();
  for (const leak of JSON.parse(await readFile(report, 'utf8'))) {
    const path = leak.File.replaceAll('\\', '/');
    const line = await lineOf(join(folder, leak.File), leak);
    found.set(`${path}:${line}`, { path, rule: ANY_RULE, level: 'error', line });
  }
  return [...found.values()];
}

/** What its Kubernetes rule matches goes over many lines; the value stands on one. @param {string} path @param {Leak} leak */
async function lineOf(path, { StartLine, EndLine, Secret }) {
  const [first = ''] = Secret.split('\n');
  const lines = (await readFile(path, 'utf8')).split('\n').slice(StartLine - 1, EndLine);
  const at = lines.findIndex((line) => line.includes(first.trim()));
  return at === -1 ? EndLine : StartLine + at;
}
